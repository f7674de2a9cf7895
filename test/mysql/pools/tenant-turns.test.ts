import mysql, { type Connection, type RowDataPacket } from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import { MysqlServerSessions } from "../../../src/mysql/pools/mysql-server-sessions.ts";
import type { ServerSession } from "../../../src/mysql/pools/server-sessions.ts";

const password = new Secret("right");
const who = "SELECT CONNECTION_ID() AS id, CURRENT_USER() AS account, DATABASE() AS `database`";
let admin: Connection;
let sessions: MysqlServerSessions;
let wish: { readonly serverId: ReturnType<typeof uuidv7Ids.next<"DatabaseServer">>; readonly deadlineMs: number };
let anna: string;
let bert: string;

beforeEach(async () => {
  admin = await mysql.createConnection(inject("serverUrl"));
  sessions = new MysqlServerSessions();
  wish = { serverId: uuidv7Ids.next<"DatabaseServer">(), deadlineMs: 5_000 };
  sessions.attach(wish.serverId, new Secret(inject("serverUrl")));
  [anna, bert] = [await account(), await account()];
});

afterEach(async () => {
  await sessions.close();
  for (const name of [anna, bert]) {
    await admin.query(`DROP DATABASE IF EXISTS ${name}`);
    await admin.query(`DROP USER IF EXISTS '${name}'@'%'`);
  }
  await admin.end();
});

async function account(): Promise<string> {
  const name = `scratch${uuidv7Ids.next<"Scratch">().replaceAll("-", "").slice(-24)}`;
  await admin.query(`CREATE DATABASE ${name}`);
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY 'right'`);
  await admin.query(`GRANT ALL ON ${name}.* TO '${name}'@'%'`);
  return name;
}

function inTurn<T>(databaseName: string, work: (session: ServerSession) => Promise<T>, secret = password) {
  return sessions.withTenantInTurn({ ...wish, databaseName, password: secret }, work);
}

const ask = async (session: ServerSession) =>
  (await session.query<{ readonly id: number; readonly account: string; readonly database: string }>(who))[0];

async function sessionsOf(name: string): Promise<number> {
  const [rows] = await admin.query<RowDataPacket[]>("SELECT ID FROM information_schema.PROCESSLIST WHERE USER = ?", [
    name,
  ]);
  return rows.length;
}

describe("log-ins in turn", () => {
  it("take the connection that the tenant before has left, each as itself on its own database", async () => {
    const first = await inTurn(anna, ask);
    const second = await inTurn(bert, ask);
    expect(first).toMatchObject({ account: `${anna}@%`, database: anna });
    expect(second).toEqual({ id: first?.id, account: `${bert}@%`, database: bert });
  });

  it("hand nothing of the tenant before on", async () => {
    const left = await inTurn(anna, async (session) => {
      await session.run("SET @left = 'behind', SESSION sql_mode = '', SESSION autocommit = 0");
      await session.run("CREATE TEMPORARY TABLE behind (id INT)");
      await session.run("PREPARE behind FROM 'SELECT 1'");
      await session.query("SELECT GET_LOCK(?, 0)", [anna]);
      await session.run("CREATE TABLE kept (id INT)");
      await session.run("INSERT INTO kept VALUES (1)");
      return (await ask(session))?.id;
    });
    await inTurn(bert, async (session) => {
      const [row] = await session.query(
        "SELECT CONNECTION_ID() AS id, @left AS variable, @@sql_mode = '' AS mode, @@autocommit AS autocommit, IS_USED_LOCK(?) AS held",
        [anna],
      );
      expect(row).toEqual({ id: left, variable: null, mode: 0, autocommit: 1, held: null });
      await expect(session.run("EXECUTE behind")).rejects.toMatchObject({ errno: 1243 });
      await expect(session.query(`SELECT * FROM ${anna}.behind`)).rejects.toMatchObject({ code: "ACCESS_DENIED" });
    });
    expect((await admin.query(`SELECT * FROM ${anna}.kept`))[0]).toEqual([]);
  });

  it("tell of wrong credentials by a fresh connection, and spoil none for the others", async () => {
    await inTurn(anna, ask);
    for (let n = 0; n < 5; n += 1) {
      await expect(inTurn(bert, ask, new Secret("wrong"))).rejects.toMatchObject({ code: "WRONG_CREDENTIALS" });
      expect(await inTurn(anna, ask)).toMatchObject({ account: `${anna}@%` });
    }
  });

  it("tell of a locked account and of a lost database as fresh ones do", async () => {
    await inTurn(anna, ask);
    await admin.query(`ALTER USER '${bert}'@'%' ACCOUNT LOCK`);
    await expect(inTurn(bert, ask)).rejects.toMatchObject({ code: "ACCOUNT_LOCKED" });
    await inTurn(anna, ask);
    await admin.query(`ALTER USER '${bert}'@'%' ACCOUNT UNLOCK`);
    await admin.query(`DROP DATABASE ${bert}`);
    await expect(inTurn(bert, ask)).rejects.toMatchObject({ code: "UNKNOWN_DATABASE" });
  });

  it("go on fresh where the server ended the connection that was left", async () => {
    const first = await inTurn(anna, ask);
    await admin.query(`KILL ${first?.id}`);
    const second = await inTurn(bert, ask);
    expect(second).toMatchObject({ account: `${bert}@%` });
    expect(second?.id).not.toBe(first?.id);
  });

  it("do work that failed on a left connection again on a fresh one, whose answer counts", async () => {
    await inTurn(anna, ask);
    const ids: (number | undefined)[] = [];
    const work = async (session: ServerSession) => {
      ids.push((await ask(session))?.id);
      return session.query("SELECT nonsense");
    };
    await expect(inTurn(bert, work)).rejects.toMatchObject({ errno: 1054 });
    expect(new Set(ids).size).toBe(2);
  });

  it("leave no session behind when their turns end", async () => {
    await Promise.all([inTurn(anna, ask), inTurn(bert, ask)]);
    expect((await sessionsOf(anna)) + (await sessionsOf(bert))).toBe(2);
    await sessions.endTurns();
    await expect.poll(async () => (await sessionsOf(anna)) + (await sessionsOf(bert))).toBe(0);
    expect(sessions.usageOf(wish.serverId)).toMatchObject({ inUse: 0, idle: 0 });
  });

  it("keep within the budget together with other work", async () => {
    sessions.fitTo(wish.serverId, 1);
    const limit = sessions.usageOf(wish.serverId)?.limit ?? 0;
    await Promise.all(Array.from({ length: 3 * limit }, (_, n) => inTurn(n % 2 ? anna : bert, ask)));
    await Promise.all(
      Array.from({ length: limit }, () =>
        sessions.withTenant({ ...wish, databaseName: anna, password }, async (session) => {
          await ask(session);
          const usage = sessions.usageOf(wish.serverId);
          expect((usage?.inUse ?? 0) + (usage?.idle ?? 0)).toBeLessThanOrEqual(limit);
        }),
      ),
    );
  });
});
