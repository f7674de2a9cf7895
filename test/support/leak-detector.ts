/** Shorter texts are found by chance. */
const shortestPart = 16;

/** Finds secrets in text, also encoded, quoted or cut. */
export class LeakDetector {
  readonly #needles: readonly (readonly [needle: string, what: string])[];

  /** @param secrets what each is called, and the secret: 16 characters at least, so that no find is chance */
  constructor(secrets: ReadonlyMap<string, string>) {
    this.#needles = [...secrets].flatMap(([name, secret]) => {
      if (secret.length < shortestPart) throw new RangeError(`${name} is too short to be looked for.`);
      return [...formsOf(secret)].map(([form, text]) => [text, `${name} (${form})`] as const);
    });
  }

  /** @returns which secrets are in the text, each with where it was found and some of what is before it */
  leaksIn(place: string, text: string): readonly string[] {
    return this.#needles.flatMap(([needle, what]) => {
      const at = text.indexOf(needle);
      return at < 0 ? [] : [`${what} in ${place}, after: ${JSON.stringify(text.slice(Math.max(0, at - 60), at))}`];
    });
  }
}

/** A secret as it could be written down. A long part of it is as good as the whole. */
function* formsOf(secret: string): Generator<readonly [form: string, text: string]> {
  yield ["plain", secret.slice(0, shortestPart)];
  yield ["its end", secret.slice(-shortestPart)];
  const bytes = Buffer.from(secret, "utf8");
  for (const encoding of ["base64", "base64url"] as const) {
    // Within a longer text a base64 text looks different by where it begins; what its neighbours change is left out.
    for (const shift of [0, 1, 2]) {
      const text = Buffer.concat([Buffer.alloc(shift), bytes])
        .toString(encoding)
        .replaceAll("=", "");
      yield [`${encoding} at ${shift}`, text.slice(shift === 0 ? 0 : 4, -4)];
    }
  }
  yield ["hex", bytes.toString("hex")];
  yield ["HEX", bytes.toString("hex").toUpperCase()];
  const coded = encodeURIComponent(secret);
  if (coded !== secret) yield ["of a URL", coded];
  const quoted = JSON.stringify(secret).slice(1, -1);
  if (quoted !== secret) yield ["JSON", quoted];
  // Key material is given as base64: its bytes could be written down as such.
  if (/^[A-Za-z0-9+/]{43}=$/.test(secret)) {
    const raw = Buffer.from(secret, "base64");
    yield ["bytes as hex", raw.toString("hex")];
    yield ["bytes as base64url", raw.toString("base64url")];
  }
}
