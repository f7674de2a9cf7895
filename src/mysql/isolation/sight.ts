import type { DatabaseEngine } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type {
  AccountSight,
  CodeSight,
  GrantSight,
  ServerSight,
  TableSight,
} from "../../test-runs/isolation/server-sight.ts";
import { quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { accountDialect } from "../provisioning/account-dialect.ts";
import { type DatabaseGrantRow, databaseGrant, type GrantRow, otherGrant } from "../provisioning/server-look.ts";
import { globalPrivileges } from "./global-privileges.ts";
import { accountsSql, codeSql, elsewhereSql, engineTablesSql, foreignKeysSql } from "./sight-sql.ts";

interface AccountRow {
  readonly name: string;
  readonly host: string;
  readonly plugin: string | null;
  readonly hash: string | null;
  readonly ways: number | string;
  readonly locked: number | string;
  readonly isRole: number | string;
  readonly globals: number | string;
  readonly defaultRole: string | null;
}

interface CodeRow {
  readonly kind: CodeSight["kind"];
  readonly databaseName: string;
  readonly name: string;
  readonly definer: string;
  readonly body: string | null;
}

interface TableRow {
  readonly databaseName: string;
  readonly name: string;
  readonly engine?: string;
  readonly folder?: string;
  readonly target?: string;
  readonly constraintName?: string;
}

/** Ways to check a password that keep equal passwords as equal texts. */
const unsalted: ReadonlySet<string> = new Set(["mysql_native_password", "mysql_old_password", "ed25519"]);
/** Tables whose definitions are read; somebody who has more of them has more to explain than a run can say. */
const mostDefinitions = 50;
const ours = /tnt[a-z0-9]{6,27}/g;

/** What an admin's session shows: eleven statements, and one more for each table of an engine that reaches out. */
export async function lookAround(session: ServerSession, engine: DatabaseEngine): Promise<ServerSight> {
  const accounts = await session.query<AccountRow>(accountsSql(engine));
  const onDatabases = await session.query<DatabaseGrantRow>("SELECT * FROM mysql.db");
  const elsewhere = await session.query<GrantRow>(accountDialect(engine).otherGrants("ANYBODY"));
  const code: CodeSight[] = [];
  for (const sql of codeSql) code.push(...(await session.query<CodeRow>(sql)).map(toCode));
  return {
    accounts: accounts.map(toAccount),
    grants: [
      ...accounts.flatMap(toGlobalGrant),
      ...[...onDatabases.map(databaseGrant), ...elsewhere.map(otherGrant)].filter(
        (grant) => grant.privileges.length > 0,
      ),
    ],
    code,
    tables: await lookAtTables(session, engine),
  };
}

function toAccount({ name, host, plugin, hash, ways, locked, isRole, defaultRole }: AccountRow): AccountSight {
  const byPassword = plugin === null || unsalted.has(plugin);
  const usable = Number(isRole) === 0 && Number(locked) === 0;
  return {
    name,
    host,
    credential: byPassword && hash ? `${plugin}:${hash}` : undefined,
    open: usable && byPassword && !hash && Number(ways) === 0,
    defaultRole: defaultRole ?? undefined,
  };
}

function toGlobalGrant({ name, host, globals }: AccountRow): readonly GrantSight[] {
  const privileges = globalPrivileges(globals);
  if (privileges.length === 0) return [];
  return [{ holder: name, host, level: "GLOBAL", database: "", object: "", privileges }];
}

function toCode({ kind, databaseName, name, definer, body }: CodeRow): CodeSight {
  return { kind, database: databaseName, name, definer, mentions: othersIn(body ?? "", databaseName) };
}

async function lookAtTables(session: ServerSession, engine: DatabaseEngine): Promise<readonly TableSight[]> {
  const keys = await session.query<TableRow>(foreignKeysSql(engine));
  const elsewhere = await session.query<TableRow>(elsewhereSql);
  const reaching = await session.query<TableRow>(engineTablesSql);
  const sights: TableSight[] = [
    ...keys.map((row) => toTable("FOREIGN_KEY", row, row.target ?? "", row.target ?? "")),
    ...elsewhere.map((row) => toTable("DIRECTORY", row, row.folder ?? "", row.folder ?? "")),
  ];
  for (const row of reaching.slice(0, mostDefinitions)) {
    sights.push(toTable("ENGINE", row, row.engine ?? "", await definitionOf(session, row)));
  }
  return sights;
}

function toTable(how: TableSight["how"], row: TableRow, target: string, text: string): TableSight {
  const { databaseName: database, name, constraintName: constraint } = row;
  return { how, database, name, target, constraint, mentions: othersIn(text, database) };
}

/** The definition may hold a password; only the names of databases in it are kept. */
async function definitionOf(session: ServerSession, { databaseName, name }: TableRow): Promise<string> {
  try {
    const rows = await session.query<Readonly<Record<string, string>>>(
      `SHOW CREATE TABLE ${quoteObservedName(databaseName)}.${quoteObservedName(name)}`,
    );
    return rows.map((row) => row["Create Table"] ?? "").join("\n");
  } catch (error) {
    // Its other end is not there, or it was dropped meanwhile.
    if (error instanceof ServerTrouble && error.errno !== undefined) return "";
    throw error;
  }
}

function othersIn(text: string, own: string): readonly string[] {
  return [...new Set(text.match(ours) ?? [])].filter((name) => name !== own);
}
