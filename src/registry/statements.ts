import { getTableName } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import { format, type SqlValue } from "mysql2";
import { writtenOut } from "./bulk.ts";

/** A statement with a `?` for each of its values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Inserts that enter these rows, a few hundred at a time; none for none. What a row leaves out is NULL. */
export function insertInto(table: MySqlTable, rows: readonly object[]): readonly Statement[] {
  const { names, batches } = writtenOut(table, rows);
  const quoted = names.map((name) => `\`${name}\``).join(", ");
  const sql = `insert into \`${getTableName(table)}\` (${quoted}) values ?`;
  return batches.map((values) => ({ sql, values: [values] }));
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
