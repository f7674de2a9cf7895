import type { ContentsSeen, JournalSeen } from "../../provisioning/validation/server-survey.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { isMeant, type MeantNames } from "./meant-names.ts";

/** Journals read by one statement: some 300 KB of text. */
const journalsPerStatement = 2_000;
const nothing = "-";

/** One part of a database's structure, in short. */
export interface PrintRow {
  readonly part: string;
  readonly name: string;
  readonly print: string | null;
}

interface TablesRow extends PrintRow {
  /** Tables that are called like our journal. */
  readonly journals: number | string;
  readonly objects: number | string;
}

interface JournalRow {
  readonly name: string;
  readonly owner: string | null;
  readonly digest: string | null;
}

/** What is read of some databases at the same time, by two sessions: half of it would be waiting otherwise. */
export interface ContentsParts {
  readonly tables: readonly TablesRow[];
  readonly journals: ReadonlyMap<string, JournalSeen>;
}

/** Tables and journals: two statements for two thousand databases. */
export async function lookAtTables(
  session: ServerSession,
  engine: DatabaseEngine,
  names: MeantNames,
): Promise<ContentsParts> {
  const tables = await session.query<TablesRow>(withLongTexts(engine, tablePrints(names)));
  const withJournal = tables.filter(({ journals }) => Number(journals) > 0).map(({ name }) => name);
  return { tables, journals: await readJournals(session, engine, withJournal) };
}

/**
 * Columns, indexes and foreign keys: one statement. Aggregated on the server, so that a fleet of healthy tenants is some
 * short rows for each.
 */
export function lookAtStructures(
  session: ServerSession,
  engine: DatabaseEngine,
  names: MeantNames,
): Promise<readonly PrintRow[]> {
  return session.query<PrintRow>(withLongTexts(engine, structurePrints(engine, names)));
}

/** Puts together what the two sessions read. */
export function toContents(
  { tables, journals }: ContentsParts,
  structures: readonly PrintRow[],
): ReadonlyMap<string, ContentsSeen> {
  const prints = new Map<string, string[]>();
  for (const { part, name, print } of [...tables, ...structures]) {
    const own = prints.get(name) ?? [];
    prints.set(name, own);
    own.push(`${part}${print ?? nothing}`);
  }
  return new Map(
    tables.map(({ name, objects, journals: tablesOfJournal }): [string, ContentsSeen] => [
      name,
      {
        print: (prints.get(name) ?? []).toSorted().join(" "),
        objects: Number(objects),
        journal: journals.get(name) ?? (Number(tablesOfJournal) > 0 ? "UNREADABLE" : "NONE"),
      },
    ]),
  );
}

function tablePrints(names: MeantNames): string {
  const isJournal = `TABLE_NAME = '${journalTable}'`;
  return `SELECT 'T' AS part, TABLE_SCHEMA AS name,
      ${md5Of("TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, '-'), COALESCE(TABLE_COLLATION, '-')", "TABLE_NAME", isJournal)} AS print,
      SUM(${isJournal}) AS journals, SUM(TABLE_NAME <> '${journalTable}') AS objects
    FROM information_schema.TABLES WHERE ${isMeant("TABLE_SCHEMA", names)} GROUP BY TABLE_SCHEMA`;
}

/** Rows by part of the structure and database. InnoDB's own tables of foreign keys are read apart: joined they take a hundred times longer. */
function structurePrints(engine: DatabaseEngine, names: MeantNames): string {
  const part = (letter: string, table: string, fields: string, order: string) =>
    `SELECT '${letter}' AS part, TABLE_SCHEMA AS name, ${md5Of(fields, order)} AS print
      FROM information_schema.${table} WHERE ${isMeant("TABLE_SCHEMA", names)} AND TABLE_NAME <> '${journalTable}' GROUP BY TABLE_SCHEMA`;
  const columns =
    "TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(CONCAT('=', COLUMN_DEFAULT), '-'), COALESCE(COLLATION_NAME, '-'), EXTRA, COALESCE(GENERATION_EXPRESSION, '-')";
  const indexes =
    "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, INDEX_TYPE, COALESCE(COLUMN_NAME, '?'), COALESCE(SUB_PART, '-')";
  return [
    part("C", "COLUMNS", columns, "TABLE_NAME, COLUMN_NAME"),
    part("I", "STATISTICS", indexes, "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX"),
    foreignKeys("F", engine, names, "FOREIGN", "ID, FOR_NAME, REF_NAME, N_COLS, TYPE", "ID"),
    foreignKeys("K", engine, names, "FOREIGN_COLS", "ID, POS, FOR_COL_NAME, REF_COL_NAME", "ID, POS"),
  ].join("\nUNION ALL ");
}

