import { describe, expect, it } from "vitest";
import { readMigration } from "../../src/migrations/migration.ts";

/** Facts as `+table t`, `-column t.c`; `again` when it may be repeated, `?` when nothing tells. */
function effectOf(sql: string): string {
  const effect = readMigration("0001_x", sql).migration.statements[0]?.effect;
  if (effect?.kind !== "SCHEMA") return String(effect?.kind);
  const facts = effect.facts.map(
    ({ what, table, name, present }) => `${present ? "+" : "-"}${what} ${table}${name === undefined ? "" : `.${name}`}`,
  );
  return facts.join(", ") || (effect.repeatable ? "again" : "?");
}

describe("the effect of a statement", () => {
  for (const [sql, expected] of [
    ["CREATE TABLE `t``x` (a int)", "+table t`x"],
    ["CREATE TABLE IF NOT EXISTS t (a int)", "again"],
    ["CREATE TABLE IF NOT EXISTS t SELECT 1", "+table t"],
    ["CREATE VIEW v AS SELECT 1", "+table v"],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", "again"],
    ["ALTER VIEW v AS SELECT 1", "again"],
    ["CREATE UNIQUE INDEX i USING BTREE ON t (a)", "+index t.i"],
    ["CREATE INDEX IF NOT EXISTS i ON t (a)", "again"],
    ["DROP INDEX `i` ON `t`", "-index t.i"],
    ["DROP TABLE a, b", "-table a, -table b"],
    ["DROP TABLE IF EXISTS a", "again"],
    ["DROP VIEW v", "-table v"],
    ["RENAME TABLE a TO b, c TO d", "-table a, +table b, -table c, +table d"],
    ["RENAME TABLE a TO tmp, b TO a, tmp TO b", "?"],
    ["ALTER TABLE t ADD c int", "+column t.c"],
    ["ALTER TABLE t ADD COLUMN c enum('a,b','c') DEFAULT 'a,b' AFTER x, ADD d int", "+column t.c, +column t.d"],
    ["ALTER TABLE t ADD COLUMN (c decimal(1,1), d int)", "+column t.c, +column t.d"],
    ["ALTER TABLE t ADD COLUMN IF NOT EXISTS c int", "again"],
    ["ALTER TABLE t DROP c, DROP COLUMN d", "-column t.c, -column t.d"],
    ["ALTER TABLE t DROP COLUMN IF EXISTS c", "again"],
    ["ALTER TABLE t CHANGE a b int", "-column t.a, +column t.b"],
    ["ALTER TABLE t CHANGE COLUMN a A bigint", "again"],
    ["ALTER TABLE t RENAME COLUMN a TO b", "-column t.a, +column t.b"],
    ["ALTER TABLE t RENAME INDEX a TO b", "-index t.a, +index t.b"],
    ["ALTER TABLE t RENAME TO u", "-table t, +table u"],
    ["ALTER TABLE t RENAME u, ADD c int", "-table t, +table u"],
    ["ALTER TABLE t MODIFY a bigint, ALTER b SET DEFAULT 1, COMMENT='x'", "again"],
    ["ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "again"],
    ["ALTER TABLE t ADD INDEX i (a), ADD UNIQUE KEY u (b), ADD FULLTEXT f (c)", "+index t.i, +index t.u, +index t.f"],
    ["ALTER TABLE t ADD INDEX (a)", "?"],
    ["ALTER TABLE t ADD UNIQUE (a), ADD c int", "+column t.c"],
    ["ALTER TABLE t ADD PRIMARY KEY (a)", "+index t.PRIMARY"],
    ["ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (b)", "?"],
    ["ALTER TABLE t ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES u (a)", "+constraint t.c"],
    ["ALTER TABLE t ADD CONSTRAINT c UNIQUE (a)", "+constraint t.c"],
    ["ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY (a)", "+index t.PRIMARY"],
    ["ALTER TABLE t ADD CONSTRAINT CHECK (a > 1)", "?"],
    ["ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (a)", "?"],
    ["ALTER TABLE t DROP FOREIGN KEY c, DROP CONSTRAINT d, DROP KEY i", "-constraint t.c, -constraint t.d, -index t.i"],
    ["ALTER TABLE t DROP INDEX i, ADD INDEX i (a, b)", "?"],
    ["ALTER TABLE t ADD PARTITION (PARTITION p VALUES LESS THAN (1))", "?"],
    ["INSERT INTO t VALUES (1)", "ROWS"],
    ["SET @a = 1", "ROWS"],
    ["SET foreign_key_checks = 0", "SETTING"],
  ] as const) {
    it(`of ${sql} is ${expected}`, () => {
      expect(effectOf(sql)).toBe(expected);
    });
  }
});
