import { readFileSync } from "node:fs";
import { DomainError } from "./domain-error.ts";

/** How TLS is used: not at all, without looking at the certificate, or with certificate (and name) verified. */
export type TlsMode = "DISABLED" | "REQUIRED" | "VERIFY_CA" | "VERIFY_IDENTITY";

/** What a database's URL says of TLS. */
export interface Tls {
  readonly tls: TlsMode;
  /** PEM; the machine's own certificates otherwise. */
  readonly ca?: string | undefined;
}

/** What a URL says of TLS is not understood; the message repeats no secret. */
export class TlsInvalid extends DomainError {
  readonly code = "SERVER_URL_INVALID";
}

const modes: ReadonlyMap<string, TlsMode> = new Map([
  ["DISABLED", "DISABLED"],
  ["REQUIRED", "REQUIRED"],
  ["VERIFY_CA", "VERIFY_CA"],
  ["VERIFY_IDENTITY", "VERIFY_IDENTITY"],
]);

/** Reads `ssl-mode` and `ssl-ca`, called as in the clients of MySQL; without them there is no TLS. @throws TlsInvalid */
export function tlsIn(parameters: URLSearchParams): Tls {
  const wanted = parameters.get("ssl-mode");
  const caPath = parameters.get("ssl-ca");
  const tls = wanted === null ? (caPath === null ? "DISABLED" : "VERIFY_CA") : modes.get(wanted.toUpperCase());
  if (!tls) throw new TlsInvalid(`ssl-mode must be one of ${[...modes.keys()].join(", ")}.`);
  return caPath === null ? { tls } : { tls, ca: readCertificate(caPath) };
}

/** The same as mysql2 takes it as `ssl`. @returns undefined for no TLS */
export function sslOptions({ tls, ca }: Tls) {
  if (tls === "DISABLED") return undefined;
  return {
    rejectUnauthorized: tls !== "REQUIRED",
    verifyIdentity: tls === "VERIFY_IDENTITY",
    ...(ca === undefined ? {} : { ca }),
  };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new TlsInvalid("The file that ssl-ca names cannot be read.", { cause });
  }
}
