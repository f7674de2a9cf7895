import type { ServerId } from "../../kit/ids.ts";
import type { SchemaSource } from "../../migrations/expected-schemas.ts";
import type { Migration } from "../../migrations/migration.ts";
import type {
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  SchemaDescription,
  TableDescription,
} from "../../migrations/schema-description.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { Patience } from "../../migrations/tenant-schemas.ts";
import { isTableOfARun } from "../../servers/own-tables.ts";
import { trouble } from "../pools/classify-error.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { journalTable } from "./journal-table.ts";
import { runMigrations } from "./mysql-baseline-source.ts";
import type { ScratchDatabases } from "./scratch-databases.ts";

/** Reads schemas from information_schema: five queries per database, each bound to one database, which is what the server is quick at. */
export class MysqlSchemaSource implements SchemaSource {
  constructor(
    private readonly sessions: ServerSessions,
    private readonly scratch: ScratchDatabases,
  ) {}

  describe(target: MigrationTarget, patience: Patience): Promise<SchemaDescription> {
    return this.sessions.withAdmin({ serverId: target.serverId, ...patience }, (session) =>
      describeDatabase(session, target.databaseName),
    );
  }

  outcomeOf(serverId: ServerId, migrations: readonly Migration[], signal: AbortSignal): Promise<SchemaDescription> {
    return this.scratch.use(serverId, "EXPECTED_SCHEMA", signal, async (session, database) => {
      await runMigrations(session, migrations);
      return describeDatabase(session, database);
    });
  }
}

/** @throws ServerTrouble; UNKNOWN_DATABASE when it does not exist */
async function describeDatabase(session: ServerSession, database: string): Promise<SchemaDescription> {
  const [schema] = await session.query<{ cs: string; co: string }>(
    `SELECT DEFAULT_CHARACTER_SET_NAME AS cs, DEFAULT_COLLATION_NAME AS co
     FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?`,
    [database],
  );
  if (!schema) throw trouble("UNKNOWN_DATABASE", "describing its schema");
  const columns = await readColumns(session, database);
  const indexes = await readIndexes(session, database);
  const foreignKeys = await readForeignKeys(session, database);
  const listed = await session.query<{ name: string; kind: string; engine: string | null; co: string | null }>(
    `SELECT TABLE_NAME AS name, TABLE_TYPE AS kind, ENGINE AS engine, TABLE_COLLATION AS co
     FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> ? ORDER BY TABLE_NAME`,
    [database, journalTable],
  );
  const tables = listed.filter(({ name }) => !isTableOfARun(name));
  return {
    charset: schema.cs,
    collation: schema.co,
    tables: new Map(
      tables.map(({ name, kind, engine, co }): [string, TableDescription] => [
        name,
        {
          kind: kind === "VIEW" ? "VIEW" : "TABLE",
          engine: engine ?? undefined,
          collation: co ?? undefined,
          columns: columns.get(name) ?? new Map(),
          indexes: indexes.get(name) ?? new Map(),
          foreignKeys: foreignKeys.get(name) ?? new Map(),
        },
      ]),
    ),
  };
}

interface ColumnRow {
  readonly tab: string;
  readonly name: string;
  readonly type: string;
  readonly nullable: string;
  readonly def: string | null;
  readonly cs: string | null;
  readonly co: string | null;
  readonly extra: string;
  readonly expression: string | null;
}

async function readColumns(session: ServerSession, database: string): Promise<ByTable<ColumnDescription>> {
  const rows = await session.query<ColumnRow>(
    `SELECT TABLE_NAME AS tab, COLUMN_NAME AS name, COLUMN_TYPE AS type, IS_NULLABLE AS nullable, COLUMN_DEFAULT AS def,
       CHARACTER_SET_NAME AS cs, COLLATION_NAME AS co, EXTRA AS extra, GENERATION_EXPRESSION AS expression
     FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [database],
  );
  return byTable(rows, (row) => ({
    type: row.type,
    nullable: row.nullable === "YES",
    default: row.def ?? undefined,
    charset: row.cs ?? undefined,
    collation: row.co ?? undefined,
    extra: row.extra,
    expression: row.expression || undefined,
  }));
}

interface IndexRow {
  readonly tab: string;
  readonly name: string;
  readonly nonUnique: number;
  readonly method: string;
  readonly col: string | null;
  readonly prefix: number | null;
}

async function readIndexes(session: ServerSession, database: string): Promise<ByTable<IndexDescription>> {
  const rows = await session.query<IndexRow>(
    `SELECT TABLE_NAME AS tab, INDEX_NAME AS name, NON_UNIQUE AS nonUnique, INDEX_TYPE AS method,
       COLUMN_NAME AS col, SUB_PART AS prefix
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX`,
    [database],
  );
  return byTable(rows, (row, before) => ({
    unique: Number(row.nonUnique) === 0,
    method: row.method,
    columns: [...(before?.columns ?? []), `${row.col ?? "?"}${row.prefix === null ? "" : `(${row.prefix})`}`],
  }));
}

interface ForeignKeyRow {
  readonly tab: string;
  readonly name: string;
  readonly col: string;
  readonly refTab: string;
  readonly refCol: string;
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** The database is named to each of the two tables by itself: joined by it, the second makes the server open every table that it has. */
async function readForeignKeys(session: ServerSession, database: string): Promise<ByTable<ForeignKeyDescription>> {
  const rows = await session.query<ForeignKeyRow>(
    `SELECT k.TABLE_NAME AS tab, k.CONSTRAINT_NAME AS name, k.COLUMN_NAME AS col, k.REFERENCED_TABLE_NAME AS refTab,
       k.REFERENCED_COLUMN_NAME AS refCol, r.UPDATE_RULE AS onUpdate, r.DELETE_RULE AS onDelete
     FROM information_schema.KEY_COLUMN_USAGE k
     JOIN information_schema.REFERENTIAL_CONSTRAINTS r
       ON r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
     WHERE k.TABLE_SCHEMA = ? AND r.CONSTRAINT_SCHEMA = ? AND k.REFERENCED_TABLE_NAME IS NOT NULL
     ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION`,
    [database, database],
  );
  return byTable(rows, (row, before) => ({
    columns: [...(before?.columns ?? []), row.col],
    table: row.refTab,
    referenced: [...(before?.referenced ?? []), row.refCol],
    onUpdate: row.onUpdate,
    onDelete: row.onDelete,
  }));
}

type ByTable<Part> = ReadonlyMap<string, ReadonlyMap<string, Part>>;

/** Gathers rows by table and name; a part of several rows is built up from one to the next. */
function byTable<Row extends { readonly tab: string; readonly name: string }, Part>(
  rows: readonly Row[],
  build: (row: Row, before: Part | undefined) => Part,
): ByTable<Part> {
  const tables = new Map<string, Map<string, Part>>();
  for (const row of rows) {
    const parts = tables.get(row.tab) ?? new Map<string, Part>();
    tables.set(row.tab, parts);
    parts.set(row.name, build(row, parts.get(row.name)));
  }
  return tables;
}
