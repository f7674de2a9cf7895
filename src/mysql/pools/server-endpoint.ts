import { isIPv6 } from "node:net";
import { DomainError } from "../../kit/domain-error.ts";
import { Secret } from "../../kit/secret.ts";
import { type Tls, tlsIn } from "../../kit/tls.ts";

/** The URL of a server is not one that we understand; the message repeats no secret. */
export class ServerUrlInvalid extends DomainError {
  readonly code = "SERVER_URL_INVALID";
}

/** Where a server is, and who its admin is. */
export interface ServerEndpoint extends Tls {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: Secret;
}

/**
 * Reads `mysql://user:password@host:port/?ssl-mode=VERIFY_IDENTITY&ssl-ca=/path/ca.pem`. Parameters are called as in the
 * clients of MySQL; without them there is no TLS. A path (the database) is ignored. @throws ServerUrlInvalid, TlsInvalid
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
    ...tlsIn(parsed.searchParams),
  };
}
