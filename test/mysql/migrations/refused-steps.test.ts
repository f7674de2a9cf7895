import mysql from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { trouble } from "../../../src/mysql/pools/classify-error.ts";
import { aFolder, type Hands, TenantDatabases } from "./tenant-databases.ts";

const signal = new AbortController().signal;
let databases: TenantDatabases;

beforeAll(async () => {
  databases = await TenantDatabases.open();
});
afterAll(() => databases.close());

describe("a step that the server refuses", () => {
  const table = "CREATE TABLE t (id int PRIMARY KEY);";
  const rows = "INSERT INTO t VALUES (1);";

  const setting = "SET foreign_key_checks = 0;";
  it.each([
    ["rows in the same file", { "0000_a": `${table}\n${rows}` }, []],
    ["rows in another file", { "0000_a": table, "0001_b": rows }, []],
    ["a setting before it", { "0000_a": `${setting}\n${table}\n${rows}` }, ["0 STARTED", "1 DONE"]],
  ])("leaves what was to come after it undone in the journal too, with %s", async (_, files, done) => {
    const target = await databases.make();
    const db = target.databaseName;
    const dump = await mysql.createConnection({ uri: inject("serverUrl"), database: db });
    await dump.query("LOCK TABLES tenantry_journal READ");
    // Whatever is written after the refusal meets no lock any more.
    const hands: Hands = async (statements, carry) => {
      const answer = await carry(statements);
      if (answer.refusal) await dump.query("UNLOCK TABLES");
      return answer;
    };
    const migrator = databases.stepwise(aFolder(files), undefined, databases.schemasThrough(hands, 1));
    await expect(migrator.migrate(target, signal)).rejects.toMatchObject({ code: "LOCK_TIMEOUT", retryable: true });
    await dump.end();
    const entries = `SELECT CONCAT(statement, ' ', status) AS entry FROM ${db}.tenantry_journal WHERE migration > ''`;
    expect((await databases.rows(`${entries} ORDER BY statement`)).map(({ entry }) => entry)).toEqual(done);
    expect((await migrator.migrate(target, signal)).applied).toEqual(Object.keys(files));
    expect(await databases.rows(`SELECT id FROM ${db}.t`)).toEqual([{ id: 1 }]);
    expect(await databases.rows(`${entries} AND status <> 'DONE'`)).toEqual([]);
  });

  it("is named where it had told rows already", async () => {
    const target = await databases.make();
    const both = "INSERT INTO t VALUES (1), (1) RETURNING id;";
    const migrator = databases.stepwise(aFolder({ "0000_a": `${table}\n${rows.replace("1", "7")}\n${both}` }));
    const failure = { code: "MIGRATION_FAILED", migration: "0000_a", statement: 3, errno: 1062 };
    await expect(migrator.migrate(target, signal)).rejects.toMatchObject(failure);
  });

  it("is no trouble later where it was the settings that a file begins with", async () => {
    const target = await databases.make();
    const folder = aFolder({ "0000_a": table, "0001_b": rows });
    const migrator = databases.stepwise(folder, undefined, databases.schemasThrough(refusingOnce("SET NAMES")));
    await expect(migrator.migrate(target, signal)).rejects.toMatchObject({ code: "DISK_FULL" });
    expect((await migrator.migrate(target, signal)).applied).toEqual(["0000_a", "0001_b"]);
    expect(await databases.rows(`SELECT id FROM ${target.databaseName}.t`)).toEqual([{ id: 1 }]);
  });

  it("takes nothing from the journal of what was done before it", async () => {
    // The index leaves no trace by which it could be told that it was made.
    const before = { "0000_a": `${table}\nALTER TABLE t ADD INDEX (id);` };
    const folder = aFolder({ ...before, "0001_b": rows });
    for (const refused of ["START TRANSACTION", "INSERT INTO t", "COMMIT"]) {
      const target = await databases.make();
      const migrator = databases.stepwise(folder, undefined, databases.schemasThrough(refusingOnce(refused)));
      await expect(migrator.migrate(target, signal)).rejects.toMatchObject({ code: "DISK_FULL" });
      expect((await migrator.migrate(target, signal)).applied, refused).toEqual(["0001_b"]);
      expect(await databases.rows(`SELECT id FROM ${target.databaseName}.t`)).toEqual([{ id: 1 }]);
    }
  });
});

/** A server whose disk is full when it meets the first statement that begins so, and never again. */
function refusingOnce(beginning: string): Hands {
  let refused = false;
  return async (statements, carry) => {
    const at = statements.findIndex((text) => text.startsWith(beginning));
    if (at < 0 || refused) return carry(statements);
    refused = true;
    if (at > 0) await carry(statements.slice(0, at));
    return { carriedOut: at, rows: [], refusal: trouble("DISK_FULL", "running statements", { errno: 1021 }) };
  };
}
