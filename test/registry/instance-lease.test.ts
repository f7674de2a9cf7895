import { randomBytes, randomUUID } from "node:crypto";
import mysql from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Secret } from "../../src/kit/secret.ts";
import { openRegistry, type Registry } from "../../src/registry/open-registry.ts";
import { dropDatabase, registryMigrations } from "../support/registry.ts";

describe("The instance lease", () => {
  let database: string;
  let opened: Registry[];
  let admin: mysql.Connection;
  const never = 3_600_000;

  beforeEach(async () => {
    database = `registry_${randomBytes(6).toString("hex")}`;
    opened = [];
    admin = await mysql.createConnection(inject("serverUrl"));
  });
  afterEach(async () => {
    for (const registry of opened) await registry.close();
    await admin.end();
    await dropDatabase(database);
  });

  const open = async (lease = { ttlMs: 2_000, renewEveryMs: 50, lookEveryMs: 20 }): Promise<Registry> => {
    const registry = await openRegistry({
      url: new Secret(`${inject("serverUrl")}/${database}`),
      owner: randomUUID(),
      migrations: registryMigrations,
      clock: systemClock,
      logger: silentLogger,
      connections: 2,
      lease,
    });
    opened.push(registry);
    return registry;
  };
  const holder = async (): Promise<{ owner: string; connection: number }> => {
    const [rows] = await admin.query<mysql.RowDataPacket[]>(
      `SELECT owner, connection_id FROM ${database}.registry_lease`,
    );
    return { owner: String(rows[0]?.owner), connection: Number(rows[0]?.connection_id) };
  };
  const aborted = (signal: AbortSignal) =>
    new Promise<unknown>((resolve) => {
      if (signal.aborted) resolve(signal.reason);
      signal.addEventListener("abort", () => resolve(signal.reason), { once: true });
    });

  it("refuses a second process while the first one renews it", async () => {
    const first = await open();
    const { owner } = await holder();
    await expect(open()).rejects.toMatchObject({ code: "REGISTRY_IN_USE" });
    expect((await holder()).owner).toBe(owner);
    expect(first.lost.aborted).toBe(false);
  });

  it("is free at once after it was given back", async () => {
    const first = await open({ ttlMs: never, renewEveryMs: never, lookEveryMs: 20 });
    await first.close();
    await open({ ttlMs: never, renewEveryMs: never, lookEveryMs: never });
    opened.shift();
  });

  it("is taken at once from a process whose connection is gone", async () => {
    await open({ ttlMs: never, renewEveryMs: never, lookEveryMs: 20 });
    const dead = await holder();
    await admin.query(`KILL ${dead.connection}`);
    await open({ ttlMs: never, renewEveryMs: never, lookEveryMs: 20 });
    expect((await holder()).owner).not.toBe(dead.owner);
  });

  it("is waited for when its holder hangs", async () => {
    await open({ ttlMs: 300, renewEveryMs: never, lookEveryMs: 20 });
    const hung = await holder();
    const before = performance.now();
    await open();
    expect((await holder()).owner).not.toBe(hung.owner);
    expect(performance.now() - before).toBeLessThan(5_000);
  });

  it("tells the process that lost it", async () => {
    const first = await open();
    await admin.query(`UPDATE ${database}.registry_lease SET owner = 'somebody else'`);
    expect(await aborted(first.lost)).toMatchObject({ code: "REGISTRY_IN_USE" });
    expect((await holder()).owner).toBe("somebody else");
  });

  it("goes on with a new connection when its own was cut", async () => {
    const first = await open();
    const before = await holder();
    await admin.query(`KILL ${before.connection}`);
    await expect.poll(async () => (await holder()).connection).not.toBe(before.connection);
    expect((await holder()).owner).toBe(before.owner);
    expect(first.lost.aborted).toBe(false);
  });
});
