import { scratchRows } from "../../test-runs/load/operation-mix.ts";
import { quoteName } from "../pools/identifiers.ts";

/** The statements of a load on its scratch table, which is the only one that they name. */
export interface LoadSql {
  readonly create: string;
  readonly pointRead: string;
  readonly rangeRead: string;
  readonly insert: string;
  readonly update: string;
  readonly lockRow: string;
  readonly addRow: string;
  readonly countRows: string;
  readonly lockCounter: string;
  readonly setCounter: string;
  readonly counter: string;
}

/** @param table a generated name @throws UnsafeIdentifier */
export function loadSql(table: string): LoadSql {
  const name = quoteName(table);
  return {
    create: `CREATE TABLE ${name} (
      id INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, bucket INT UNSIGNED NOT NULL, counter INT UNSIGNED NOT NULL DEFAULT 0,
      label VARCHAR(64) CHARACTER SET ascii NULL, payload VARCHAR(200) NOT NULL, KEY (bucket), KEY (label)
    ) ENGINE = InnoDB`,
    pointRead: `SELECT id, counter, payload FROM ${name} WHERE id = ?`,
    rangeRead: `SELECT id, payload FROM ${name} WHERE id BETWEEN ? AND ?`,
    insert: `INSERT INTO ${name} (bucket, payload) VALUES (?, ?)`,
    update: `UPDATE ${name} SET counter = counter + 1 WHERE id = ?`,
    lockRow: `SELECT counter FROM ${name} WHERE id = ? FOR UPDATE`,
    addRow: `INSERT INTO ${name} (bucket, label, payload) VALUES (0, ?, '')`,
    countRows: `SELECT COUNT(*) AS found FROM ${name} WHERE label = ?`,
    lockCounter: `SELECT counter FROM ${name} WHERE label = ? FOR UPDATE`,
    setCounter: `UPDATE ${name} SET counter = ? WHERE label = ?`,
    counter: `SELECT counter FROM ${name} WHERE label = ?`,
  };
}

/** Rows 1 to {@link scratchRows}, in one statement. */
export function fillSql(table: string): { readonly sql: string; readonly values: readonly unknown[] } {
  const rows = Array.from({ length: scratchRows }, (_, at) => [at % 50, `row ${at + 1} `.padEnd(100, "abcdefghij")]);
  const places = rows.map(() => "(?, ?)").join(", ");
  return { sql: `INSERT INTO ${quoteName(table)} (bucket, payload) VALUES ${places}`, values: rows.flat() };
}

/** A load never waits long for a lock of its own, and none of its locks keeps others waiting long. */
export const loadSettings = "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, autocommit = 1";
