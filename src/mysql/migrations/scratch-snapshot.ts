import type { FoldedView } from "../../migrations/baseline.ts";
import { quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { journalTable } from "./journal-table.ts";
import { type LiteralColumn, literalExpression, type TableRows } from "./row-literals.ts";

/** More rows than these, or more text, are better inserted by the migrations themselves. */
const maxRows = 5_000;
const maxRowBytes = 4 * 1024 * 1024;

/** Everything that a scratch database holds. */
export interface ScratchSnapshot {
  readonly tables: readonly { readonly name: string; readonly create: string }[];
  /** Each after those that it reads. */
  readonly views: readonly FoldedView[];
  /** Of tables that hold any. */
  readonly rows: readonly TableRows[];
}

/** A database holds something that a snapshot cannot tell. */
export class NotFoldable extends Error {
  override readonly name = "NotFoldable";
}

/** Reads all of a database but our journal. @throws NotFoldable, ServerTrouble */
export async function readScratch(session: ServerSession, database: string): Promise<ScratchSnapshot> {
  const definitions = await readDefinitions(session, database);
  return { ...definitions, rows: await readRows(session, database, definitions.tables) };
}

/** The same without rows. @throws NotFoldable, ServerTrouble */
export async function readDefinitions(
  session: ServerSession,
  database: string,
): Promise<Omit<ScratchSnapshot, "rows">> {
  const objects = await session.query<{ name: string; kind: string }>(
    "SELECT TABLE_NAME AS name, TABLE_TYPE AS kind FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> ? ORDER BY TABLE_NAME",
    [database, journalTable],
  );
  const other = objects.find(({ kind }) => kind !== "BASE TABLE" && kind !== "VIEW");
  if (other) throw new NotFoldable(`${other.name} is a ${other.kind}`);
  const tables: { name: string; create: string }[] = [];
  for (const { name } of objects.filter(({ kind }) => kind === "BASE TABLE")) {
    const [shown] = await session.query<{ "Create Table": string }>(`SHOW CREATE TABLE ${quoteObservedName(name)}`);
    const create = shown?.["Create Table"].replace(/^CREATE TABLE /, "CREATE TABLE IF NOT EXISTS ") ?? "";
    tables.push({ name, create: withoutDatabase(create, database) });
  }
  return { tables, views: await readViews(session, database) };
}

interface ShownView {
  readonly "Create View": string;
  readonly character_set_client: string;
  readonly collation_connection: string;
}

async function readViews(session: ServerSession, database: string): Promise<readonly FoldedView[]> {
  const definitions = await session.query<{ name: string; definition: string }>(
    "SELECT TABLE_NAME AS name, VIEW_DEFINITION AS definition FROM information_schema.VIEWS WHERE TABLE_SCHEMA = ? ORDER BY TABLE_NAME",
    [database],
  );
  const views: FoldedView[] = [];
  for (const { name } of inReadingOrder(definitions, database)) {
    const [shown] = await session.query<ShownView>(`SHOW CREATE VIEW ${quoteObservedName(name)}`);
    if (shown) views.push(foldView(name, shown, database));
  }
  return views;
}

const shownView = /^CREATE (ALGORITHM=\w+ )DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*` (SQL SECURITY \w+ VIEW .*)$/s;

function foldView(name: string, shown: ShownView, database: string): FoldedView {
  const [, algorithm, rest] = shownView.exec(shown["Create View"]) ?? [];
  if (algorithm === undefined || rest === undefined)
    throw new NotFoldable(`the view ${name} is shown in an unknown form`);
  return {
    name,
    beforeDefiner: `CREATE OR REPLACE ${algorithm}`,
    afterDefiner: withoutDatabase(rest, database),
    charset: shown.character_set_client,
    collation: shown.collation_connection,
  };
}

/** The stored definition names each table with its database, so that a view's dependencies can be read off it. */
function inReadingOrder<View extends { readonly name: string; readonly definition: string }>(
  views: readonly View[],
  database: string,
): readonly View[] {
  const ordered = new Set<View>();
  const visit = (view: View, path: readonly View[]) => {
    if (ordered.has(view) || path.includes(view)) return;
    for (const other of views) {
      const reads = view.definition.includes(`${quoteObservedName(database)}.${quoteObservedName(other.name)}`);
      if (other !== view && reads) visit(other, [...path, view]);
    }
    ordered.add(view);
  };
  for (const view of views) visit(view, []);
  return [...ordered];
}

async function readRows(
  session: ServerSession,
  database: string,
  tables: readonly { readonly name: string }[],
): Promise<readonly TableRows[]> {
  const columns = await readColumns(session, database);
  const all: TableRows[] = [];
  let room = maxRows;
  for (const { name } of tables) {
    const own = columns.filter((column) => column.table === name);
    const read = await readTable(session, name, own, room + 1);
    room -= read.rows.length;
    if (room < 0) throw new NotFoldable(`the migrations insert more than ${maxRows} rows`);
    if (read.rows.length > 0) all.push(read);
  }
  if (JSON.stringify(all).length > maxRowBytes) throw new NotFoldable("the rows of the migrations are too large");
  return all;
}

interface SnapshotColumn extends LiteralColumn {
  readonly table: string;
  readonly isKey: boolean;
}

async function readColumns(session: ServerSession, database: string): Promise<readonly SnapshotColumn[]> {
  const columns = await session.query<{
    tab: string;
    name: string;
    type: string;
    digits: number | null;
    isKey: number;
  }>(
    `SELECT TABLE_NAME AS tab, COLUMN_NAME AS name, DATA_TYPE AS type, DATETIME_PRECISION AS digits, COLUMN_KEY = 'PRI' AS isKey
     FROM information_schema.COLUMNS
     WHERE TABLE_SCHEMA = ? AND EXTRA NOT LIKE '%VIRTUAL GENERATED%' AND EXTRA NOT LIKE '%STORED GENERATED%'
     ORDER BY TABLE_NAME, ORDINAL_POSITION`,
    [database],
  );
  return columns.map((column) => ({
    table: column.tab,
    name: column.name,
    dataType: column.type.toLowerCase(),
    precision: Number(column.digits ?? 0),
    isKey: Number(column.isKey) === 1,
  }));
}

async function readTable(
  session: ServerSession,
  table: string,
  columns: readonly SnapshotColumn[],
  limit: number,
): Promise<TableRows> {
  if (columns.length === 0) return { table, columns, rows: [] };
  const literals = columns.map((column) => literalExpression(column, quoteObservedName(column.name)));
  const key = columns.filter((column) => column.isKey).map((column) => quoteObservedName(column.name));
  const order = key.length > 0 ? ` ORDER BY ${key.join(", ")}` : "";
  const named = literals.map((literal, index) => `${literal} AS c${index}`).join(", ");
  const rows = await session.query<Record<string, string>>(
    `SELECT ${named} FROM ${quoteObservedName(table)}${order} LIMIT ${Math.trunc(limit)}`,
  );
  return { table, columns, rows: rows.map((row) => columns.map((_, index) => row[`c${index}`] ?? "NULL")) };
}

function withoutDatabase(sql: string, database: string): string {
  return sql.replaceAll(`${quoteObservedName(database)}.`, "");
}
