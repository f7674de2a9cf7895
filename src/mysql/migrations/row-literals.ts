/** A column whose values are read as literals. */
export interface LiteralColumn {
  readonly name: string;
  /** Lower case, e.g. `varchar`. */
  readonly dataType: string;
  /** Fractional digits of a time. */
  readonly precision: number;
}

/** Rows of one table as literals of SQL, in the order of the columns. */
export interface TableRows {
  readonly table: string;
  readonly columns: readonly LiteralColumn[];
  readonly rows: readonly (readonly string[])[];
}

/** A session clock: `SET timestamp`, and the same instant as text in UTC. Repeated digits round to themselves. */
export interface FrozenClock {
  readonly timestamp: string;
  readonly date: string;
  readonly time: string;
}

export const frozenClocks: readonly [FrozenClock, FrozenClock] = [
  { timestamp: "1000000000.111111", date: "2001-09-09", time: "01:46:40.111111" },
  { timestamp: "2000000000.222222", date: "2033-05-18", time: "03:33:20.222222" },
];

const rowsPerInsert = 500;
const quotable = new Set(["bit", "binary", "varbinary", "float", "double", "decimal"]);

/** An expression that gives the column's value as a literal which, inserted again, is the same value. */
export function literalExpression(column: LiteralColumn, quoted: string): string {
  const { dataType } = column;
  if (dataType === "bit") return orNull(`CONCAT('b''', BIN(${quoted} + 0), '''')`);
  if (/binary$|blob$|^geo|point$|string$|polygon$|^multi/.test(dataType)) {
    return orNull(`CONCAT('X''', HEX(${quoted}), '''')`);
  }
  // A float prints six digits, which is less than it holds.
  if (dataType === "float") return orNull(`CONCAT('', CAST(${quoted} AS DOUBLE))`);
  if (quotable.has(dataType) || /int$/.test(dataType)) return orNull(`CONCAT('', ${quoted})`);
  return `QUOTE(CONVERT(${quoted} USING utf8mb4))`;
}

/**
 * What two runs of the same migrations under different clocks have in common, with the clock's function where a value is
 * the clock's. @returns undefined when the rows differ otherwise
 */
export function commonRows(first: TableRows, second: TableRows | undefined): TableRows | undefined {
  if (first.rows.length !== (second?.rows.length ?? 0)) return undefined;
  let common = true;
  const rows = first.rows.map((row, at) =>
    row.map((literal, column) => {
      const other = second?.rows[at]?.[column];
      if (literal === other) return literal;
      const current = clockFunction(first.columns[column], literal, other);
      if (current === undefined) common = false;
      return current ?? literal;
    }),
  );
  return common ? { ...first, rows } : undefined;
}

/** INSERT statements for the rows, of a bounded length each. */
export function insertStatements(rows: TableRows, quote: (name: string) => string): readonly string[] {
  const names = rows.columns.map((column) => quote(column.name)).join(", ");
  const statements: string[] = [];
  for (let at = 0; at < rows.rows.length; at += rowsPerInsert) {
    const values = rows.rows.slice(at, at + rowsPerInsert).map((row) => `(${row.join(", ")})`);
    statements.push(`INSERT INTO ${quote(rows.table)} (${names}) VALUES\n${values.join(",\n")}`);
  }
  return statements;
}

function clockFunction(
  column: LiteralColumn | undefined,
  first: string,
  second: string | undefined,
): string | undefined {
  if (!column) return undefined;
  const isClock = frozenClocks.every((clock, run) => `'${clockText(column, clock)}'` === (run === 0 ? first : second));
  if (!isClock) return undefined;
  if (column.dataType === "date") return "CURRENT_DATE";
  return `${column.dataType === "time" ? "CURRENT_TIME" : "CURRENT_TIMESTAMP"}(${column.precision})`;
}

function clockText(column: LiteralColumn, clock: FrozenClock): string {
  const time = clock.time.slice(0, column.precision === 0 ? 8 : 9 + column.precision);
  if (column.dataType === "date") return clock.date;
  if (column.dataType === "time") return time;
  return column.dataType === "datetime" || column.dataType === "timestamp" ? `${clock.date} ${time}` : "";
}

function orNull(expression: string): string {
  return `IFNULL(${expression}, 'NULL')`;
}
