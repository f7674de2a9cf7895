import type { Migration } from "./migration.ts";
import type { MigrationFolder } from "./migration-folder.ts";
import { MigrationTampered, SchemaAhead } from "./migration-trouble.ts";

/** Names in the journal that are no tags; a tag never begins with `@`, and the ownership marker's name is empty. */
export const baselineEntry = "@baseline";
export const seedEntry = "@seed";

/** One row of a tenant's journal. Statement 0 is the migration as a whole. */
export interface JournalRow {
  readonly migration: string;
  readonly statement: number;
  /** SHA-256, hex: of the file for statement 0, else of the statement. */
  readonly checksum: string;
  readonly status: "STARTED" | "DONE";
  /** With statement 0: the newest tag before it. */
  readonly fromVersion?: string | undefined;
}

/** A migration that is not applied, or not to its end. */
export interface PendingMigration {
  readonly migration: Migration;
  /** Whether its start is in the journal. */
  readonly begun: boolean;
  /** Number of the first statement that is not known to be done. */
  readonly next: number;
  /** Whether the statement `next` had begun. */
  readonly inDoubt: boolean;
}

/** What a journal says beside a folder. Pure data: the migrator acts on it, validation reports it. */
export interface JournalReading {
  /** Applied migrations that the folder knows, in its order. */
  readonly applied: readonly string[];
  /** The newest of them. */
  readonly version?: string | undefined;
  readonly pending: readonly PendingMigration[];
  /** A sentence for each migration that is not what was applied. */
  readonly tampered: readonly string[];
  /** Tags that the folder does not know, newer than all it knows. */
  readonly ahead: readonly string[];
  /** The folder's checksum when a folded batch began and did not end. */
  readonly baselineBegun?: string | undefined;
  readonly seeded: boolean;
  /** No migration has begun. */
  readonly fresh: boolean;
}

/** Lays journal and folder side by side; migrations are found by name, so one that was merged out of order is pending. */
export function readJournalRows(rows: readonly JournalRow[], folder: MigrationFolder): JournalReading {
  const byTag = rowsByTag(rows);
  const pending: PendingMigration[] = [];
  const applied: string[] = [];
  const tampered: string[] = [];
  for (const migration of folder.migrations) {
    const own = byTag.get(migration.tag) ?? [];
    byTag.delete(migration.tag);
    const whole = own.find((row) => row.statement === 0);
    tampered.push(...complaintsOf(migration, whole, own));
    if (whole?.status === "DONE") applied.push(migration.tag);
    else pending.push(pendingOf(migration, own));
  }
  const newest = folder.migrations.at(-1)?.tag ?? "";
  const unknown = [...byTag.keys()].sort();
  tampered.push(
    ...unknown.filter((tag) => tag <= newest).map((tag) => `Migration ${tag} was applied, but its file is gone.`),
  );
  return {
    applied,
    version: applied.at(-1),
    pending,
    tampered,
    ahead: unknown.filter((tag) => tag > newest),
    baselineBegun: rows.find((row) => row.migration === baselineEntry)?.checksum,
    seeded: rows.some((row) => row.migration === seedEntry && row.status === "DONE"),
    fresh: isFresh(rows),
  };
}

/** Whether no migration has begun. */
export function isFresh(rows: readonly JournalRow[]): boolean {
  return rows.every((row) => row.migration === "" || row.migration.startsWith("@"));
}

/** @throws MigrationTampered, SchemaAhead when the folder may not be applied to this database */
export function refuseMismatch(reading: JournalReading): void {
  if (reading.ahead.length > 0) throw new SchemaAhead(reading.ahead);
  if (reading.tampered.length > 0) throw new MigrationTampered(reading.tampered);
}

/** The rows that say that the whole migration was applied. */
export function rowsOfApplied(migration: Migration, fromVersion: string | undefined): readonly JournalRow[] {
  return [
    { migration: migration.tag, statement: 0, checksum: migration.checksum, status: "DONE", fromVersion },
    ...migration.statements.map((statement) => statementRow(migration, statement, "DONE")),
  ];
}

/** The row of one statement. */
export function statementRow(
  migration: Migration,
  statement: { readonly number: number; readonly checksum: string },
  status: JournalRow["status"],
): JournalRow {
  return { migration: migration.tag, statement: statement.number, checksum: statement.checksum, status };
}

function rowsByTag(rows: readonly JournalRow[]): Map<string, JournalRow[]> {
  const byTag = new Map<string, JournalRow[]>();
  for (const row of rows) {
    if (row.migration === "" || row.migration.startsWith("@")) continue;
    const own = byTag.get(row.migration);
    if (own) own.push(row);
    else byTag.set(row.migration, [row]);
  }
  return byTag;
}

/** A finished migration must be the same file; of a half-applied one, the statements that have begun must be the same. */
function complaintsOf(
  migration: Migration,
  whole: JournalRow | undefined,
  own: readonly JournalRow[],
): readonly string[] {
  if (whole?.status === "DONE") {
    return whole.checksum === migration.checksum
      ? []
      : [`Migration ${migration.tag} was edited after it had been applied.`];
  }
  const edited = own
    .filter((row) => row.statement > 0 && migration.statements[row.statement - 1]?.checksum !== row.checksum)
    .map((row) => `Statement ${row.statement} of migration ${migration.tag} was edited after it had been applied.`);
  return edited.length === 0 && hasGap(own)
    ? [`Rows of migration ${migration.tag} are missing in the journal.`]
    : edited;
}

/** Statements are done in order, and one at a time: any other picture is not the service's. */
function hasGap(own: readonly JournalRow[]): boolean {
  const done = own.filter((row) => row.statement > 0 && row.status === "DONE").length;
  return own.some(({ statement, status }) => statement > (status === "DONE" ? done : done + 1));
}

function pendingOf(migration: Migration, own: readonly JournalRow[]): PendingMigration {
  const done = own.filter((row) => row.statement > 0 && row.status === "DONE").length;
  const next = done + 1;
  const inDoubt = own.some((row) => row.statement === next && row.status === "STARTED");
  return { migration, begun: own.length > 0, next, inDoubt };
}
