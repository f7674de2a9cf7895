import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { Job, JobItem } from "../../../src/jobs/job.ts";
import { type JobId, uuidv7Ids } from "../../../src/kit/ids.ts";
import { Secret } from "../../../src/kit/secret.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { aFolder } from "../../mysql/migrations/tenant-databases.ts";
import { LivingFleet, oneTable, origin } from "../lifecycle/living-fleet.ts";

const addColumn = { "0001_note_author": "ALTER TABLE notes ADD COLUMN author varchar(50);" };
const withColumn = aFolder({ ...oneTable, ...addColumn });

let fleet: LivingFleet;
beforeEach(async () => {
  fleet = await LivingFleet.open();
});
afterEach(() => fleet.close());

const tenants = async (count: number): Promise<Tenant[]> => {
  const made: Tenant[] = [];
  for (let n = 0; n < count; n += 1) made.push(await fleet.tenant({ slug: `fleet-${String(n).padStart(3, "0")}` }));
  return made;
};
const itemsOf = async (id: JobId): Promise<readonly JobItem[]> =>
  (await fleet.world.jobs.items(id, undefined, { limit: 100, direction: "FORWARD" })).edges.map(({ node }) => node);
const migrate = async (folder = withColumn, wish: object = {}): Promise<Job> => {
  const job = await fleet.fleetWork.migrate({ filter: {}, ...wish }, origin);
  return fleet.finish(job.id, fleet.runner(undefined, folder));
};
const columnsOf = async ({ databaseName }: Tenant) =>
  (await fleet.sql(`SHOW COLUMNS FROM ${databaseName}.notes`)).map(({ Field }) => Field);

