import { canaryComment, canaryMade, canaryNone, canaryTable } from "../../servers/canary.ts";
import type { Attacker, Party, Victim } from "../../test-runs/isolation/isolation-ground.ts";
import type { IsolationCheckKind } from "../../test-runs/test-run.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";

/** One statement to be tried. That it succeeds means that it reached, unless `rowsReach` says that it takes rows. */
export interface AttemptSpec {
  readonly check: IsolationCheckKind;
  readonly route: string;
  readonly sql: string;
  readonly victim?: string | undefined;
  /** Errnos that come only after the check of rights was passed: what was to be dropped is not there, and the like. */
  readonly reachedBy?: readonly number[] | undefined;
  /** It succeeds for everybody, and reaches when it brings a row. */
  readonly rowsReach?: boolean | undefined;
  /** It changes rows: it runs in a transaction that is rolled back. */
  readonly changesRows?: boolean | undefined;
  /** Takes back, as the same account, what it did. */
  readonly undo?: string | undefined;
}

/** Who the attempts are about. */
export interface Cast {
  readonly attacker: Attacker;
  readonly bystander: Party;
  readonly role: string;
  readonly bystanderSession: number;
}

const unknownTable = 1051;
const noSuchTable = 1146;
/** What FILE allows is stopped by secure_file_priv (1290), or by the folder that is not there. */
const fileErrnos = [1290, 1, 2, 13, 29];
const noFile = "'/tenantry-no-such-folder/canary'";

/** `database.table`, quoted. @throws UnsafeIdentifier */
export function at(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}

/** Every route from the attacker to the victim, whose canary is planted. */
export function routesTo(victim: Victim, cast: Cast): readonly AttemptSpec[] {
  return [...reads(victim, cast), ...structures(victim, cast), ...writes(victim, cast), ...code(victim, cast)].map(
    (spec) => ({ ...spec, victim: victim.databaseName }),
  );
}

/** The routes that tell most, for a victim whose canary is planted. */
export function shortRoutesTo({ databaseName }: Victim): readonly AttemptSpec[] {
  const canary = at(databaseName, canaryTable);
  const specs: readonly AttemptSpec[] = [
    { check: "CROSS_READ", route: "reading a row", sql: `SELECT token FROM ${canary}` },
    {
      check: "CROSS_WRITE",
      route: "changing a row",
      sql: `UPDATE ${canary} SET token = 'reached'`,
      changesRows: true,
    },
    ...harmless(databaseName),
  ];
  return specs.map((spec) => ({ ...spec, victim: databaseName }));
}

/** The routes that need no canary: they end at the check of rights, or touch no row. */
export function routesWithoutCanary({ databaseName }: Party): readonly AttemptSpec[] {
  const journal = at(databaseName, journalTable);
  const specs: readonly AttemptSpec[] = [
    { check: "CROSS_READ", route: "reading the ownership marker", sql: `SELECT tenant_id FROM ${journal} LIMIT 1` },
    { check: "CROSS_WRITE", route: "deleting no row", sql: `DELETE FROM ${journal} WHERE 1 = 0` },
    ...harmless(databaseName),
  ];
  return specs.map((spec) => ({ ...spec, victim: databaseName }));
}

function harmless(database: string): readonly AttemptSpec[] {
  return [
    { check: "SCHEMA", route: "listing tables", sql: `SHOW TABLES FROM ${quoteName(database)}` },
    {
      check: "CROSS_WRITE",
      route: "dropping a table",
      sql: `DROP TABLE ${at(database, canaryNone)}`,
      reachedBy: [unknownTable],
    },
  ];
}

function reads({ databaseName: victim }: Victim, { attacker }: Cast): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const own = at(attacker.databaseName, canaryTable);
  const made = at(attacker.databaseName, canaryMade);
  const drop = `DROP TABLE IF EXISTS ${made}`;
  const check = "CROSS_READ";
  return [
    { check, route: "reading a row", sql: `SELECT token FROM ${canary}` },
    {
      check,
      route: "reading the ownership marker",
      sql: `SELECT tenant_id FROM ${at(victim, journalTable)} LIMIT 1`,
      reachedBy: [noSuchTable],
    },
    { check, route: "choosing the database", sql: `USE ${quoteName(victim)}` },
    {
      check,
      route: "preparing a statement",
      sql: `PREPARE tenantry_canary FROM 'SELECT token FROM ${canary}'`,
      undo: "DEALLOCATE PREPARE tenantry_canary",
    },
    {
      check,
      route: "opening a handler",
      sql: `HANDLER ${canary} OPEN AS tenantry_canary`,
      undo: "HANDLER tenantry_canary CLOSE",
    },
    {
      check,
      route: "copying a row into its own table",
      sql: `INSERT INTO ${own} (id, token) SELECT 2, token FROM ${canary}`,
      changesRows: true,
    },
    { check, route: "copying a table", sql: `CREATE TABLE ${made} SELECT * FROM ${canary}`, undo: drop },
    {
      check,
      route: "copying into a temporary table",
      sql: `CREATE TEMPORARY TABLE ${made} SELECT * FROM ${canary}`,
      undo: `DROP TEMPORARY TABLE IF EXISTS ${made}`,
    },
    {
      check,
      route: "merging the table into one of its own",
      sql: `CREATE TABLE ${made} (id INT NOT NULL) ENGINE=MERGE UNION=(${canary})`,
      reachedBy: [1168],
      undo: drop,
    },
    {
      check,
      route: "reading files of the server",
      sql: `LOAD DATA INFILE ${noFile} INTO TABLE ${own}`,
      reachedBy: fileErrnos,
    },
    { check, route: "locking the table for reading", sql: `LOCK TABLES ${canary} READ`, undo: "UNLOCK TABLES" },
  ];
}

