/** One row of a server's accounts: a name at a host, or a role. */
export interface AccountSight {
  readonly name: string;
  /** Empty for a role of MariaDB. */
  readonly host: string;
  /** What the server keeps of its password and how it checks it; equal for equal passwords where they are unsalted. Undefined: nothing to compare. */
  readonly credential: string | undefined;
  /** Whether it takes an empty password. */
  readonly open: boolean;
  readonly defaultRole: string | undefined;
}

export type GrantSightLevel =
  | "GLOBAL"
  | "DATABASE"
  | "TABLE"
  | "PROCEDURE"
  | "FUNCTION"
  | "PACKAGE"
  | "PACKAGE BODY"
  | "ROLE"
  | "PROXY";

/** Rights that somebody has on one thing. */
export interface GrantSight {
  /** Name of the account or role; empty: the anonymous account, whose rights on databases are everybody's. */
  readonly holder: string;
  readonly host: string;
  readonly level: GrantSightLevel;
  /** As stored, where `_` and `%` are wildcards; empty where the level has none. */
  readonly database: string;
  /** Table, routine, role, or `user@host` for a proxy; empty where the level has none. */
  readonly object: string;
  readonly privileges: readonly string[];
}

/** Stored code that runs with its definer's rights. What runs with its caller's is no way to anything. */
export interface CodeSight {
  readonly kind: "VIEW" | "PROCEDURE" | "FUNCTION" | "PACKAGE" | "PACKAGE BODY" | "TRIGGER" | "EVENT";
  readonly database: string;
  readonly name: string;
  /** `user@host`. */
  readonly definer: string;
  /** Names of tenants' databases that its text holds, its own apart. */
  readonly mentions: readonly string[];
}

/** A table of a tenant that reaches beyond its database. */
export interface TableSight {
  readonly how: "ENGINE" | "DIRECTORY" | "FOREIGN_KEY";
  readonly database: string;
  readonly name: string;
  /** Name of the engine, the folder, or `database.table` that the key refers to. */
  readonly target: string;
  /** Name of a foreign key. */
  readonly constraint?: string | undefined;
  /** Names of other tenants' databases that it reaches. */
  readonly mentions: readonly string[];
}

/** What a server's admin sees of all that could lead from one tenant to another, by a few statements for all tenants together. */
export interface ServerSight {
  readonly accounts: readonly AccountSight[];
  readonly grants: readonly GrantSight[];
  readonly code: readonly CodeSight[];
  readonly tables: readonly TableSight[];
}
