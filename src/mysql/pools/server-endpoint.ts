import { readFileSync } from "node:fs";
import { isIPv6 } from "node:net";
import { DomainError } from "../../kit/domain-error.ts";
import { Secret } from "../../kit/secret.ts";

/** The URL of a server is not one that we understand; the message repeats no secret. */
export class ServerUrlInvalid extends DomainError {
  readonly code = "SERVER_URL_INVALID";
}

/** How TLS is used: not at all, without looking at the certificate, or with certificate (and name) verified. */
export type TlsMode = "DISABLED" | "REQUIRED" | "VERIFY_CA" | "VERIFY_IDENTITY";

/** Where a server is, and who its admin is. */
export interface ServerEndpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
  readonly tls: TlsMode;
  /** PEM; the machine's own certificates otherwise. */
  readonly ca?: string | undefined;
}

const tlsModes: ReadonlyMap<string, TlsMode> = new Map([
  ["DISABLED", "DISABLED"],
  ["REQUIRED", "REQUIRED"],
  ["VERIFY_CA", "VERIFY_CA"],
  ["VERIFY_IDENTITY", "VERIFY_IDENTITY"],
]);

/**
 * Reads `mysql://user:password@host:port/?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/ca.pem`. Parameters are called as in the
 * clients of MySQL; without them there is no TLS. A path (the database) is ignored. @throws ServerUrlInvalid
 */
export function parseServerUrl(url: Secret): ServerEndpoint {
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : undefined;
  if (!parsed || !/^(mysql|mariadb):$/.test(parsed.protocol) || parsed.hostname === "" || parsed.username === "") {
    throw new ServerUrlInvalid("A server's URL must read mysql://user:password@host:port.");
  }
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  return {
    host: isIPv6(host) ? host : decodeURIComponent(host),
    port: parsed.port === "" ? 3306 : Number(parsed.port),
    user: decodeURIComponent(parsed.username),
    password: new Secret(decodeURIComponent(parsed.password)),
    ...tlsOf(parsed.searchParams),
  };
}

function tlsOf(parameters: URLSearchParams): Pick<ServerEndpoint, "tls" | "ca"> {
  const wanted = parameters.get("ssl-mode");
  const caPath = parameters.get("ssl-ca");
  const tls = wanted === null ? (caPath === null ? "DISABLED" : "VERIFY_CA") : tlsModes.get(wanted.toUpperCase());
  if (!tls) throw new ServerUrlInvalid(`ssl-mode must be one of ${[...tlsModes.keys()].join(", ")}.`);
  return caPath === null ? { tls } : { tls, ca: readCertificate(caPath) };
}

function readCertificate(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new ServerUrlInvalid("The file that ssl-ca names cannot be read.", { cause });
  }
}
