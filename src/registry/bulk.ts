import { type Column, getTableColumns, type InferInsertModel, type SQL, sql } from "drizzle-orm";
import type { MySqlTable } from "drizzle-orm/mysql-core";
import type { Orm } from "./orm.ts";

/** Rows per statement: far below max_allowed_packet, and building the text stays a matter of milliseconds. */
const rowsPerStatement = 500;

/**
 * Adds many rows, a few hundred in a statement. All values of a statement are one bound value for the query builder, which takes
 * 3 µs for each value else; the driver writes them out. What a row leaves out is NULL.
 * @param update columns to overwrite in rows whose key exists already; else such a row is the server's error
 */
export async function insertRows<Table extends MySqlTable>(
  tx: Orm,
  table: Table,
  rows: readonly InferInsertModel<Table>[],
  update: readonly (keyof InferInsertModel<Table> & string)[] = [],
): Promise<void> {
  const columns: Readonly<Record<string, Column>> = getTableColumns(table);
  const overwrite = overwriting(update.map((key) => columns[key]?.name ?? key));
  const { names, batches } = writtenOut(table, rows);
  const listed = sql.join(
    names.map((name) => sql.identifier(name)),
    sql`, `,
  );
  for (const values of batches) {
    await tx.execute(sql`insert into ${table} (${listed}) values ${sql.param(values)}${overwrite}`);
  }
}

/** The database's clock, as a value of a row. */
export const databaseClock = { toSqlString: () => "UTC_TIMESTAMP(3)" };

/** Rows as the driver writes them: names of the columns that any of them uses, and for each statement its rows' values in that order. */
export function writtenOut(
  table: MySqlTable,
  rows: readonly object[],
): { readonly names: readonly string[]; readonly batches: readonly (readonly (readonly unknown[])[])[] } {
  const columns = Object.entries<Column>(getTableColumns(table));
  const used = columns.filter(([key]) => rows.some((row) => inRow(row, key) !== undefined));
  const batches = parts(rows).map((part) =>
    part.map((row) => used.map(([key, column]) => driverValue(column, inRow(row, key)))),
  );
  return { names: used.map(([, { name }]) => name), batches };
}

/** Whether the column has one of the values; nothing has one of none. The list is one bound value. */
export function isAmong(column: Column, values: readonly unknown[]): SQL {
  if (values.length === 0) return sql`false`;
  return sql`${column} in ${sql.param([values.map((value) => driverValue(column, value))])}`;
}

/** Cuts a long list into the rows of one statement each. */
export function parts<Row>(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / rowsPerStatement);
  return Array.from({ length: count }, (_, at) => rows.slice(at * rowsPerStatement, (at + 1) * rowsPerStatement));
}

function overwriting(names: readonly string[]): SQL {
  if (names.length === 0) return sql``;
  const each = names.map((name) => sql`${sql.identifier(name)} = values(${sql.identifier(name)})`);
  return sql` on duplicate key update ${sql.join(each, sql`, `)}`;
}

function inRow(row: object, key: string): unknown {
  return Reflect.get(row, key);
}

function driverValue(column: Column, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return value === databaseClock ? value : column.mapToDriverValue(value);
}
