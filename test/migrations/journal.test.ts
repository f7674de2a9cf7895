import { describe, expect, it } from "vitest";
import { type JournalRow, readJournalRows, refuseMismatch, rowsOfApplied } from "../../src/migrations/journal.ts";
import { readMigration } from "../../src/migrations/migration.ts";
import { folderOf } from "../../src/migrations/migration-folder.ts";

const [a, b, c] = [
  readMigration("0000_a", "CREATE TABLE a (id int); CREATE TABLE b (id int);").migration,
  readMigration("0001_b", "ALTER TABLE a ADD x int; ALTER TABLE a ADD y int; ALTER TABLE a ADD z int;").migration,
  readMigration("0002_c", "-- nothing").migration,
];
const folder = folderOf([a, b, c]);
const marker: JournalRow = { migration: "", statement: 0, checksum: "", status: "DONE" };
const begunB: JournalRow = { migration: "0001_b", statement: 0, checksum: b.checksum, status: "STARTED" };
const stepB = (statement: number, status: JournalRow["status"], checksum?: string): JournalRow => ({
  migration: "0001_b",
  statement,
  checksum: checksum ?? b.statements[statement - 1]?.checksum ?? "",
  status,
});

describe("readJournalRows", () => {
  it("takes a database with nothing but its marker for fresh", () => {
    const reading = readJournalRows([marker], folder);
    expect(reading).toMatchObject({ fresh: true, applied: [], version: undefined, ahead: [], tampered: [] });
    expect(reading.pending.map(({ migration, next }) => [migration.tag, next])).toEqual([
      ["0000_a", 1],
      ["0001_b", 1],
      ["0002_c", 1],
    ]);
  });

  it("finds nothing to do where all is applied", () => {
    const rows = [marker, ...[a, b, c].flatMap((migration) => rowsOfApplied(migration, undefined))];
    expect(readJournalRows(rows, folder)).toMatchObject({ fresh: false, version: "0002_c", pending: [] });
  });

  it("resumes behind the last statement that is done", () => {
    const rows = [marker, ...rowsOfApplied(a, undefined), begunB, stepB(1, "DONE"), stepB(2, "DONE")];
    expect(readJournalRows(rows, folder).pending[0]).toEqual({ migration: b, begun: true, next: 3, inDoubt: false });
  });

  it("doubts a statement that has started and is not done", () => {
    const rows = [marker, ...rowsOfApplied(a, undefined), begunB, stepB(1, "DONE"), stepB(2, "STARTED")];
    expect(readJournalRows(rows, folder).pending[0]).toEqual({ migration: b, begun: true, next: 2, inDoubt: true });
  });

  it("tells an edit of an applied file, and of a statement that has begun, but not of one still to come", () => {
    const edited = rowsOfApplied(a, undefined).map((row) => ({ ...row, checksum: "0".repeat(64) }));
    expect(readJournalRows([marker, ...edited], folder).tampered).toEqual([
      "Migration 0000_a was edited after it had been applied.",
    ]);
    expect(readJournalRows([begunB, stepB(1, "STARTED", "0".repeat(64))], folder).tampered).toEqual([
      "Statement 1 of migration 0001_b was edited after it had been applied.",
    ]);
    const mended = [{ ...begunB, checksum: "0".repeat(64) }, stepB(1, "DONE")];
    expect(readJournalRows(mended, folder).tampered).toEqual([]);
  });

  it("calls an unknown newer tag ahead, and an unknown older one a file that is gone", () => {
    const unknown = (migration: string): JournalRow => ({ ...marker, migration, checksum: "x" });
    const newer = readJournalRows([unknown("0003_d"), unknown("0004_e")], folder);
    expect(newer).toMatchObject({ ahead: ["0003_d", "0004_e"], tampered: [] });
    expect(() => refuseMismatch(newer)).toThrow(/0003_d, 0004_e/);
    const older = readJournalRows([unknown("0001_a")], folder);
    expect(older).toMatchObject({ ahead: [], tampered: ["Migration 0001_a was applied, but its file is gone."] });
    expect(() => refuseMismatch(older)).toThrow(/its file is gone/);
  });

  it("reads the entries that are no migrations", () => {
    const rows: JournalRow[] = [
      marker,
      { migration: "@baseline", statement: 0, checksum: "abc", status: "STARTED" },
      { migration: "@seed", statement: 0, checksum: "def", status: "DONE" },
    ];
    expect(readJournalRows(rows, folder)).toMatchObject({ baselineBegun: "abc", seeded: true, fresh: true });
  });
});