describe("migrating the fleet", () => {
  it("refuses a server that there is not, and enters nothing", async () => {
    const refusal = { code: "NOT_FOUND", field: ["input", "filter", "serverId"] };
    await expect(migrate(withColumn, { filter: { serverId: uuidv7Ids.next() } })).rejects.toMatchObject(refusal);
  });

  it("brings ACTIVE and SUSPENDED tenants to the newest migration, and says from where to where", async () => {
    const [active, suspended] = await tenants(2);
    if (!active || !suspended) throw new TypeError("no tenants");
    await fleet.finish((await fleet.lifecycle.suspend(suspended.id, origin)).job.id);
    const job = await migrate();
    expect(job).toMatchObject({ status: "SUCCEEDED", progress: { total: 2, done: 2, percent: 100 } });
    for (const item of await itemsOf(job.id)) {
      expect(item).toMatchObject({ status: "SUCCEEDED", fromVersion: "0000_init", toVersion: "0001_note_author" });
    }
    for (const tenant of [active, suspended]) {
      expect(await columnsOf(tenant)).toEqual(["id", "text", "author"]);
      expect(await fleet.now(tenant.id)).toMatchObject({ schemaVersion: "0001_note_author" });
    }
    expect(await fleet.now(suspended.id)).toMatchObject({ status: "SUSPENDED" });
    expect(await fleet.tenantStore.schemaVersionCounts()).toEqual([{ version: "0001_note_author", tenants: 2 }]);
  });

  it("leaves out who is current without a connection, also right after provisioning", async () => {
    const [tenant] = await tenants(2);
    if (!tenant) throw new TypeError("no tenant");
    const current = aFolder(oneTable);
    const runner = fleet.runner(undefined, current);
    // Where nobody listens: whoever connected would fail.
    fleet.sessions.attach(tenant.serverId, new Secret("mysql://nobody:none@127.0.0.1:1"));
    const job = await fleet.fleetWork.migrate({ filter: {} }, origin);
    expect(await fleet.finish(job.id, runner)).toMatchObject({ status: "SUCCEEDED", progress: { skipped: 2 } });
    expect((await itemsOf(job.id)).map(({ error }) => error?.code)).toEqual(["ALREADY_CURRENT", "ALREADY_CURRENT"]);
    fleet.sessions.attach(tenant.serverId, new Secret(inject("serverUrl")));
    expect((await migrate()).progress).toMatchObject({ done: 2 });
    expect((await migrate()).progress).toMatchObject({ skipped: 2 });
  });

  it("has none of the tenants that it did not come to while it waits for its next start", async () => {
    const made = await tenants(4);
    const ids = made.map(({ id }) => id);
    for (const { serverId } of made.slice(0, 1))
      fleet.sessions.attach(serverId, new Secret("mysql://nobody:none@127.0.0.1:1"));
    const job = await fleet.fleetWork.migrate({ filter: {} }, origin);
    const runner = fleet.runner(undefined, withColumn);
    await runner.runOnce(new AbortController().signal);
    await runner.whenIdle();
    expect(await fleet.world.jobs.find(job.id)).toMatchObject({ status: "QUEUED" });
    // Two at a time come first.
    const held = [...(await fleet.tenantStore.busyWith(ids)).keys()];
    expect(held.toSorted()).toEqual(ids.slice(0, 2).toSorted());
  });

  it("leaves tenants of a server that does not answer for a next start, and fails in the end with its class", async () => {
    const [tenant] = await tenants(2);
    if (!tenant) throw new TypeError("no tenant");
    fleet.sessions.attach(tenant.serverId, new Secret("mysql://nobody:none@127.0.0.1:1"));
    const job = await migrate();
    expect(job).toMatchObject({ status: "FAILED", error: { code: "UNREACHABLE", retryable: true }, attempts: 3 });
    expect(await fleet.world.jobs.itemCounts(job.id)).toMatchObject({ pending: 2 });
    fleet.sessions.attach(tenant.serverId, new Secret(inject("serverUrl")));
    const again = await fleet.jobs.retry(job.id, origin);
    const ended = await fleet.finish(again.id, fleet.runner(undefined, withColumn));
    expect(ended).toMatchObject({ status: "SUCCEEDED", progress: { done: 2 } });
  });

  it("finds a migration that was merged out of order, and applies it by name", async () => {
    const [tenant] = await tenants(1);
    if (!tenant) throw new TypeError("no tenant");
    await migrate(aFolder({ ...oneTable, "0002_late": "CREATE TABLE late (id int PRIMARY KEY);" }));
    const merged = { ...oneTable, ...addColumn, "0002_late": "CREATE TABLE late (id int PRIMARY KEY);" };
    const job = await migrate(aFolder(merged));
    expect(job).toMatchObject({ status: "SUCCEEDED", progress: { done: 1 } });
    expect(await columnsOf(tenant)).toEqual(["id", "text", "author"]);
    expect(await fleet.now(tenant.id)).toMatchObject({ schemaVersion: "0002_late" });
  });

  it("stops a tenant whose migrations were edited, and one that is ahead; the others go on", async () => {
    const [tampered, ahead, good] = await tenants(3);
    if (!tampered || !ahead || !good) throw new TypeError("no tenants");
    await fleet.sql(
      `UPDATE ${tampered.databaseName}.tenantry_journal SET checksum = REPEAT('0', 64) WHERE migration = '0000_init' AND statement = 0`,
    );
    await fleet.sql(
      `INSERT INTO ${ahead.databaseName}.tenantry_journal (tenant_id, migration, statement, checksum, status) VALUES (?, '0009_future', 0, REPEAT('0', 64), 'DONE')`,
      [ahead.id],
    );
    const job = await migrate(withColumn, { maxParallel: 1, filter: { slugs: [good.slug, ahead.slug] } });
    expect(job).toMatchObject({ status: "FAILED", error: { code: "PARTIAL_FAILURE", retryable: true } });
    expect((await itemsOf(job.id)).map(({ tenantId, error }) => [tenantId, error?.code])).toEqual([
      [ahead.id, "SCHEMA_AHEAD"],
      [good.id, undefined],
    ]);
    const second = await migrate(withColumn, { filter: { ids: [tampered.id] } });
    expect((await itemsOf(second.id))[0]).toMatchObject({ error: { code: "MIGRATION_TAMPERED", retryable: false } });
    expect((await fleet.now(tampered.id)).statusReason).toMatch(/^MIGRATION_TAMPERED: /);
    expect(await columnsOf(tampered)).toEqual(["id", "text"]);
  });

  it("leaves the version of a tenant that is ahead as it is", async () => {
    const [tenant] = await tenants(1);
    if (!tenant) throw new TypeError("no tenant");
    await migrate(withColumn);
    const { schemaVersion } = await fleet.now(tenant.id);
    const job = await migrate(aFolder(oneTable));
    expect((await itemsOf(job.id))[0]).toMatchObject({ error: { code: "SCHEMA_AHEAD" } });
    expect(schemaVersion).toBe("0001_note_author");
    expect(await fleet.now(tenant.id)).toMatchObject({ schemaVersion });
  });

  it("halts at the second failure among the first five, and a retry takes who failed or was not reached", async () => {
    const all = await tenants(8);
    for (const { databaseName } of all) await fleet.sql(`ALTER TABLE ${databaseName}.notes ADD COLUMN author int`);
    const job = await migrate(withColumn, { maxParallel: 1 });
    expect(job).toMatchObject({ status: "FAILED", error: { code: "HALTED", retryable: true } });
    expect(await fleet.world.jobs.itemCounts(job.id)).toMatchObject({ failed: 2, pending: 6 });
    expect(await itemsOf(job.id)).toMatchObject([
      { tenantId: all[0]?.id, status: "FAILED", error: { code: "MIGRATION_FAILED" } },
      { tenantId: all[1]?.id, status: "FAILED" },
    ]);
    expect(await fleet.tenantStore.busyWith(all.map(({ id }) => id))).toEqual(new Map());
    for (const { databaseName } of all) await fleet.sql(`ALTER TABLE ${databaseName}.notes DROP COLUMN author`);
    const again = await fleet.jobs.retry(job.id, origin);
    const ended = await fleet.finish(again.id, fleet.runner(undefined, withColumn));
    expect(ended).toMatchObject({ status: "SUCCEEDED", progress: { total: 8, done: 8 } });
  });

  it("halts when the given share has failed, and not before", async () => {
    const all = await tenants(9);
    const spoil = async (n: number) => fleet.sql(`ALTER TABLE ${all[n]?.databaseName}.notes ADD COLUMN author int`);
    for (const n of [4, 5, 6]) await spoil(n);
    const job = await migrate(withColumn, { maxParallel: 1, haltOnFailureRate: 0.4 });
    expect(job).toMatchObject({ status: "FAILED", error: { code: "HALTED" } });
    expect(await fleet.world.jobs.itemCounts(job.id)).toMatchObject({ succeeded: 4, failed: 3, pending: 2 });
  });

  it("tells the version that a failing folder has brought a tenant to", async () => {
    const [tenant] = await tenants(1);
    if (!tenant) throw new TypeError("no tenant");
    const folder = aFolder({ ...oneTable, ...addColumn, "0002_broken": "ALTER TABLE nowhere ADD COLUMN x int;" });
    expect(await migrate(folder)).toMatchObject({ status: "FAILED" });
    expect(await fleet.now(tenant.id)).toMatchObject({
      schemaVersion: "0001_note_author",
      statusReason: expect.stringMatching(/^MIGRATION_FAILED: /),
    });
    const mended = aFolder({ ...oneTable, ...addColumn });
    expect(await migrate(mended)).toMatchObject({ status: "FAILED" });
  });

  it("ends a tenant with a lock in the way by its class, and goes on with the rest", async () => {
    const [locked, free] = await tenants(2);
    if (!locked || !free) throw new TypeError("no tenants");
    await fleet.sql("START TRANSACTION");
    await fleet.sql(`SELECT * FROM ${locked.databaseName}.notes`);
    const job = await migrate();
    await fleet.sql("ROLLBACK");
    expect(await itemsOf(job.id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          tenantId: locked.id,
          status: "FAILED",
          error: expect.objectContaining({ code: "LOCK_TIMEOUT", retryable: true }),
        }),
        expect.objectContaining({ tenantId: free.id, status: "SUCCEEDED" }),
      ]),
    );
  });

  it("leaves out who is changed by another job, and takes it with a retry", async () => {
    const [busy, free] = await tenants(2);
    if (!busy || !free) throw new TypeError("no tenants");
    const { job: rotation } = await fleet.lifecycle.rotate(busy.id, origin);
    await fleet.crash(rotation.id, "rotate:set");
    const runner = fleet.runner(undefined, withColumn);
    const wish = await fleet.fleetWork.migrate({ filter: {} }, origin);
    const claimed = await fleet.world.jobs.claim("other", 60_000, ["ROTATE_CREDENTIALS"]);
    expect(claimed?.job.id).toBe(rotation.id);
    const job = await fleet.finish(wish.id, runner);
    expect(job).toMatchObject({ status: "SUCCEEDED", progress: { done: 1, skipped: 1 } });
    expect((await itemsOf(job.id)).find(({ tenantId }) => tenantId === busy.id)).toMatchObject({
      status: "SKIPPED",
      error: { code: "TENANT_BUSY", retryable: true },
    });
    await fleet.world.passTime(rotation.id, 61_000);
    await fleet.world.jobs.returnLost("nobody");
    await fleet.finish(rotation.id);
    const again = await fleet.jobs.retry(job.id, origin);
    const ended = await fleet.finish(again.id, fleet.runner(undefined, withColumn));
    expect(ended).toMatchObject({ status: "SUCCEEDED", progress: { total: 1, done: 1 } });
  });

  it("keeps others from a tenant while it is migrated or about to be, and from no other", async () => {
    const [first, , third] = await tenants(3);
    if (!first || !third) throw new TypeError("no tenants");
    const job = await fleet.fleetWork.migrate({ filter: {}, maxParallel: 1 }, origin);
    await fleet.crash(job.id, "migrate:occupied", withColumn);
    const { job: rotation } = await fleet.lifecycle.rotate(third.id, origin);
    await expect(fleet.lifecycle.rotate(first.id, origin)).rejects.toMatchObject({
      code: "TENANT_BUSY",
      jobId: job.id,
    });
    await fleet.jobs.cancel(rotation.id, origin);
    await fleet.finish(rotation.id, fleet.runner(undefined, withColumn));
  });

  it.each([
    "migrate:occupied@2",
    "migrate:applied@2",
    "migrate:written@2",
  ])("goes on after a crash at %s, and does nothing twice", async (point) => {
    const all = await tenants(4);
    const job = await fleet.fleetWork.migrate({ filter: {}, maxParallel: 1 }, origin);
    await fleet.crash(job.id, point, withColumn);
    const ended = await fleet.finish(job.id, fleet.runner(undefined, withColumn));
    expect(ended).toMatchObject({ status: "SUCCEEDED", progress: { total: 4, done: 4, failed: 0 } });
    for (const tenant of all) expect(await fleet.now(tenant.id)).toMatchObject({ schemaVersion: "0001_note_author" });
    expect((await itemsOf(job.id)).map(({ status }) => status)).toEqual(Array(4).fill("SUCCEEDED"));
  });

  it("says what a wish is refused for", async () => {
    await tenants(1);
    const refused = async (wish: object) => fleet.fleetWork.migrate({ filter: {}, ...wish }, origin);
    await expect(refused({ maxParallel: 0 })).rejects.toMatchObject({ field: ["input", "maxParallel"] });
    await expect(refused({ maxParallel: 33 })).rejects.toMatchObject({ code: "INVALID" });
    await expect(refused({ haltOnFailureRate: 1.5 })).rejects.toMatchObject({ field: ["input", "haltOnFailureRate"] });
    await expect(refused({ filter: { slugs: ["nobody"] } })).rejects.toMatchObject({
      field: ["input", "filter", "slugs", "0"],
    });
    await expect(refused({ filter: { search: "zzz" } })).rejects.toMatchObject({ field: ["input", "filter"] });
  });

  it("of an empty fleet succeeds", async () => {
    for (const filter of [{}, { labels: [] }, { search: " " }]) {
      expect(await migrate(withColumn, { filter })).toMatchObject({ status: "SUCCEEDED", progress: { total: 0 } });
    }
  });
});

