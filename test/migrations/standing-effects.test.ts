import { describe, expect, it } from "vitest";
import type { PendingMigration } from "../../src/migrations/journal.ts";
import { readMigration } from "../../src/migrations/migration.ts";
import type { SchemaDescription, TableDescription } from "../../src/migrations/schema-description.ts";
import { standingAlready } from "../../src/migrations/standing-effects.ts";

const column = { type: "int", nullable: true, extra: "" };
const index = { unique: true, method: "BTREE", columns: ["a"] };
const key = { columns: ["a"], table: "u", referenced: ["a"], onUpdate: "RESTRICT", onDelete: "RESTRICT" };
const t: TableDescription = {
  kind: "TABLE",
  columns: new Map([["a", column]]),
  indexes: new Map([["t_a", index]]),
  foreignKeys: new Map([["t_fk", key]]),
};
const actual: SchemaDescription = { charset: "", collation: "", tables: new Map([["t", t]]) };

function pending(sql: string, progress: Partial<PendingMigration> = {}): PendingMigration {
  return { migration: readMigration("0001_b", sql).migration, begun: false, next: 1, inDoubt: false, ...progress };
}

describe("what stands already", () => {
  it.each([
    "CREATE TABLE t (a int);",
    "ALTER TABLE t ADD COLUMN A int;",
    "CREATE INDEX t_a ON t (a);",
    "ALTER TABLE t ADD CONSTRAINT t_fk FOREIGN KEY (a) REFERENCES u (a);",
    "ALTER TABLE t ADD COLUMN b int; UPDATE t SET b = 1; ALTER TABLE t ADD COLUMN a int;",
  ])("is in the way of %s", (sql) => {
    expect(standingAlready([pending(sql)], actual)).toEqual(["0001_b"]);
  });

  it.each([
    "CREATE TABLE v (a int);",
    "ALTER TABLE t ADD COLUMN b int;",
    "CREATE TABLE IF NOT EXISTS t (a int);",
    "CREATE OR REPLACE VIEW t AS SELECT 1;",
    "DROP TABLE t; CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN b int;",
    "DROP TABLE IF EXISTS t; CREATE TABLE t (a int);",
    "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a bigint;",
    "RENAME TABLE t TO old; CREATE TABLE t (a int);",
    "INSERT INTO t (a) VALUES (1);",
  ])("is not in the way of %s", (sql) => {
    expect(standingAlready([pending(sql)], actual)).toEqual([]);
  });

  it("is looked for from where the journal has come to, and not of the statement that is in doubt", () => {
    const sql = "ALTER TABLE t ADD COLUMN a int; ALTER TABLE t ADD COLUMN b int;";
    expect(standingAlready([pending(sql, { next: 2 })], actual)).toEqual([]);
    expect(standingAlready([pending(sql, { inDoubt: true })], actual)).toEqual([]);
    expect(standingAlready([pending(sql), pending(sql)], actual)).toEqual(["0001_b", "0001_b"]);
  });
});
