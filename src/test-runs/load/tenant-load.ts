import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import type { Operation } from "./operation-mix.ts";

/** A tenant under load, and the run's own table in its database. */
export interface LoadTarget {
  readonly tenantId: TenantId;
  readonly serverId: ServerId;
  /** Name of its database and of its account. */
  readonly databaseName: string;
  readonly password: Secret;
  /** `scratch…`; no other table is ever read or written. */
  readonly table: string;
}

/** One connection that is logged in as the tenant. Each method throws ServerTrouble or the signal's reason. */
export interface LoadSession {
  /** Says how the session is to behave; no table is touched. */
  setUp(): Promise<void>;
  /** Reads the table once, so that the first operation finds session and table open. */
  warmUp(): Promise<void>;
  perform(operation: Operation): Promise<void>;
  /** Adds a row of this name. */
  addRow(name: string): Promise<void>;
  hasRow(name: string): Promise<boolean>;
  /** Adds a row of this name in a transaction and takes it back. */
  addRowAndRollBack(name: string): Promise<void>;
  /** Reads the counter of the row with this name under a lock and writes one more, in a transaction. */
  increment(name: string): Promise<void>;
  /** @returns undefined when there is no such row */
  counterOf(name: string): Promise<number | undefined>;
}

/** How long a session is held at most, milliseconds, waiting for it included. */
export interface LoadWish {
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** A scratch table somewhere. */
export type ScratchTable = Pick<LoadTarget, "serverId" | "databaseName" | "table">;

/** The tenants' servers, as far as loads are concerned. */
export interface TenantLoads {
  /** Connections that a run may hold on a server at once; 0 for one that is not known here. */
  placesOn(serverId: ServerId): number;
  /** Bytes of data and indexes, by database. @throws ServerTrouble */
  sizesOf(
    serverId: ServerId,
    databaseNames: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>>;
  /** Makes the table and fills it, as the tenant. @throws ServerTrouble, QueueTimeout, or the signal's reason */
  createTable(target: LoadTarget, wish: LoadWish): Promise<void>;
  /** A connection of the tenant for the time of the work. @throws ServerTrouble, QueueTimeout, or the signal's reason */
  withSession<T>(target: LoadTarget, wish: LoadWish, work: (session: LoadSession) => Promise<T>): Promise<T>;
  /** Ends what still works on the tables of one server and drops them. Tables and databases that are gone are fine. @throws ServerTrouble */
  dropTables(serverId: ServerId, tables: readonly ScratchTable[], deadlineMs: number): Promise<void>;
}

/** How strained a server is; undefined: it did not answer in time. */
export interface ServerStrain {
  readonly threadsRunning: number;
  readonly threadsConnected: number;
  readonly maxConnections: number;
}

/** Asks servers how they are. */
export interface ServerStrains {
  /** @throws only the signal's reason */
  of(serverId: ServerId, signal: AbortSignal): Promise<ServerStrain | undefined>;
}
