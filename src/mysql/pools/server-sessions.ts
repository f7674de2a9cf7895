import type { ServerId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { ServerTrouble } from "../../servers/server-trouble.ts";

/** One connection to a tenant server, borrowed for a piece of work. Errors are ServerTrouble, classed by errno. */
export interface ServerSession {
  /** Milliseconds that TCP, handshake and log-in took; 0 for a connection that was open already. */
  readonly connectMs: number;
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** A statement without rows. With several statements in one text, the affected rows of the last. */
  run(sql: string, values?: readonly unknown[]): Promise<{ readonly affectedRows: number }>;
}

/** What became of several statements. */
export interface PacketAnswer {
  /** How many were carried out: all, or those before the one that was refused. */
  readonly carriedOut: number;
  /** Rows of each, where all were carried out; none for a statement without rows. */
  readonly rows: readonly (readonly object[])[];
  readonly refusal?: ServerTrouble | undefined;
}

/** A session whose statements may go many in a packet. */
export interface PacketSession extends ServerSession {
  /**
   * The server carries them out in order, each as if it had come alone, up to the first that it refuses. In one packet, or a few
   * where they are more than half a megabyte.
   * @throws ServerTrouble when it did not answer, which says nothing of how far it came
   */
  send(statements: readonly string[]): Promise<PacketAnswer>;
  /** No transaction, lock, temporary table or variable is left, and no tenant's database is the current one: it need not be reset. */
  leavesNothing(): void;
}

/** Which server a session is wanted of, and how long the whole may take. */
export interface SessionWish {
  readonly serverId: ServerId;
  readonly signal?: AbortSignal | undefined;
  /**
   * For waiting and working together. When it is over the connection is destroyed and ServerTrouble UNREACHABLE is thrown;
   * when it is over while still waiting for a place in our own budget, QueueTimeout: that says nothing about the server.
   */
  readonly deadlineMs: number;
  /** A person waits for it: it may use the share of the budget that bulk work leaves free. */
  readonly interactive?: boolean;
}

/** The only way to a tenant server. Every connection counts against the server's budget, and waits in its queue. */
export interface ServerSessions {
  /** A pooled session of the admin, without a current database; it must not choose one. Everything it sets is reset afterwards. */
  withAdmin<T>(wish: SessionWish, work: (session: ServerSession) => Promise<T>): Promise<T>;
  /** A session of the admin with a current database, from a pool of such. Everything it sets is reset afterwards. */
  withAdminOn<T>(
    wish: SessionWish & { readonly database: string },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T>;
  /** A fresh connection that logs in as the tenant, with its own database as the current one, closed afterwards. */
  withTenant<T>(
    wish: SessionWish & { readonly databaseName: string; readonly password: Secret },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T>;
}

/** The admin's sessions for packets: migrations and folded baselines, whose texts are the folder's and our own. */
export interface PacketSessions {
  /**
   * From a pool of such. It may have the settings that an earlier one left, so that whoever takes it begins by setting all that matters to
   * him, and choosing a database. Reset afterwards, unless it says that nothing is left; closed when the work fails.
   */
  withAdminPackets<T>(wish: SessionWish, work: (session: PacketSession) => Promise<T>): Promise<T>;
}

/** Log-ins of many tenants, one after the other, without a new connection for each. */
export interface TenantTurns {
  /**
   * As `withTenant`, on a connection that another tenant has left where there is one: the server authenticates anew and resets the
   * session, and `connectMs` is what that took. Work that fails there is done again on a fresh connection, whose answer counts.
   */
  withTenantInTurn<T>(
    wish: SessionWish & { readonly databaseName: string; readonly password: Secret },
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T>;
  /** Closes the connections that were kept for a next tenant. Never rejects. */
  endTurns(): Promise<void>;
}
