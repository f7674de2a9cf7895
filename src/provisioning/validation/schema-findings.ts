import type { JournalReading, PendingMigration } from "../../migrations/journal.ts";
import type { SchemaDifference, SchemaDifferenceKind } from "../../migrations/schema-diff.ts";
import type { Finding, Remedy, Severity } from "../finding.ts";
import type { SchemaSight } from "./schema-inspector.ts";

const severities: Readonly<Record<SchemaDifferenceKind, Severity>> = {
  MISSING_TABLE: "CRITICAL",
  EXTRA_TABLE: "INFO",
  MISSING_COLUMN: "CRITICAL",
  EXTRA_COLUMN: "INFO",
  COLUMN_MISMATCH: "WARNING",
  MISSING_INDEX: "WARNING",
  EXTRA_INDEX: "INFO",
  MISSING_FOREIGN_KEY: "WARNING",
  WRONG_ENGINE: "WARNING",
  WRONG_CHARSET: "WARNING",
};

const sentences: Readonly<Record<SchemaDifferenceKind, string>> = {
  MISSING_TABLE: "A table of the tenant's migrations is not there.",
  EXTRA_TABLE: "No migration made this table.",
  MISSING_COLUMN: "A column of the tenant's migrations is not there.",
  EXTRA_COLUMN: "No migration made this column.",
  COLUMN_MISMATCH: "The column is not as the migrations made it.",
  MISSING_INDEX: "An index of the tenant's migrations is not there.",
  EXTRA_INDEX: "No migration made this index.",
  MISSING_FOREIGN_KEY: "A foreign key of the tenant's migrations is not there.",
  WRONG_ENGINE: "The table has another storage engine.",
  WRONG_CHARSET: "The table has another default collation.",
};

/** What a tenant's journal and structure tell. Pure. @param latest tag of the newest migration of the folder */
export function schemaFindings(object: string, sight: SchemaSight, latest: string | undefined): readonly Finding[] {
  const differences = sight.differences.map(toFinding);
  const { reading } = sight;
  if (!reading) return differences.length > 0 ? differences : [emptyDatabase(object)];
  // An empty database whose journal is empty too has lost what the registry says it had: that is one fact, not two.
  if (reading.fresh && differences.length > 0) return differences;
  return [...differences, ...journalFindings(object, reading, latest)];
}

const addable: ReadonlySet<SchemaDifferenceKind> = new Set([
  "MISSING_TABLE",
  "MISSING_COLUMN",
  "MISSING_INDEX",
  "MISSING_FOREIGN_KEY",
]);

function toFinding({ kind, object, expected, actual }: SchemaDifference): Finding {
  // Where something of another shape has the name, it would have to go first.
  const remedy: Remedy | undefined = addable.has(kind) && actual === undefined ? "SCHEMA" : undefined;
  return { kind, severity: severities[kind], object, message: sentences[kind], expected, actual, remedy };
}

function emptyDatabase(databaseName: string): Finding {
  const message = "The database is empty: not even the service's own table is there.";
  return { kind: "MISSING_TABLE", severity: "CRITICAL", object: databaseName, message, remedy: "SCHEMA" };
}

function journalFindings(object: string, reading: JournalReading, latest: string | undefined): readonly Finding[] {
  const tampered = reading.tampered.map(
    (message): Finding => ({ kind: "MIGRATION_TAMPERED", severity: "WARNING", object, message }),
  );
  const ahead = reading.ahead.map(
    (tag): Finding => ({
      kind: "SCHEMA_AHEAD",
      severity: "WARNING",
      object: tag,
      message: "The database has a migration that is not in the folder: a newer version of it was here.",
      expected: latest,
      actual: tag,
    }),
  );
  const begun = reading.pending.filter((pending) => pending.begun);
  const waiting = reading.pending.filter((pending) => !pending.begun).map(({ migration }) => migration.tag);
  return [...tampered, ...ahead, ...begun.map(halfApplied), ...brokenBatch(object, reading), ...pending(waiting)];

  function pending(tags: readonly string[]): readonly Finding[] {
    if (tags.length === 0 || reading.baselineBegun !== undefined) return [];
    const message = `Migrations have not been applied yet: ${tags.join(", ")}.`;
    const [expected, actual] = [latest, reading.version ?? "none"];
    return [
      { kind: "PENDING_MIGRATIONS", severity: "WARNING", object, message, expected, actual, remedy: "MIGRATIONS" },
    ];
  }
}

function halfApplied({ migration, next }: PendingMigration): Finding {
  return {
    kind: "HALF_APPLIED_MIGRATION",
    severity: "CRITICAL",
    object: migration.tag,
    message: "The migration was applied in part.",
    expected: `${migration.statements.length} statements`,
    actual: `${next - 1} statements`,
    remedy: "MIGRATIONS",
  };
}

function brokenBatch(object: string, { baselineBegun }: JournalReading): readonly Finding[] {
  if (baselineBegun === undefined) return [];
  const message = "The first migrations were applied in part.";
  return [{ kind: "HALF_APPLIED_MIGRATION", severity: "CRITICAL", object, message, remedy: "MIGRATIONS" }];
}
