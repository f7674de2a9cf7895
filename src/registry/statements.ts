import { type Column, getTableColumns, getTableName } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import { format, type SqlValue } from "mysql2";
import { parts } from "./bulk.ts";

/** A statement with a `?` for each of its values. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The database's clock, as a value of a row. */
export const databaseClock = { toSqlString: () => "UTC_TIMESTAMP(3)" };

/** Inserts that enter these rows, a few hundred at a time; none for none. What a row leaves out is NULL. */
export function insertInto(table: MySqlTable, rows: readonly object[]): readonly Statement[] {
  const columns = Object.entries<Column>(getTableColumns(table));
  const used = columns.filter(([key]) => rows.some((row) => Reflect.get(row, key) !== undefined));
  const names = used.map(([, { name }]) => `\`${name}\``).join(", ");
  const sql = `insert into \`${getTableName(table)}\` (${names}) values ?`;
  return parts(rows).map((part) => ({ sql, values: [part.map((row) => valuesOf(row, used))] }));
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

function valuesOf(row: object, used: readonly (readonly [string, Column])[]): readonly unknown[] {
  return used.map(([key, column]) => {
    const value: unknown = Reflect.get(row, key);
    if (value === undefined || value === null) return null;
    return value === databaseClock ? value : column.mapToDriverValue(value);
  });
}
