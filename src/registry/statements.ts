import { type Column, getTableColumns, getTableName, type InferInsertModel } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import { format, type SqlValue } from "mysql2";
import { writtenOut } from "./bulk.ts";

/** A statement with a `?` for each of its values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/**
 * Inserts that enter these rows, a few hundred at a time; none for none. What a row leaves out is NULL.
 * @param update columns to overwrite in rows whose key exists already; else such a row is the server's error
 */
export function insertInto<Table extends MySqlTable>(
  table: Table,
  rows: readonly object[],
  update: readonly (keyof InferInsertModel<Table> & string)[] = [],
): readonly Statement[] {
  const columns: Readonly<Record<string, Column>> = getTableColumns(table);
  const { names, batches } = writtenOut(table, rows);
  const overwritten = update.map((key) => quoted(columns[key]?.name ?? key)).map((name) => `${name} = values(${name})`);
  const overwriting = update.length > 0 ? ` on duplicate key update ${overwritten.join(", ")}` : "";
  const sql = `insert into ${quoted(getTableName(table))} (${names.map(quoted).join(", ")}) values ?${overwriting}`;
  return batches.map((values) => ({ sql, values: [values] }));
}

function quoted(name: string): string {
  return `\`${name}\``;
}

/** Statements as one text, in packets below a size that every server takes. @param most characters of one */
export function packetsOf(statements: readonly Statement[], most = 500_000): readonly (readonly string[])[] {
  const packets: string[][] = [];
  let room = 0;
  for (const { sql, values } of statements) {
    const text = format(sql, values as SqlValue[]);
    const last = packets.at(-1);
    if (last && text.length <= room) last.push(text);
    else packets.push([text]);
    room = (last && text.length <= room ? room : most) - text.length;
  }
  return packets;
}
