import { createHash } from "node:crypto";
import { type JournalRow, rowsOfApplied } from "../../migrations/journal.ts";
import type { MigrationFolder } from "../../migrations/migration-folder.ts";

/** The digest of a journal whose rows these are: MD5 of `migration statement checksum status` lines in order of their key. */
export function digestOfJournal(rows: readonly JournalRow[]): string {
  const lines = rows
    .filter(({ migration }) => migration !== "" && migration !== "@seed")
    .toSorted((a, b) => compareBytes(a.migration, b.migration) || a.statement - b.statement)
    .map(({ migration, statement, checksum, status }) => `${migration} ${statement} ${checksum} ${status}`);
  return createHash("md5").update(lines.join("\n")).digest("hex");
}

/** The rows of a journal in which the whole folder was applied. */
export function rowsOfFolder({ migrations }: MigrationFolder): readonly JournalRow[] {
  return migrations.flatMap((migration, at) => rowsOfApplied(migration, migrations[at - 1]?.tag));
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
