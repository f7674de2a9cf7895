/** A database as the server lists it. */
export interface DatabaseSeen {
  readonly charset: string;
  readonly collation: string;
}

/** One row of accounts: a name at a host. */
export interface AccountSeen {
  readonly host: string;
  readonly locked: boolean;
  /** What the server stores of the password, where there is just one way to log in, by mysql_native_password. */
  readonly passwordHash?: string | undefined;
  readonly maxUserConnections: number;
  /** Limits of other kinds, e.g. `MAX_QUERIES_PER_HOUR 10`; undefined: none. */
  readonly otherLimits?: string | undefined;
  /** TLS that its log-ins need, e.g. `REQUIRE SSL`; undefined: none. */
  readonly tls?: string | undefined;
}

/** Where a grant counts. */
export type GrantLevel =
  | "GLOBAL"
  | "DATABASE"
  | "TABLE"
  | "PROCEDURE"
  | "FUNCTION"
  | "PACKAGE"
  | "PACKAGE BODY"
  | "ROLE"
  | "PROXY";

/** Rights that an account row has on one thing. */
export interface GrantSeen {
  readonly level: GrantLevel;
  /** Host of the account row that has them. */
  readonly host: string;
  /** As stored, where `_` and `%` are wildcards; empty where the level has none. */
  readonly database: string;
  /** Table, routine, role, or `user@host` for a proxy; empty where the level has none. */
  readonly object: string;
  /** E.g. `SELECT`, `GRANT OPTION`. */
  readonly privileges: readonly string[];
}

/** Rights on a tenant's database or account that another account row has, or everybody. */
export interface StrangerGrant extends GrantSeen {
  /** Name of the account or role that has them; PUBLIC, or empty for the anonymous account: everybody. */
  readonly holder: string;
}

/** What a server showed of some names, at one time, by a few statements for all of them together. */
export interface ServerSnapshot {
  readonly databases: ReadonlyMap<string, DatabaseSeen>;
  /** Every account row of a name, whatever its host. */
  readonly accounts: ReadonlyMap<string, readonly AccountSeen[]>;
  /** By the account's name. */
  readonly grants: ReadonlyMap<string, readonly GrantSeen[]>;
  /** By the database or account that is meant, where it is named in full. What tenants' own accounts hold is found there too. */
  readonly strangers: ReadonlyMap<string, readonly StrangerGrant[]>;
  /** Rights on databases by a pattern, of accounts that are not of the service's kind. */
  readonly patterns: readonly StrangerGrant[];
  /** Owner by the marker, of those databases whose marker was read; undefined: there is none. */
  readonly markers: ReadonlyMap<string, string | undefined>;
}