describe("seeding the fleet", () => {
  it("runs the seed once for each tenant", async () => {
    const [one, two] = await tenants(2);
    if (!one || !two) throw new TypeError("no tenants");
    const seed = async () => fleet.finish((await fleet.fleetWork.seed({}, origin)).id);
    expect(await seed()).toMatchObject({ status: "SUCCEEDED", progress: { done: 2 } });
    const again = await seed();
    expect(again).toMatchObject({ status: "SUCCEEDED", progress: { skipped: 2 } });
    expect((await itemsOf(again.id)).map(({ error }) => error?.code)).toEqual(["ALREADY_SEEDED", "ALREADY_SEEDED"]);
    for (const { databaseName } of [one, two]) {
      expect(await fleet.sql(`SELECT text FROM ${databaseName}.notes`)).toEqual([{ text: "seeded" }]);
    }
  });

  it.each(["seed:run", "seed:written"])("does not seed twice after a crash at %s", async (point) => {
    const all = await tenants(2);
    const job = await fleet.fleetWork.seed({}, origin);
    await fleet.crash(job.id, point);
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    for (const { databaseName } of all) {
      expect(await fleet.sql(`SELECT COUNT(*) AS n FROM ${databaseName}.notes`)).toEqual([{ n: 1 }]);
    }
  });
});
