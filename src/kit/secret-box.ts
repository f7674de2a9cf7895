import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { Secret } from "./secret.ts";

/** `v1.<key id>.<base64url of 12-byte nonce, ciphertext and 16-byte tag>`: what is stored of a secret. */
export type SealedSecret = string;

/** Where a secret belongs. A ciphertext that is moved elsewhere does not open. */
export interface SecretPlace {
  /** Id of the thing that the secret is of. */
  readonly ownerId: string;
  /** Name of its field, e.g. `password`. */
  readonly field: string;
}

/** The ciphertext was made for another place, with a key that is not configured, or was altered. */
export class SecretUnreadable extends Error {
  override readonly name = "SecretUnreadable";
}

interface Key {
  readonly id: string;
  readonly bytes: Buffer;
}

/** AES-256-GCM under the first key; every key opens. The place is authenticated with it (AAD). */
export class SecretBox {
  readonly #keys: readonly Key[];

  /** @param keys 32 bytes each, at least one */
  constructor(keys: readonly Buffer[]) {
    if (keys.length === 0 || keys.some((key) => key.length !== 32)) {
      throw new RangeError("An encryption key must be 32 bytes, and there must be one at least.");
    }
    this.#keys = keys.map((bytes) => ({
      id: createHash("sha256").update("tenantry key id").update(bytes).digest("hex").slice(0, 8),
      bytes,
    }));
  }

  seal(secret: Secret, place: SecretPlace): SealedSecret {
    const key = this.#first();
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce).setAAD(aad(place));
    const body = Buffer.concat([nonce, cipher.update(secret.reveal(), "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `v1.${key.id}.${body.toString("base64url")}`;
  }

  /** @throws SecretUnreadable */
  open(sealed: SealedSecret, place: SecretPlace): Secret {
    const [version, keyId, body] = sealed.split(".");
    const key = this.#keys.find(({ id }) => id === keyId);
    if (version !== "v1" || !key || !body)
      throw new SecretUnreadable("The secret was sealed with a key that is not configured.");
    const bytes = Buffer.from(body, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", key.bytes, bytes.subarray(0, 12), { authTagLength: 16 })
        .setAAD(aad(place))
        .setAuthTag(bytes.subarray(-16));
      return new Secret(Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString("utf8"));
    } catch (cause) {
      throw new SecretUnreadable("The secret was altered or belongs elsewhere.", { cause });
    }
  }

  /** The id of the key that seals. It tells nothing of the key. */
  get currentKeyId(): string {
    return this.#first().id;
  }

  /** Whether the key is configured, so that it opens what was sealed with it. */
  knows(keyId: string): boolean {
    return this.#keys.some(({ id }) => id === keyId);
  }

  /** Whether it was sealed with the key that seals now. */
  isCurrent(sealed: SealedSecret): boolean {
    return keyIdOf(sealed) === this.#first().id;
  }

  #first(): Key {
    const [first] = this.#keys;
    if (!first) throw new RangeError("There is no encryption key.");
    return first;
  }
}

/** The id of the key that it was sealed with. */
export function keyIdOf(sealed: SealedSecret): string {
  return sealed.split(".")[1] ?? "";
}

function aad(place: SecretPlace): Buffer {
  return Buffer.from(JSON.stringify([place.ownerId, place.field]), "utf8");
}
