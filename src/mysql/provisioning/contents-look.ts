import type { DatabaseSeen } from "../../provisioning/server-snapshot.ts";
import type { ContentsSeen, JournalSeen, StoredCode } from "../../provisioning/validation/server-survey.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { strangersCode } from "./code-look.ts";
import { isMeant, type MeantNames } from "./meant-names.ts";
import type { PrintRow } from "./print-row.ts";

/** Journals read by one statement: some 300 KB of text. */
const journalsPerStatement = 2_000;
const nothing = "-";

interface JournalRow {
  readonly name: string;
  readonly owner: string | null;
  readonly digest: string | null;
}

type Journals = ReadonlyMap<string, JournalSeen>;

/**
 * Databases, tables, indexes, and code of strangers: one statement. Aggregated on the server, so that a fleet of healthy tenants
 * is some short rows for each. Asking for INDEX_TYPE or COLLATION of an index would make the server open every table in full:
 * three times as long for two thousand tenants, and twenty times on a server that has just started.
 */
export function lookAtTables(
  session: ServerSession,
  engine: DatabaseEngine,
  names: MeantNames,
): Promise<readonly PrintRow[]> {
  const indexes =
    "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, NON_UNIQUE, COALESCE(COLUMN_NAME, '?'), COALESCE(SUB_PART, '-')";
  const parts = [
    tablePrints(names),
    `SELECT 'S', SCHEMA_NAME, CONCAT(DEFAULT_CHARACTER_SET_NAME, ' ', DEFAULT_COLLATION_NAME), 0, 0, NULL
      FROM information_schema.SCHEMATA WHERE ${isMeant("SCHEMA_NAME", names)}`,
    printsOf("I", "STATISTICS", names, indexes, "TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX"),
    ...strangersCode(names),
  ];
  return session.query<PrintRow>(withLongTexts(engine, parts.join("\nUNION ALL ")));
}

/** Columns, foreign keys and journals: two statements, about as much work as {@link lookAtTables} for another session at the same time. */
export async function lookInside(
  session: ServerSession,
  engine: DatabaseEngine,
  names: MeantNames,
): Promise<{ readonly prints: readonly PrintRow[]; readonly journals: Journals }> {
  const columns =
    "TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COALESCE(CONCAT('=', COLUMN_DEFAULT), '-'), COALESCE(COLLATION_NAME, '-'), EXTRA, COALESCE(GENERATION_EXPRESSION, '-')";
  const parts = [
    printsOf("C", "COLUMNS", names, columns, "TABLE_NAME, COLUMN_NAME"),
    foreignKeys("F", engine, names, "FOREIGN", "ID, FOR_NAME, REF_NAME, N_COLS, TYPE", "ID"),
    foreignKeys("K", engine, names, "FOREIGN_COLS", "ID, POS, FOR_COL_NAME, REF_COL_NAME", "ID, POS"),
    innoDbTables(engine, names),
  ];
  const prints = await session.query<PrintRow>(withLongTexts(engine, parts.join("\nUNION ALL ")));
  return { prints, journals: await readJournals(session, engine, withJournal(prints)) };
}

/** The journals that InnoDB does not know, though there are tables of their name. */
export async function lookAtOddJournals(
  session: ServerSession,
  engine: DatabaseEngine,
  odd: readonly string[],
): Promise<Journals> {
  return readJournals(session, engine, odd);
}

/** Names of the databases that have a table called like our journal. */
export function withJournal(prints: readonly PrintRow[]): readonly string[] {
  return prints.filter(({ journals }) => Number(journals) > 0).map(({ name }) => name);
}

/** The databases, as the look at tables tells them. */
export function databasesIn(rows: readonly PrintRow[]): ReadonlyMap<string, DatabaseSeen> {
  return new Map(
    rows.flatMap(({ part, name, print }) => {
      const [charset = "", collation = ""] = part === "S" ? String(print).split(" ") : [];
      return part === "S" ? [[name, { charset, collation }] as const] : [];
    }),
  );
}

