import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";

/** One true log-in as a tenant. */
export interface LoginWish {
  readonly serverId: ServerId;
  /** Name of its database and of its account. */
  readonly databaseName: string;
  readonly password: Secret;
  /** Milliseconds for everything together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** What the server itself says to who has logged in. */
export interface LoginSight {
  /** Milliseconds that the log-in took; with TCP and handshake where a connection had to be opened for it. */
  readonly connectMs: number;
  /** Milliseconds of the first query. */
  readonly queryMs: number;
  /** Current database. */
  readonly database: string | undefined;
  /** Account that the server took the caller for, `name@host`. */
  readonly account: string;
  readonly serverVersion: string;
  /** The tenant that the database's ownership marker names; undefined: there is no marker. */
  readonly owner: TenantId | undefined;
}

/** Logs in to tenants' databases as the tenants themselves. */
export interface TenantLogin {
  /**
   * The connection may be one that another tenant has left: the server authenticates anew on it. A failure is always one of a fresh
   * connection. @throws ServerTrouble, QueueTimeout, or the signal's reason
   */
  logIn(wish: LoginWish): Promise<LoginSight>;
  /** No log-ins follow for now: closes the connections that were kept for them. Never rejects. */
  rest(): Promise<void>;
  /** How many log-ins to this server may go on at a time; 0 for a server that is not known here. */
  placesOn(serverId: ServerId): number;
}

/** Tells a server that is gone from a tenant that cannot get in. */
export interface ServerReachability {
  /** Whether the server answers its admin within a second or two. @throws only the signal's reason */
  answers(serverId: ServerId, signal: AbortSignal): Promise<boolean>;
}
