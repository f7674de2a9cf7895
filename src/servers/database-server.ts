import type { ServerId } from "../kit/ids.ts";

export type DatabaseEngine = "MARIADB" | "MYSQL";
export type ServerStatus = "ONLINE" | "UNREACHABLE" | "CORDONED";

/** A MySQL-protocol server that holds tenants' databases. */
export interface DatabaseServer {
  readonly id: ServerId;
  readonly name: string;
  readonly engine: DatabaseEngine;
  readonly version?: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly status: ServerStatus;
  readonly maxTenants?: number | undefined;
  /** How many ready-made databases are kept on it. */
  readonly warmPoolTarget: number;
  readonly lastContactAt?: Date | undefined;
}

/** The registry, as far as servers are concerned. Each method is one transaction. */
export interface ServerStore {
  list(): Promise<readonly DatabaseServer[]>;
  findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]>;
  /** Adds the server, or corrects host, port, engine and version of the one with this name. Its id and target stay. */
  ensure(server: DatabaseServer): Promise<DatabaseServer>;
  /** Writes what the last contact showed. */
  observe(
    id: ServerId,
    seen: { readonly status: "ONLINE" | "UNREACHABLE"; readonly version?: string | undefined; readonly at: Date },
  ): Promise<void>;
  /** Tenants that are not DELETED, per server. */
  tenantCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>>;
}
