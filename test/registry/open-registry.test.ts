import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import mysql from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { openRegistry, type RegistryOptions } from "../../src/registry/open-registry.ts";
import { dropDatabase, type FreshRegistry, freshRegistry, registryMigrations } from "../support/registry.ts";

const open = (url: string, migrations = registryMigrations, more: Partial<RegistryOptions> = {}) =>
  openRegistry({
    url: new Secret(url),
    owner: randomUUID(),
    migrations,
    clock: systemClock,
    logger: silentLogger,
    connections: 2,
    ...more,
  });

describe("Opening the registry", () => {
  let registry: FreshRegistry;
  let admin: mysql.Connection;
  beforeEach(async () => {
    registry = await freshRegistry();
    admin = await mysql.createConnection(registry.url);
  });
  afterEach(async () => {
    await admin.end();
    await dropDatabase(registry.database);
  });

  const structure = async () => {
    const [tables] = await admin.query<mysql.RowDataPacket[]>("SHOW TABLES");
    const names = tables.map((row) => String(Object.values(row)[0])).filter((name) => !name.startsWith("registry_"));
    const all: unknown[] = [];
    for (const name of names.sort()) {
      const [rows] = await admin.query<mysql.RowDataPacket[]>(`SHOW CREATE TABLE \`${name}\``);
      all.push(rows[0]?.["Create Table"]);
    }
    return all;
  };

  it("makes the database when it is missing, and finds it again", async () => {
    const made = await structure();
    expect(made.map((create) => /`(\w+)`/.exec(String(create))?.[1])).toContain("tenants");
    await registry.close();
    const again = await open(registry.url);
    expect(
      await admin.query("SELECT 1").then(
        () => true,
        () => false,
      ),
    ).toBe(true);
    expect(await structure()).toEqual(made);
    await again.close();
  });

  it("goes on with a migration in whose middle it was killed, wherever that was", async () => {
    await registry.db.close();
    const whole = await structure();
    const [journal] = await admin.query<mysql.RowDataPacket[]>(
      "SELECT statements FROM registry_migrations ORDER BY made_at",
    );
    const statements = Number(journal[0]?.statements);
    const text = await readFile(join(registryMigrations, "0000_registry.sql"), "utf8");
    const parts = text.split("--> statement-breakpoint");
    expect(parts).toHaveLength(statements);
    for (const [done, executed] of [
      [0, 0],
      [0, 1],
      [5, 6],
      [statements - 1, statements],
    ] as const) {
      const database = `${registry.database}_${done}_${executed}`;
      await admin.query(`CREATE DATABASE ${database} COLLATE utf8mb4_unicode_ci`);
      await admin.query(`USE ${database}`);
      await admin.query(`CREATE TABLE registry_migrations LIKE ${registry.database}.registry_migrations`);
      await admin.query(`INSERT INTO registry_migrations SELECT * FROM ${registry.database}.registry_migrations`);
      await admin.query("DELETE FROM registry_migrations ORDER BY made_at DESC LIMIT ?", [journal.length - 1]);
      await admin.query("UPDATE registry_migrations SET statements_done = ?", [done]);
      for (const statement of parts.slice(0, executed)) await admin.query(statement);
      const resumed = await open(`${inject("serverUrl")}/${database}`);
      expect(await structure()).toEqual(whole);
      await resumed.close();
      await dropDatabase(database);
    }
  });

  it("refuses a registry that a newer version has changed", async () => {
    await registry.close();
    const folder = await mkdtemp(join(tmpdir(), "tenantry-migrations-"));
    await cp(registryMigrations, folder, { recursive: true });
    const file = join(folder, "0000_registry.sql");
    await writeFile(file, `${await readFile(file, "utf8")}\n-- other`);
    const database = `${registry.database}_newer`;
    const url = `${inject("serverUrl")}/${database}`;
    await (await open(url, folder)).close();
    await expect(open(url)).rejects.toMatchObject({ code: "REGISTRY_AHEAD" });
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  it("says that a migration waits for somebody's lock, tries again, and gives up in the end", async () => {
    const database = `${registry.database}_locked`;
    const url = `${inject("serverUrl")}/${database}`;
    await (await open(url)).close();
    const folder = await mkdtemp(join(tmpdir(), "tenantry-migrations-"));
    await cp(registryMigrations, folder, { recursive: true });
    const journal = join(folder, "meta", "_journal.json");
    const { entries, ...rest } = JSON.parse(await readFile(journal, "utf8"));
    const last = entries.at(-1);
    entries.push({ ...last, idx: last.idx + 1, when: last.when + 1, tag: "9999_more" });
    await writeFile(journal, JSON.stringify({ ...rest, entries }));
    await writeFile(join(folder, "9999_more.sql"), "ALTER TABLE jobs ADD more int;");
    // As a dump does.
    await admin.query("START TRANSACTION");
    await admin.query(`SELECT * FROM ${database}.jobs`);
    const said: unknown[] = [];
    const waiting = (then: () => void) => ({
      ...silentLogger,
      warn: (fields: object, message: string) => {
        said.push({ ...fields, message });
        then();
      },
    });
    const patience = { waitSeconds: 1, tries: 2 };
    const nothing = () => undefined;
    await expect(open(url, folder, { logger: waiting(nothing), patience })).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    const statement = "ALTER TABLE jobs ADD more int;";
    const message = "registry migration waits for a lock of somebody else";
    expect(said).toMatchObject([{ statement, message, tries: 1 }]);
    const free = () => void admin.query("COMMIT");
    const opened = await open(url, folder, { logger: waiting(free), patience: { waitSeconds: 1, tries: 5 } });
    expect(said.length).toBeGreaterThan(1);
    await opened.close();
    await dropDatabase(database);
    await rm(folder, { recursive: true });
  });

  it("speaks UTC, strictly, and sees no gaps to lock", async () => {
    const [rows] = await registry.db.orm.execute(
      sql`SELECT @@time_zone AS zone, @@tx_isolation AS isolation, @@sql_mode LIKE '%STRICT%' AS strict_mode`,
    );
    expect(rows).toEqual([{ zone: "+00:00", isolation: "READ-COMMITTED", strict_mode: 1 }]);
  });
});

describe("Opening a registry that cannot be opened", () => {
  it.each([
    "mysql://root@127.0.0.1:1",
    "mysql://root@127.0.0.1:1/",
    "mysql://root@127.0.0.1:1/a%60b",
  ])("refuses %s, which names no database", async (url) => {
    await expect(open(url)).rejects.toMatchObject({ code: "INVALID" });
  });

  it("says that the registry does not answer, and nothing of where it is", async () => {
    const failure: unknown = await open("mysql://root:secret@127.0.0.1:1/registry").catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "SERVICE_UNAVAILABLE", retryable: true });
    expect(String(failure)).not.toMatch(/127|secret|ECONN|SELECT/);
  });

  it("does not wait for ever for a server that accepts and says nothing", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const before = performance.now();
    await expect(open(`mysql://root@127.0.0.1:${port}/registry`)).rejects.toMatchObject({
      code: "SERVICE_UNAVAILABLE",
    });
    expect(performance.now() - before).toBeLessThan(5_000);
    silent.close();
  });
});

