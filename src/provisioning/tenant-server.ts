import { DomainError } from "../kit/domain-error.ts";
import type { ServerId, TenantId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import type { GrantSeen, ServerSnapshot } from "./server-snapshot.ts";

/** What a database holds, as far as that decides whose it is. */
export interface DatabaseContents {
  /** Owner by the marker; undefined: there is none. */
  readonly marker?: string | undefined;
  /** Tables, views, routines and events, the empty journal apart. */
  readonly objects: number;
}

/** An instant of a server's own clock, as the server says it. */
export type ServerInstant = string & { readonly serverInstant: unique symbol };

/** The server was told too late: whoever told it may have been paused, and somebody else may be at the tenant. */
export class TooLate extends DomainError {
  readonly code = "TOO_LATE";
  override readonly retryable = true;
}

/** A tenant server in the hands of its admin. Every step may be repeated. @throws ServerTrouble from each */
export interface TenantServer {
  /** With charset and collation of tenants. */
  createDatabase(name: string): Promise<"CREATED" | "EXISTED">;
  setCharset(name: string): Promise<void>;
  contentsOf(name: string): Promise<DatabaseContents>;
  /** Makes the journal where it is missing, and the marker in it; a marker that is there stays. */
  writeMarker(name: string, owner: TenantId): Promise<void>;
  /** Makes the account or sets it right: password, connection limit, locked only when that is asked for. The password itself is not sent. */
  setAccount(name: string, password: Secret, locked?: boolean): Promise<void>;
  /** So many milliseconds from now, by the server's own clock. */
  instantAfter(ms: number): Promise<ServerInstant>;
  /** Like `setAccount`, but the server begins nothing any more after the instant; what it has begun ends within a second. @throws TooLate */
  setAccountUntil(until: ServerInstant, name: string, password: Secret): Promise<void>;
  /** Grants what the recipe says on the database of this name to the account of this name. */
  grant(name: string): Promise<void>;
  /** Takes back these rights of the account row of this name at the grant's host. */
  revoke(name: string, grant: GrantSeen): Promise<void>;
  /** Lets nobody in any more, under whatever host. Sessions that are in stay. @returns how many account rows there are */
  lockAccount(name: string): Promise<number>;
  /** Ends every session of the account, which outlives a lock, a new password and a revocation, and returns when none has been left for a moment. @throws ServerTrouble LOCK_TIMEOUT when one does not go */
  endSessions(name: string): Promise<void>;
  dropDatabase(name: string): Promise<void>;
  /** Drops the account under every host, and what rights are left without one. */
  dropAccounts(name: string): Promise<void>;
  /** What there is under this name, the marker apart. */
  look(name: string): Promise<ServerSnapshot>;
}

/** A tenant as its server knows it. */
export interface TenantPlace {
  readonly serverId: ServerId;
  readonly databaseName: string;
}

/** The tenant servers, as far as provisioning is concerned. */
export interface TenantServers {
  /** Works on a server with one session. @throws ServerTrouble, QueueTimeout, or the signal's reason */
  work<T>(serverId: ServerId, signal: AbortSignal, work: (server: TenantServer) => Promise<T>): Promise<T>;
  /** Logs in as the tenant and reads the marker of its database. @returns its owner @throws as `work` */
  readMarkerAs(place: TenantPlace, password: Secret, signal: AbortSignal): Promise<string | undefined>;
}
