import type {
  ColumnDescription,
  ForeignKeyDescription,
  IndexDescription,
  SchemaDescription,
  TableDescription,
} from "./schema-description.ts";

/** The findings that a comparison of two schemas can make. */
export type SchemaDifferenceKind =
  | "MISSING_TABLE"
  | "EXTRA_TABLE"
  | "MISSING_COLUMN"
  | "EXTRA_COLUMN"
  | "COLUMN_MISMATCH"
  | "MISSING_INDEX"
  | "EXTRA_INDEX"
  | "MISSING_FOREIGN_KEY"
  | "WRONG_ENGINE"
  | "WRONG_CHARSET";

/** One difference between what must be and what is. */
export interface SchemaDifference {
  readonly kind: SchemaDifferenceKind;
  /** `table`, `table.column`, `table.index`; empty for the database itself. */
  readonly object: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
}

/** Compares two databases. The order of columns and the names of foreign keys do not matter. Pure. */
export function diffSchema(expected: SchemaDescription, actual: SchemaDescription): readonly SchemaDifference[] {
  const differences: SchemaDifference[] = [];
  if (expected.collation !== actual.collation) {
    differences.push({ kind: "WRONG_CHARSET", object: "", expected: expected.collation, actual: actual.collation });
  }
  for (const [name, table] of expected.tables) {
    const other = actual.tables.get(name);
    if (other?.kind !== table.kind) {
      differences.push({ kind: "MISSING_TABLE", object: name, expected: table.kind, actual: other?.kind });
    } else differences.push(...diffTable(name, table, other));
  }
  for (const [name, table] of actual.tables) {
    if (!expected.tables.has(name)) differences.push({ kind: "EXTRA_TABLE", object: name, actual: table.kind });
  }
  return differences;
}

function* diffTable(name: string, expected: TableDescription, actual: TableDescription): Generator<SchemaDifference> {
  if (expected.engine !== actual.engine) {
    yield { kind: "WRONG_ENGINE", object: name, expected: expected.engine, actual: actual.engine };
  }
  if (expected.collation !== actual.collation) {
    yield { kind: "WRONG_CHARSET", object: name, expected: expected.collation, actual: actual.collation };
  }
  yield* diffColumns(name, expected, actual);
  yield* diffIndexes(name, expected, actual);
  yield* diffForeignKeys(name, expected, actual);
}

function* diffColumns(name: string, expected: TableDescription, actual: TableDescription): Generator<SchemaDifference> {
  for (const [column, description] of expected.columns) {
    const object = `${name}.${column}`;
    const wanted = columnText(description);
    const other = actual.columns.get(column);
    if (!other) yield { kind: "MISSING_COLUMN", object, expected: wanted };
    else if (columnText(other) !== wanted) {
      yield { kind: "COLUMN_MISMATCH", object, expected: wanted, actual: columnText(other) };
    }
  }
  for (const [column, description] of actual.columns) {
    if (!expected.columns.has(column)) {
      yield { kind: "EXTRA_COLUMN", object: `${name}.${column}`, actual: columnText(description) };
    }
  }
}

/** An index of another shape under the same name is missing as one and extra as the other. */
function* diffIndexes(name: string, expected: TableDescription, actual: TableDescription): Generator<SchemaDifference> {
  for (const [index, description] of expected.indexes) {
    const other = actual.indexes.get(index);
    const wanted = indexText(description);
    if (other && indexText(other) === wanted) continue;
    yield { kind: "MISSING_INDEX", object: `${name}.${index}`, expected: wanted, actual: other && indexText(other) };
  }
  for (const [index, description] of actual.indexes) {
    const other = expected.indexes.get(index);
    if (!other) yield { kind: "EXTRA_INDEX", object: `${name}.${index}`, actual: indexText(description) };
  }
}

function* diffForeignKeys(
  name: string,
  expected: TableDescription,
  actual: TableDescription,
): Generator<SchemaDifference> {
  const present = new Set([...actual.foreignKeys.values()].map(foreignKeyText));
  for (const [key, description] of expected.foreignKeys) {
    const wanted = foreignKeyText(description);
    if (present.has(wanted)) continue;
    const other = actual.foreignKeys.get(key);
    yield {
      kind: "MISSING_FOREIGN_KEY",
      object: `${name}.${key}`,
      expected: wanted,
      actual: other && foreignKeyText(other),
    };
  }
}

/** A column as one line, for comparing and for showing. */
function columnText(column: ColumnDescription): string {
  return [
    column.type,
    column.nullable ? "NULL" : "NOT NULL",
    column.default === undefined ? "" : `DEFAULT ${column.default}`,
    column.collation ?? "",
    column.extra,
    column.expression === undefined ? "" : `AS (${column.expression})`,
  ]
    .filter((part) => part !== "")
    .join(" ");
}

/** An index as one line. */
function indexText(index: IndexDescription): string {
  return `${index.unique ? "UNIQUE " : ""}${index.method} (${index.columns.join(", ")})`;
}

/** A foreign key as one line, without its name. RESTRICT and NO ACTION are the same to InnoDB. */
function foreignKeyText(key: ForeignKeyDescription): string {
  const rule = (text: string) => (text === "NO ACTION" ? "RESTRICT" : text);
  return (
    `(${key.columns.join(", ")}) REFERENCES ${key.table} (${key.referenced.join(", ")}) ` +
    `ON DELETE ${rule(key.onDelete)} ON UPDATE ${rule(key.onUpdate)}`
  );
}
