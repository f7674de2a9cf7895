import mysql, { type Connection } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { PoolTrial } from "../../../src/mysql/isolation/pool-trial.ts";
import { toServerTrouble } from "../../../src/mysql/pools/classify-error.ts";
import type { ServerSession, ServerSessions } from "../../../src/mysql/pools/server-sessions.ts";

const go = new AbortController().signal;
let database: string;
let admin: Connection;

beforeEach(async () => {
  database = `scratch${uuidv7Ids.next<"Scratch">().replaceAll("-", "").slice(-26)}`;
  admin = await mysql.createConnection(inject("serverUrl"));
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.query(`CREATE TABLE ${database}.tenantry_canary (id INT PRIMARY KEY, token VARCHAR(64)) ENGINE=InnoDB`);
});

afterEach(async () => {
  await admin.query(`DROP DATABASE ${database}`);
  await admin.end();
});

/** A pool of one session, between whose borrowers only this is cleared. */
async function poolThat(clear: (connection: Connection) => Promise<unknown>) {
  const connection = await mysql.createConnection(inject("serverUrl"));
  const send = async (sql: string, values?: readonly unknown[]): Promise<unknown> => {
    try {
      return (await connection.query(sql, values ? [...values] : []))[0];
    } catch (error) {
      throw toServerTrouble(error, "running a statement");
    }
  };
  const session: ServerSession = {
    connectMs: 0,
    query: async <Row extends object>(sql: string, values?: readonly unknown[]) =>
      (await send(sql, values)) as readonly Row[],
    run: async (sql, values) => {
      await send(sql, values);
      return { affectedRows: 0 };
    },
  };
  const withAdmin: ServerSessions["withAdmin"] = async (_wish, work) => {
    const result = await work(session);
    await clear(connection);
    return result;
  };
  const trial = new PoolTrial({ withAdmin }, { serverId: uuidv7Ids.next(), database, signal: go });
  try {
    return (await trial.run()).map(({ outcome, seen }) => [outcome, seen]);
  } finally {
    await connection.end();
  }
}

describe("the trial of a pool", () => {
  it("passes one that forgets everything", async () => {
    expect(await poolThat((connection) => connection.changeUser({ database: "" }))).toEqual([
      ["CLEAN", undefined],
      ["CLEAN", undefined],
    ]);
  });

  it.each([
    ["another's variable", "SELECT 1"],
    ["another's sql_mode", "SET @tenantry_canary = NULL"],
    ["another's lock", "SET @tenantry_canary = NULL, SESSION sql_mode = DEFAULT"],
  ])("finds that a session hands on %s", async (what, partly) => {
    expect((await poolThat((connection) => connection.query(partly)))[0]).toEqual(["REACHED", what]);
  });

  it("finds a prepared statement, a temporary table and an open transaction, one behind the other", async () => {
    const clean = "SET @tenantry_canary = NULL, SESSION sql_mode = DEFAULT; DO RELEASE_ALL_LOCKS()";
    const steps = ["", "DEALLOCATE PREPARE tenantry_canary", `DROP TEMPORARY TABLE ${database}.tenantry_canary_made`];
    const found: unknown[] = [];
    for (let n = 1; n <= steps.length; n += 1) {
      const statements = [...clean.split("; "), ...steps.slice(0, n)].filter((sql) => sql !== "");
      const [first] = await poolThat(async (connection) => {
        for (const sql of statements) await connection.query(sql).catch(() => undefined);
      });
      found.push(first);
    }
    expect(found).toEqual([
      ["REACHED", "another's prepared statement"],
      ["REACHED", "another's temporary table"],
      ["REACHED", "a row of another's open transaction"],
    ]);
  });

  it("finds a database that was chosen", async () => {
    const seen = await poolThat((connection) => connection.reset());
    expect(seen).toEqual([
      ["CLEAN", undefined],
      ["REACHED", "another's current database"],
    ]);
  });
});
