import { canaryComment, canaryMade, canaryNone, canaryTable } from "../../servers/canary.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";
import { type AttemptSpec, at, noFile, noSuchTable, specsOf, stoppedFile } from "./attempt-spec.ts";

/** Every way to change the victim's rows; they are rolled back. */
export function rowSpecs(victim: string): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const changesRows = { changesRows: true };
  return specsOf("CROSS_WRITE", victim, [
    ["adding a row", `INSERT INTO ${canary} (id, token) VALUES (2, 'reached')`, changesRows],
    ["changing a row", `UPDATE ${canary} SET token = 'reached'`, changesRows],
    ["deleting a row", `DELETE FROM ${canary}`, changesRows],
    ["replacing a row", `REPLACE INTO ${canary} (id, token) VALUES (2, 'reached')`, changesRows],
  ]);
}

/** Every other way to change, take or hinder what is the victim's. What would destroy is aimed at what is not there. */
export function changeSpecs(victim: string, attacker: string, bystanderSession: number): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const none = at(victim, canaryNone);
  const made = at(victim, canaryMade);
  return specsOf("CROSS_WRITE", victim, [
    ["altering the table", `ALTER TABLE ${canary} COMMENT = '${canaryComment}'`],
    ["dropping an index", `DROP INDEX tenantry_canary_none ON ${canary}`, { reachedBy: [1091] }],
    ["dropping a table", `DROP TABLE ${none}`, { reachedBy: [noSuchTable.toDrop] }],
    ["emptying a table", `TRUNCATE TABLE ${none}`, { reachedBy: [noSuchTable.toUse] }],
    ["creating a table", `CREATE TABLE IF NOT EXISTS ${canary} (id INT)`],
    [
      "creating a temporary table",
      `CREATE TEMPORARY TABLE ${made} (id INT)`,
      { undo: `DROP TEMPORARY TABLE IF EXISTS ${made}` },
    ],
    [
      "moving a table into the database",
      `RENAME TABLE ${at(attacker, canaryNone)} TO ${none}`,
      { reachedBy: [noSuchTable.toUse] },
    ],
    ["creating the database", `CREATE DATABASE IF NOT EXISTS ${quoteName(victim)}`],
    ["locking the table", `LOCK TABLES ${canary} WRITE`, { undo: "UNLOCK TABLES" }],
    ["ending another's statement", `KILL QUERY ${bystanderSession}`],
    ["writing files of the server", `SELECT 1 INTO OUTFILE ${noFile}`, { reachedBy: stoppedFile }],
  ]);
}

/** Every way to store code that reaches the victim, in the attacker's database or in the victim's own. */
export function codeSpecs(victim: string, attacker: string): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const own = at(attacker, canaryMade);
  const made = at(victim, canaryMade);
  const body = "SET @tenantry_canary_made = 1";
  const dropping = (kind: string, what: string) => ({ undo: `DROP ${kind} IF EXISTS ${what}` });
  return specsOf("STORED_CODE", victim, [
    ["a view over the table", `CREATE VIEW ${own} AS SELECT * FROM ${canary}`, dropping("VIEW", own)],
    [
      "a view with the other's rights",
      `CREATE DEFINER = ${quoteAccount(victim)} VIEW ${own} AS SELECT 1 AS one`,
      dropping("VIEW", own),
    ],
    ["a view in the other's database", `CREATE VIEW ${made} AS SELECT 1 AS one`, dropping("VIEW", made)],
    [
      "a trigger on the table",
      `CREATE TRIGGER ${made} BEFORE INSERT ON ${canary} FOR EACH ROW ${body}`,
      dropping("TRIGGER", made),
    ],
    [
      "an event in the other's database",
      `CREATE EVENT ${made} ON SCHEDULE EVERY 1 YEAR DISABLE DO ${body}`,
      dropping("EVENT", made),
    ],
    ["a procedure in the other's database", `CREATE PROCEDURE ${made}() ${body}`, dropping("PROCEDURE", made)],
    ["calling the other's code", `CALL ${at(victim, canaryNone)}()`, { reachedBy: [1305] }],
  ]);
}