describe("RegistryDatabase", () => {
  it("runs a transaction again that was the victim of a deadlock", async () => {
    await using registry = await freshRegistry();
    const { db } = registry;
    await db.orm.execute(sql`CREATE TABLE pair (id int PRIMARY KEY, n int NOT NULL)`);
    await db.orm.execute(sql`INSERT INTO pair VALUES (1, 0), (2, 0)`);
    let runs = 0;
    const arrived: (() => void)[] = [];
    const meet = () =>
      new Promise<void>((resolve) => {
        arrived.push(resolve);
        if (arrived.length >= 2) for (const go of arrived) go();
      });
    const crossing = (first: number, second: number) =>
      db.transaction(async (tx) => {
        runs += 1;
        await tx.execute(sql`UPDATE pair SET n = n + 1 WHERE id = ${first}`);
        await meet();
        await tx.execute(sql`UPDATE pair SET n = n + 1 WHERE id = ${second}`);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(runs).toBe(3);
    const [rows] = await db.orm.execute(sql`SELECT n FROM pair ORDER BY id`);
    expect(rows).toEqual([{ n: 2 }, { n: 2 }]);
  });

  it("rolls back what a failed transaction did, and gives its connection back", async () => {
    await using registry = await freshRegistry();
    const { db } = registry;
    await db.orm.execute(sql`CREATE TABLE one (id int PRIMARY KEY)`);
    for (let turn = 0; turn < 12; turn += 1) {
      const failing = db.transaction(async (tx) => {
        await tx.execute(sql`INSERT INTO one VALUES (1)`);
        throw new RangeError("no");
      });
      await expect(failing).rejects.toThrow(RangeError);
    }
    const [rows] = await db.orm.execute(sql`SELECT count(*) AS n FROM one`);
    expect(rows).toEqual([{ n: 0 }]);
  });

  it("gives connections back after statements that fail", async () => {
    await using registry = await freshRegistry();
    for (let turn = 0; turn < 12; turn += 1) {
      await expect(registry.db.read((orm) => orm.execute(sql`SELECT nonsense`))).rejects.toMatchObject({ errno: 1054 });
    }
  });

  it("calls a connection that was cut trouble, and works again with the next statement", async () => {
    await using registry = await freshRegistry();
    const { db } = registry;
    const killed = db.transaction(async (tx) => {
      await tx.execute(sql`KILL CONNECTION_ID()`);
      await tx.execute(sql`SELECT 1`);
    });
    await expect(killed).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE", retryable: true });
    await db.read((orm) => orm.execute(sql`SELECT 1`));
  });

  it("keeps no locks from whoever takes the place of a process that was stopped in the middle of a transaction", async () => {
    await using registry = await freshRegistry();
    const { db } = registry;
    await db.orm.execute(sql`CREATE TABLE held (id int PRIMARY KEY)`);
    await db.orm.execute(sql`INSERT INTO held VALUES (1)`);
    const stopped = db.transaction(async (tx) => {
      await tx.execute(sql`SELECT id FROM held FOR UPDATE`);
      const next = await mysql.createConnection(registry.url);
      await next.query("SET innodb_lock_wait_timeout = 20");
      await next.query("SELECT id FROM held FOR UPDATE");
      await next.end();
    });
    await expect(stopped).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });

  it("gives up on a statement that takes too long, and on waiting for a connection", async () => {
    await using registry = await freshRegistry();
    const { db } = registry;
    const before = performance.now();
    const slow = Array.from({ length: 6 }, () => db.read((orm) => orm.execute(sql`SELECT SLEEP(30)`)));
    for (const outcome of await Promise.allSettled(slow)) {
      expect(outcome).toMatchObject({ status: "rejected", reason: { code: "SERVICE_UNAVAILABLE" } });
    }
    expect(performance.now() - before).toBeLessThan(10_000);
    await db.read((orm) => orm.execute(sql`SELECT 1`));
  });
});