function structures({ databaseName: victim }: Victim, { attacker }: Cast): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const made = at(attacker.databaseName, canaryMade);
  const drop = `DROP TABLE IF EXISTS ${made}`;
  const check = "SCHEMA";
  return [
    { check, route: "listing tables", sql: `SHOW TABLES FROM ${quoteName(victim)}` },
    { check, route: "reading the database's definition", sql: `SHOW CREATE DATABASE ${quoteName(victim)}` },
    { check, route: "reading a table's definition", sql: `SHOW CREATE TABLE ${canary}` },
    { check, route: "listing columns", sql: `SHOW COLUMNS FROM ${canary}` },
    { check, route: "copying a table's structure", sql: `CREATE TABLE ${made} LIKE ${canary}`, undo: drop },
    {
      check,
      route: "referring to the table by a foreign key",
      sql: `CREATE TABLE ${made} (id INT NOT NULL PRIMARY KEY, FOREIGN KEY (id) REFERENCES ${canary} (id)) ENGINE=InnoDB`,
      undo: drop,
    },
    {
      check,
      route: "looking it up in INFORMATION_SCHEMA",
      sql: `SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '${victim}'`,
      rowsReach: true,
    },
  ];
}

function writes({ databaseName: victim }: Victim, cast: Cast): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const none = at(victim, canaryNone);
  const check = "CROSS_WRITE";
  return [
    {
      check,
      route: "adding a row",
      sql: `INSERT INTO ${canary} (id, token) VALUES (2, 'reached')`,
      changesRows: true,
    },
    { check, route: "changing a row", sql: `UPDATE ${canary} SET token = 'reached'`, changesRows: true },
    { check, route: "deleting a row", sql: `DELETE FROM ${canary}`, changesRows: true },
    {
      check,
      route: "replacing a row",
      sql: `REPLACE INTO ${canary} (id, token) VALUES (2, 'reached')`,
      changesRows: true,
    },
    { check, route: "altering the table", sql: `ALTER TABLE ${canary} COMMENT = '${canaryComment}'` },
    { check, route: "dropping an index", sql: `DROP INDEX tenantry_canary_none ON ${canary}`, reachedBy: [1091] },
    { check, route: "dropping a table", sql: `DROP TABLE ${none}`, reachedBy: [unknownTable] },
    { check, route: "emptying a table", sql: `TRUNCATE TABLE ${none}`, reachedBy: [noSuchTable] },
    { check, route: "creating a table", sql: `CREATE TABLE IF NOT EXISTS ${canary} (id INT)` },
    {
      check,
      route: "creating a temporary table",
      sql: `CREATE TEMPORARY TABLE ${at(victim, canaryMade)} (id INT)`,
      undo: `DROP TEMPORARY TABLE IF EXISTS ${at(victim, canaryMade)}`,
    },
    {
      check,
      route: "moving a table into the database",
      sql: `RENAME TABLE ${at(cast.attacker.databaseName, canaryNone)} TO ${none}`,
      reachedBy: [noSuchTable],
    },
    { check, route: "creating the database", sql: `CREATE DATABASE IF NOT EXISTS ${quoteName(victim)}` },
    { check, route: "locking the table", sql: `LOCK TABLES ${canary} WRITE`, undo: "UNLOCK TABLES" },
    { check, route: "ending another's statement", sql: `KILL QUERY ${cast.bystanderSession}` },
    {
      check,
      route: "writing files of the server",
      sql: `SELECT 1 INTO OUTFILE ${noFile}`,
      reachedBy: fileErrnos,
    },
  ];
}

function code({ databaseName: victim }: Victim, { attacker }: Cast): readonly AttemptSpec[] {
  const canary = at(victim, canaryTable);
  const ownMade = at(attacker.databaseName, canaryMade);
  const made = at(victim, canaryMade);
  const check = "STORED_CODE";
  return [
    {
      check,
      route: "a view over the table",
      sql: `CREATE VIEW ${ownMade} AS SELECT * FROM ${canary}`,
      undo: `DROP VIEW IF EXISTS ${ownMade}`,
    },
    {
      check,
      route: "a view with the other's rights",
      sql: `CREATE DEFINER = ${quoteAccount(victim)} VIEW ${ownMade} AS SELECT 1 AS one`,
      undo: `DROP VIEW IF EXISTS ${ownMade}`,
    },
    {
      check,
      route: "a view in the other's database",
      sql: `CREATE VIEW ${made} AS SELECT 1 AS one`,
      undo: `DROP VIEW IF EXISTS ${made}`,
    },
    {
      check,
      route: "a trigger on the table",
      sql: `CREATE TRIGGER ${made} BEFORE INSERT ON ${canary} FOR EACH ROW SET @tenantry_canary_made = 1`,
      undo: `DROP TRIGGER IF EXISTS ${made}`,
    },
    {
      check,
      route: "an event in the other's database",
      sql: `CREATE EVENT ${made} ON SCHEDULE EVERY 1 YEAR DISABLE DO SET @tenantry_canary_made = 1`,
      undo: `DROP EVENT IF EXISTS ${made}`,
    },
    {
      check,
      route: "a procedure in the other's database",
      sql: `CREATE PROCEDURE ${made}() SELECT 1`,
      undo: `DROP PROCEDURE IF EXISTS ${made}`,
    },
    { check, route: "calling the other's code", sql: `CALL ${at(victim, canaryNone)}()`, reachedBy: [1305] },
  ];
}