/** Puts together what the two sessions read. */
export function toContents(rows: readonly PrintRow[], journals: Journals): ReadonlyMap<string, ContentsSeen> {
  const prints = new Map<string, string[]>();
  const code = new Map<string, StoredCode[]>();
  for (const { part, name, print } of rows) {
    if (part === "S") continue;
    if (part === "D") {
      code.set(name, [...(code.get(name) ?? []), codeOf(String(print))]);
      continue;
    }
    const own = prints.get(name) ?? [];
    prints.set(name, own);
    own.push(`${part}${print ?? nothing}`);
  }
  const tables = rows.filter(({ part }) => part === "T");
  return new Map(
    tables.map(({ name, objects, journals: tablesOfJournal }): [string, ContentsSeen] => [
      name,
      {
        print: (prints.get(name) ?? []).toSorted().join(" "),
        objects: Number(objects),
        strangersCode: code.get(name) ?? [],
        journal: journals.get(name) ?? (Number(tablesOfJournal) > 0 ? "UNREADABLE" : "NONE"),
      },
    ]),
  );
}

/** `TRIGGER/name`; a name may hold a slash itself. */
function codeOf(print: string): StoredCode {
  const at = print.indexOf("/");
  return { what: print.slice(0, at), name: print.slice(at + 1) };
}

function tablePrints(names: MeantNames): string {
  const isJournal = `TABLE_NAME = '${journalTable}'`;
  return `SELECT 'T' AS part, TABLE_SCHEMA AS name,
      ${md5Of("TABLE_NAME, TABLE_TYPE, COALESCE(ENGINE, '-'), COALESCE(TABLE_COLLATION, '-')", "TABLE_NAME", isJournal)} AS print,
      SUM(${isJournal}) AS journals, SUM(TABLE_NAME <> '${journalTable}') AS objects,
      GROUP_CONCAT(IF(TABLE_TYPE = 'VIEW', HEX(TABLE_NAME), NULL)) AS views
    FROM information_schema.TABLES WHERE ${isMeant("TABLE_SCHEMA", names)} GROUP BY TABLE_SCHEMA`;
}

function printsOf(part: PrintRow["part"], table: string, names: MeantNames, fields: string, order: string): string {
  return `SELECT '${part}' AS part, TABLE_SCHEMA AS name, ${md5Of(fields, order)} AS print, 0 AS journals, 0 AS objects, NULL AS views
    FROM information_schema.${table} WHERE ${isMeant("TABLE_SCHEMA", names)} AND TABLE_NAME <> '${journalTable}' GROUP BY TABLE_SCHEMA`;
}

/**
 * InnoDB names things `database/name`; the database is taken out, so that equal structures read the same. Its two tables of
 * foreign keys are read apart: joined they take a hundred times longer.
 */
function foreignKeys(
  part: PrintRow["part"],
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
  return `SELECT '${part}', ${database}, ${md5Of(list.join(", "), order)}, 0, 0, NULL
    FROM ${innoDb(engine, table)} WHERE ${isMeant(database, names)} GROUP BY ${database}`;
}

/** Full-text indexes by the tables that they have for themselves, and where our journal is. */
function innoDbTables(engine: DatabaseEngine, names: MeantNames): string {
  const database = "SUBSTRING_INDEX(NAME, '/', 1)";
  const table = "SUBSTRING_INDEX(NAME, '/', -1)";
  return `SELECT 'X', ${database}, SUM(LEFT(${table}, 4) = 'FTS_'), SUM(${table} = '${journalTable}'), 0, NULL
    FROM ${innoDb(engine, "TABLES")} WHERE ${isMeant(database, names)} GROUP BY ${database}`;
}

function innoDb(engine: DatabaseEngine, table: string): string {
  return `information_schema.INNODB_${engine === "MARIADB" ? "SYS_" : ""}${table}`;
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