/** InnoDB names things `database/name`; the database is taken out, so that equal structures read the same. */
function foreignKeys(
  letter: string,
  engine: DatabaseEngine,
  names: MeantNames,
  table: "FOREIGN" | "FOREIGN_COLS",
  fields: string,
  order: string,
): string {
  const database = "SUBSTRING_INDEX(ID, '/', 1)";
  const list = fields
    .split(", ")
    .map((field) =>
      /^(ID|FOR_NAME|REF_NAME)$/.test(field) ? `REPLACE(${field}, CONCAT(${database}, '/'), '')` : field,
    );
  return `SELECT '${letter}', ${database}, ${md5Of(list.join(", "), order)}
    FROM information_schema.INNODB_${engine === "MARIADB" ? "SYS_" : ""}${table}
    WHERE ${isMeant(database, names)} GROUP BY ${database}`;
}

function md5Of(fields: string, order: string, leftOut?: string): string {
  const line = `CONCAT_WS('\\t', ${fields})`;
  return `MD5(GROUP_CONCAT(${leftOut ? `IF(${leftOut}, NULL, ${line})` : line} ORDER BY ${order} SEPARATOR '\\n'))`;
}

async function readJournals(
  session: ServerSession,
  engine: DatabaseEngine,
  names: readonly string[],
): Promise<ReadonlyMap<string, JournalSeen>> {
  const found = new Map<string, JournalSeen>();
  for (let at = 0; at < names.length; at += journalsPerStatement) {
    const rows = await readTogether(session, engine, names.slice(at, at + journalsPerStatement));
    for (const { name, owner, digest } of rows)
      found.set(name, { owner: owner ?? undefined, digest: digest ?? nothing });
  }
  return found;
}

/** One that cannot be read spoils the statement for all: it is looked for by halves. */
async function readTogether(
  session: ServerSession,
  engine: DatabaseEngine,
  names: readonly string[],
): Promise<readonly JournalRow[]> {
  if (names.length === 0) return [];
  try {
    return await session.query<JournalRow>(withLongTexts(engine, names.map(journalOf).join("\nUNION ALL ")));
  } catch (error) {
    const spoiled = error instanceof ServerTrouble && !error.retryable;
    if (!spoiled) throw error;
    if (names.length === 1) return [];
    const middle = Math.ceil(names.length / 2);
    const first = await readTogether(session, engine, names.slice(0, middle));
    return [...first, ...(await readTogether(session, engine, names.slice(middle)))];
  }
}

function journalOf(name: string): string {
  const line = "CONCAT_WS(' ', migration, statement, checksum, status)";
  return `SELECT '${name}' AS name, MAX(IF(migration = '' AND statement = 0, tenant_id, NULL)) AS owner,
    MD5(GROUP_CONCAT(IF(migration IN ('', '@seed'), NULL, ${line}) ORDER BY migration, statement SEPARATOR '\\n')) AS digest
    FROM ${quoteName(name)}.${quoteName(journalTable)}`;
}

/** Texts are cut at a megabyte otherwise, or at a kilobyte on MySQL, and what is cut would not count. */
function withLongTexts(engine: DatabaseEngine, select: string): string {
  const length = 67_108_864;
  if (engine === "MARIADB") return `SET STATEMENT group_concat_max_len = ${length} FOR ${select}`;
  return select.replace(/^SELECT/, `SELECT /*+ SET_VAR(group_concat_max_len = ${length}) */`);
}
