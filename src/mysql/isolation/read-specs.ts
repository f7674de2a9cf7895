import { canaryMade, canaryTable } from "../../servers/canary.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteName } from "../pools/identifiers.ts";
import { type AttemptSpec, at, noFile, noSuchTable, specsOf, stoppedFile } from "./attempt-spec.ts";

/** Every way to read the victim's rows, from this attacker's database. */
export function readSpecs(victim: string, attacker: string): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const own = at(attacker, canaryTable);
  const made = at(attacker, canaryMade);
  const undo = `DROP TABLE IF EXISTS ${made}`;
  return specsOf("CROSS_READ", victim, [
    ["reading a row", `SELECT token FROM ${canary}`],
    [
      "reading the ownership marker",
      `SELECT tenant_id FROM ${at(victim, journalTable)} LIMIT 1`,
      { reachedBy: [noSuchTable.toUse] },
    ],
    [
      "preparing a statement",
      `PREPARE tenantry_canary FROM 'SELECT token FROM ${canary}'`,
      { undo: "DEALLOCATE PREPARE tenantry_canary" },
    ],
    ["opening a handler", `HANDLER ${canary} OPEN AS tenantry_canary`, { undo: "HANDLER tenantry_canary CLOSE" }],
    [
      "copying a row into its own table",
      `INSERT INTO ${own} (id, token) SELECT 2, token FROM ${canary}`,
      { changesRows: true },
    ],
    ["copying a table", `CREATE TABLE ${made} SELECT * FROM ${canary}`, { undo }],
    [
      "copying into a temporary table",
      `CREATE TEMPORARY TABLE ${made} SELECT * FROM ${canary}`,
      { undo: `DROP TEMPORARY TABLE IF EXISTS ${made}` },
    ],
    [
      "merging the table into one of its own",
      `CREATE TABLE ${made} (id INT NOT NULL) ENGINE=MERGE UNION=(${canary})`,
      { reachedBy: [1168], undo },
    ],
    ["reading files of the server", `LOAD DATA INFILE ${noFile} INTO TABLE ${own}`, { reachedBy: stoppedFile }],
    ["locking the table for reading", `LOCK TABLES ${canary} READ`, { undo: "UNLOCK TABLES" }],
  ]);
}

/** Every way to see the victim's structures, and to build on them. */
export function structureSpecs(victim: string, attacker: string): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const made = at(attacker, canaryMade);
  const undo = `DROP TABLE IF EXISTS ${made}`;
  return specsOf("SCHEMA", victim, [
    ["choosing the database", `USE ${quoteName(victim)}`],
    ["listing tables", `SHOW TABLES FROM ${quoteName(victim)}`],
    ["reading the database's definition", `SHOW CREATE DATABASE ${quoteName(victim)}`],
    ["reading a table's definition", `SHOW CREATE TABLE ${canary}`],
    ["listing columns", `SHOW COLUMNS FROM ${canary}`],
    ["copying a table's structure", `CREATE TABLE ${made} LIKE ${canary}`, { undo }],
    [
      "referring to the table by a foreign key",
      `CREATE TABLE ${made} (id INT NOT NULL PRIMARY KEY, FOREIGN KEY (id) REFERENCES ${canary} (id)) ENGINE=InnoDB`,
      { undo },
    ],
    [
      "looking it up in INFORMATION_SCHEMA",
      `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${victim}'`,
      { rowsReach: true },
    ],
  ]);
}
