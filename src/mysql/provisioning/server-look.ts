import type {
  AccountSeen,
  DatabaseSeen,
  GrantLevel,
  ServerSnapshot,
  StrangerGrant,
} from "../../provisioning/server-snapshot.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import type { AccountDialect } from "./account-dialect.ts";
import { sortGrants } from "./grant-sorting.ts";
import { isMeant, type MeantNames } from "./meant-names.ts";

interface AccountRow {
  readonly name: string;
  readonly host: string;
  readonly locked: number | null;
  readonly plugin: string | null;
  readonly hash: string | null;
  readonly ways: number | string;
  readonly maxConnections: number | string;
  readonly limits: string;
  readonly tls: string;
  readonly globals: string;
}

/** A row of what {@link AccountDialect.otherGrants} tells. */
export interface GrantRow {
  readonly level: GrantLevel;
  readonly name: string;
  readonly host: string;
  readonly databaseName: string;
  readonly object: string;
  readonly privileges: string;
}

/** A row of mysql.db: its key, and a column `…_priv` of Y or N for each privilege that this server knows. */
export type DatabaseGrantRow = Readonly<Record<string, string>>;

/** Columns of mysql.db whose privilege is not simply their name. */
const privilegeByColumn: ReadonlyMap<string, string> = new Map([
  ["Create_tmp_table_priv", "CREATE TEMPORARY TABLES"],
  ["Grant_priv", "GRANT OPTION"],
  ["Delete_history_priv", "DELETE HISTORY"],
]);

/**
 * What a server shows of these names: four statements, however many names there are. Markers apart.
 * @param known the databases, where they were read elsewhere: three statements
 */
export async function lookAt(
  session: ServerSession,
  dialect: AccountDialect,
  names: MeantNames,
  known?: ReadonlyMap<string, DatabaseSeen>,
): Promise<ServerSnapshot> {
  const databases = known ?? (await lookAtDatabases(session, names));
  const accounts = await session.query<AccountRow>(dialect.accounts(names));
  const onDatabases = await session.query<DatabaseGrantRow>(
    `SELECT * FROM mysql.db WHERE (${isMeant("User", names)} OR ${isMeant("Db", names)} OR Db REGEXP '[%_]')
      AND CONCAT(User, '@', Host) <> CURRENT_USER()`,
  );
  const elsewhere = await session.query<GrantRow>(dialect.otherGrants(names));
  return {
    databases,
    accounts: grouped(accounts.map((row) => ({ name: row.name, ...accountSeen(row) }))),
    ...sortGrants(
      [...accounts.flatMap(globalGrant), ...onDatabases.map(databaseGrant), ...elsewhere.map(otherGrant)],
      names,
    ),
    markers: new Map(),
  };
}

async function lookAtDatabases(session: ServerSession, names: MeantNames): Promise<ReadonlyMap<string, DatabaseSeen>> {
  const rows = await session.query<DatabaseSeen & { readonly name: string }>(
    `SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
      FROM information_schema.SCHEMATA WHERE ${isMeant("SCHEMA_NAME", names)}`,
  );
  return new Map(rows.map(({ name, charset, collation }) => [name, { charset, collation }]));
}

function accountSeen(row: AccountRow): AccountSeen {
  const native = row.plugin === "mysql_native_password" && Number(row.ways) === 0;
  return {
    host: row.host,
    locked: Number(row.locked ?? 0) === 1,
    passwordHash: native && row.hash ? row.hash : undefined,
    maxUserConnections: Number(row.maxConnections),
    otherLimits: row.limits || undefined,
    tls: row.tls || undefined,
  };
}

function globalGrant({ name, host, globals }: AccountRow): readonly StrangerGrant[] {
  if (globals === "") return [];
  return [{ holder: name, host, level: "GLOBAL", database: "", object: "", privileges: globals.split(",") }];
}

/** The rights that a row of mysql.db gives. */
export function databaseGrant(row: DatabaseGrantRow): StrangerGrant {
  const held = Object.entries(row).filter(([column, value]) => column.endsWith("_priv") && value === "Y");
  return {
    holder: row.User ?? "",
    host: row.Host ?? "",
    level: "DATABASE",
    database: row.Db ?? "",
    object: "",
    privileges: held.map(([column]) => privilegeByColumn.get(column) ?? privilegeOf(column)),
  };
}

/** `Create_view_priv` → `CREATE VIEW`. */
function privilegeOf(column: string): string {
  return column
    .replace(/_priv$/, "")
    .replaceAll("_", " ")
    .toUpperCase();
}

/** The rights that a row of any other table gives. */
export function otherGrant({ name, host, level, databaseName, object, privileges }: GrantRow): StrangerGrant {
  const held = privileges
    .toUpperCase()
    .split(",")
    .filter((privilege) => privilege !== "");
  return { holder: name, host, level, database: databaseName, object, privileges: held };
}

/** Rows by their name. */
export function grouped<T extends { readonly name: string }>(rows: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(row.name);
    if (group) group.push(row);
    else groups.set(row.name, [row]);
  }
  return groups;
}
