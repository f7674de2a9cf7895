import { eq } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../../src/kit/clock.ts";
import { QueueTimeout } from "../../../src/kit/concurrency.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import { MysqlScratchRemover } from "../../../src/mysql/servers/mysql-scratch-remover.ts";
import { Retention } from "../../../src/provisioning/sweep/retention.ts";
import { ScratchReaper } from "../../../src/provisioning/sweep/scratch-reaper.ts";
import { Sweep } from "../../../src/provisioning/sweep/sweep.ts";
import { DrizzleHistoryStore } from "../../../src/registry/jobs/drizzle-history-store.ts";
import { findings } from "../../../src/registry/tables/findings.ts";
import { jobs } from "../../../src/registry/tables/jobs.ts";
import { scratchObjects } from "../../../src/registry/tables/scratch-objects.ts";
import { tenants } from "../../../src/registry/tables/tenants.ts";
import { DrizzleTestBaselineStore } from "../../../src/registry/test-runs/drizzle-test-baseline-store.ts";
import type { ScratchRemover } from "../../../src/servers/scratch-remover.ts";
import { scratchPurpose } from "../../../src/servers/scratch-store.ts";
import { LivingFleet, logIn, origin } from "../lifecycle/living-fleet.ts";

const signal = new AbortController().signal;
let fleet: LivingFleet;

function sweep(): Sweep {
  const { lifecycleStore: store, tenantStore, lifecycle } = fleet;
  const { jobs: jobStore, servers } = fleet.world;
  const runner = { wake: () => undefined };
  const by = { ids: uuidv7Ids, clock: systemClock, logger: silentLogger };
  return new Sweep({ store, tenants: tenantStore, lifecycle, jobs: jobStore, servers, runner, ...by });
}

/** As if nothing had happened to the tenant for an hour. */
async function hourLater(id: TenantId): Promise<void> {
  const updatedAt = new Date(Date.now() - 3_700_000);
  await fleet.world.registry.db.orm.update(tenants).set({ updatedAt }).where(eq(tenants.id, id));
}

async function lastJobOf(tenantId: TenantId) {
  const { edges } = await fleet.world.jobs.list({ tenantId }, { limit: 1, direction: "FORWARD" });
  const [edge] = edges;
  if (!edge) throw new TypeError("The tenant has no job.");
  return edge.node;
}

/** As if the job's end had been written without what its handler leaves behind. */
async function endAbruptly(id: JobId): Promise<void> {
  const claimed = await fleet.world.jobs.claim("abrupt", 60_000, [
    "PROVISION_TENANTS",
    "DELETE_TENANT",
    "ROTATE_CREDENTIALS",
  ]);
  if (claimed?.job.id !== id) throw new TypeError("Another job was due.");
  const error = { code: "INTERNAL", message: "Ended.", retryable: true };
  await fleet.world.jobs.finish(claimed.lease, {
    status: "FAILED",
    error,
    message: "",
    progress: claimed.job.progress,
  });
}

describe("the sweep", () => {
  beforeEach(async () => {
    fleet = await LivingFleet.open();
  });
  afterEach(() => fleet.close());

  it("brings a provisioning that nobody works on to its end", async () => {
    const tenant = await fleet.tenant({ provisioned: false });
    const first = await lastJobOf(tenant.id);
    await fleet.crash(first.id, "provision:database");
    await endAbruptly(first.id);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "PROVISIONING" });
    await hourLater(tenant.id);
    await sweep().runOnce(signal);
    const job = await lastJobOf(tenant.id);
    expect(job).toMatchObject({ status: "QUEUED", requestedBy: { name: "sweep" } });
    expect(await fleet.finish(job.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
  });

  it("goes on with a deletion that came to a halt", async () => {
    const tenant = await fleet.tenant();
    const { job } = await fleet.lifecycle.delete({ id: tenant.id, confirmSlug: tenant.slug }, origin);
    if (!job) throw new TypeError("no job");
    await fleet.crash(job.id, "delete:dropped");
    await endAbruptly(job.id);
    await hourLater(tenant.id);
    await sweep().runOnce(signal);
    await fleet.finish((await lastJobOf(tenant.id)).id);
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "DELETED" });
    expect(await fleet.traces(tenant)).toEqual([]);
  });

  it("finishes a rotation with the password that was kept", async () => {
    const tenant = await fleet.tenant();
    const url = await fleet.url(tenant.id);
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    await fleet.crash(job.id, "rotate:set");
    await endAbruptly(job.id);
    await expect(fleet.url(tenant.id)).rejects.toMatchObject({ code: "INVALID_STATE" });
    await expect(fleet.lifecycle.suspend(tenant.id, origin)).rejects.toMatchObject({ code: "INVALID_STATE" });
    await hourLater(tenant.id);
    await sweep().runOnce(signal);
    await fleet.finish((await lastJobOf(tenant.id)).id);
    expect(await logIn(url)).toBe(1045);
    const session = await logIn(await fleet.url(tenant.id));
    if (typeof session === "number") throw new TypeError("refused");
    await session.end();
  });

  it("leaves alone who has a job, whose server does not answer, and who failed a moment ago", async () => {
    const busy = await fleet.tenant({ provisioned: false });
    await hourLater(busy.id);
    await sweep().runOnce(signal);
    const job = await lastJobOf(busy.id);
    expect(job.requestedBy.name).toBe("tester");
    await endAbruptly(job.id);
    await fleet.world.servers.observe(busy.serverId, { status: "UNREACHABLE", at: new Date() });
    await sweep().runOnce(signal);
    expect((await lastJobOf(busy.id)).id).toBe(job.id);
    await fleet.world.servers.observe(busy.serverId, { status: "ONLINE", at: new Date() });
    await fleet.world.registry.db.orm.update(tenants).set({ updatedAt: new Date() }).where(eq(tenants.id, busy.id));
    await sweep().runOnce(signal);
    expect((await lastJobOf(busy.id)).id).toBe(job.id);
    await hourLater(busy.id);
    await Promise.all([sweep().runOnce(signal), sweep().runOnce(signal)]);
    expect(await fleet.world.jobs.count({ tenantId: busy.id }, 10)).toBe(2);
  });
});

describe("the sweep of many", () => {
  beforeEach(async () => {
    fleet = await LivingFleet.open();
  });
  afterEach(() => fleet.close());

  it("reaches who is stranded behind many on a server that does not answer", async () => {
    const tenant = await fleet.tenant({ provisioned: false });
    await endAbruptly((await lastJobOf(tenant.id)).id);
    await hourLater(tenant.id);
    const { orm } = fleet.world.registry.db;
    const [row] = await orm.select().from(tenants).where(eq(tenants.id, tenant.id));
    if (!row) throw new TypeError("no row");
    const serverId = uuidv7Ids.next<"DatabaseServer">();
    const others = Array.from({ length: 120 }, (_, at) => {
      const { liveSlug: _slug, ...copied } = row;
      const names = { slug: `dead-${at}`, databaseName: `tntdead${String(at).padStart(3, "0")}` };
      return { ...copied, ...names, id: uuidv7Ids.next<"Tenant">(), serverId, createdAt: new Date(0) };
    });
    await orm.insert(tenants).values(others);
    await sweep().runOnce(signal);
    expect(await lastJobOf(tenant.id)).toMatchObject({ status: "QUEUED", requestedBy: { name: "sweep" } });
  });

  it("reaches who is due behind many that are not due yet", async () => {
    const tenant = await fleet.tenant({ provisioned: false });
    await endAbruptly((await lastJobOf(tenant.id)).id);
    await hourLater(tenant.id);
    const { orm } = fleet.world.registry.db;
    const [row] = await orm.select().from(tenants).where(eq(tenants.id, tenant.id));
    if (!row) throw new TypeError("no row");
    const updatedAt = new Date(Date.now() + 3_600_000);
    const others = Array.from({ length: 120 }, (_, at) => {
      const { liveSlug: _slug, ...copied } = row;
      const names = { slug: `early-${at}`, databaseName: `tntearly${String(at).padStart(3, "0")}` };
      return { ...copied, ...names, id: uuidv7Ids.next<"Tenant">(), createdAt: new Date(0), updatedAt };
    });
    await orm.insert(tenants).values(others);
    const same = sweep();
    await same.runOnce(signal);
    await same.runOnce(signal);
    expect(await lastJobOf(tenant.id)).toMatchObject({ status: "QUEUED", requestedBy: { name: "sweep" } });
  });

  it("is not slowed down by work of the same kind that succeeded", async () => {
    const tenant = await fleet.tenant();
    const { orm } = fleet.world.registry.db;
    const rotate = { ...(await lastJobOf(tenant.id)), kind: "ROTATE_CREDENTIALS", status: "SUCCEEDED" } as const;
    const columns = { ofOneTenant: true, settledItems: 1, availableAt: new Date(0), fence: 1 };
    await orm.insert(jobs).values(
      Array.from({ length: 11 }, () => ({
        ...rotate,
        ...columns,
        id: uuidv7Ids.next<"Job">(),
        createdAt: new Date(0),
      })),
    );
    const { job } = await fleet.lifecycle.rotate(tenant.id, origin);
    await fleet.crash(job.id, "rotate:set");
    await endAbruptly(job.id);
    const updatedAt = new Date(Date.now() - 30_000);
    await orm.update(tenants).set({ updatedAt }).where(eq(tenants.id, tenant.id));
    await sweep().runOnce(signal);
    const again = await lastJobOf(tenant.id);
    expect(again).toMatchObject({ status: "QUEUED", requestedBy: { name: "sweep" } });
    expect(await fleet.finish(again.id)).toMatchObject({ status: "SUCCEEDED" });
  });
});

describe("the scratch reaper", () => {
  beforeAll(async () => {
    fleet = await LivingFleet.open();
  });
  afterAll(() => fleet.close());

  const reaper = (servesSince = new Date(0)) => {
    const { scratch, jobs: store } = fleet.world;
    const remover = new MysqlScratchRemover(fleet.sessions);
    return new ScratchReaper({ scratch, remover, jobs: store, clock: systemClock, logger: silentLogger, servesSince });
  };
  const age = async (name: string) => {
    const createdAt = new Date(Date.now() - 11 * 60_000);
    await fleet.world.registry.db.orm.update(scratchObjects).set({ createdAt }).where(eq(scratchObjects.name, name));
  };
  const databases = async (name: string) => fleet.sql(`SHOW DATABASES LIKE '${name}'`);
  const made = async (purpose: string) => {
    const name = `scratch${uuidv7Ids.next().replaceAll("-", "").slice(-20)}`;
    const [server] = await fleet.world.servers.list();
    if (!server) throw new TypeError("no server");
    await fleet.world.scratch.remember(name, server.id, purpose);
    await fleet.sql(`CREATE DATABASE ${name}`);
    return name;
  };

  it("drops what was remembered long ago, and leaves what is new or nobody has remembered", async () => {
    const old = await made("folding");
    const fresh = await made("folding");
    const unknown = await made("folding");
    await age(old);
    await fleet.world.scratch.forget(unknown);
    await reaper().runOnce(signal);
    expect(await databases(old)).toEqual([]);
    expect(await databases(fresh)).toHaveLength(1);
    expect(await databases(unknown)).toHaveLength(1);
    expect((await fleet.world.scratch.listOlderThan(new Date(), 10)).map(({ name }) => name)).not.toContain(old);
    await fleet.sql(`DROP DATABASE ${fresh}`);
    await fleet.sql(`DROP DATABASE ${unknown}`);
  });

  it("takes at once what a process that is gone has left, and leaves what its own process makes", async () => {
    const left = await made("folding");
    const own = await made("folding");
    const servesSince = new Date(Date.now() - 60_000);
    const createdAt = new Date(servesSince.getTime() - 1);
    await fleet.world.registry.db.orm.update(scratchObjects).set({ createdAt }).where(eq(scratchObjects.name, left));
    await reaper(servesSince).runOnce(signal);
    expect(await databases(left)).toEqual([]);
    expect(await databases(own)).toHaveLength(1);
    await fleet.sql(`DROP DATABASE ${own}`);
    await fleet.world.scratch.forget(own);
  });

  it("reaches what lies behind many that cannot be taken away now", async () => {
    const gone = uuidv7Ids.next<"DatabaseServer">();
    const names = Array.from({ length: 600 }, (_, at) => `scratchgone${String(at).padStart(4, "0")}`);
    await fleet.world.scratch.rememberAll(names, gone, "folding");
    const createdAt = new Date(Date.now() - 3_600_000);
    await fleet.world.registry.db.orm
      .update(scratchObjects)
      .set({ createdAt })
      .where(eq(scratchObjects.serverId, gone));
    const old = await made("folding");
    await age(old);
    const real = new MysqlScratchRemover(fleet.sessions);
    let asked = 0;
    const remover: ScratchRemover = {
      remove: async (serverId, theirs, until) => {
        if (serverId !== gone) return real.remove(serverId, theirs, until);
        asked += 1;
        throw new QueueTimeout("No place.");
      },
    };
    const { scratch, jobs: store } = fleet.world;
    const by = { clock: systemClock, logger: silentLogger, servesSince: new Date(0) };
    await new ScratchReaper({ scratch, remover, jobs: store, ...by }).runOnce(signal);
    expect(await databases(old)).toEqual([]);
    expect(asked).toBe(1);
    await scratch.forgetAll(names);
  });

  it("leaves what a job that has not ended made, and takes it once the job has ended, however young it is", async () => {
    const job = {
      id: uuidv7Ids.next<"Job">(),
      kind: "ISOLATION_TEST",
      input: {},
      requestedBy: origin.actor,
      items: [],
    } as const;
    await fleet.world.jobs.enqueue(job, origin);
    const name = await made(scratchPurpose("isolation", job.id));
    await age(name);
    await reaper().runOnce(signal);
    expect(await databases(name)).toHaveLength(1);
    const claimed = await fleet.world.jobs.claim("x", 60_000, ["ISOLATION_TEST"]);
    if (!claimed) throw new TypeError("not due");
    await fleet.world.jobs.finish(claimed.lease, { status: "SUCCEEDED", message: "", progress: claimed.job.progress });
    const young = await made(scratchPurpose("isolation", job.id));
    await reaper().runOnce(signal);
    expect(await databases(name)).toEqual([]);
    expect(await databases(young)).toEqual([]);
  });
});

describe("retention", () => {
  beforeAll(async () => {
    fleet = await LivingFleet.open();
  });
  afterAll(() => fleet.close());

  const later = (days: number) => ({ ...systemClock, now: () => new Date(Date.now() + days * 86_400_000) });
  const retention = (days: number, passed: number) =>
    new Retention(new DrizzleHistoryStore(fleet.world.registry.db), days, later(passed), silentLogger);

  it("deletes ended jobs with all that belongs to them once they are old, and never one that has not ended", async () => {
    const tenant = await fleet.tenant();
    const ended = await lastJobOf(tenant.id);
    const { job: open } = await fleet.lifecycle.suspend(tenant.id, origin);
    await retention(30, 29).runOnce(signal);
    expect(await fleet.world.jobs.find(ended.id)).toBeDefined();
    await retention(30, 31).runOnce(signal);
    expect(await fleet.world.jobs.find(ended.id)).toBeUndefined();
    expect(await fleet.world.jobs.events(ended.id, 0, 10)).toEqual([]);
    expect(await fleet.world.jobs.itemCounts(ended.id)).toMatchObject({ total: 0 });
    expect(await fleet.world.jobs.find(open.id)).toMatchObject({ status: "QUEUED" });
    expect(await fleet.now(tenant.id)).toMatchObject({ status: "ACTIVE" });
    expect((await fleet.world.auditRows()).length).toBeGreaterThan(0);
    await fleet.finish(open.id);
  });

  it("takes a large job away little by little, and the job itself last", async () => {
    const items = Array.from({ length: 30 }, () => uuidv7Ids.next<"Tenant">());
    const id = uuidv7Ids.next<"Job">();
    const wish = { id, kind: "CONNECTION_TEST", input: {}, requestedBy: origin.actor, items } as const;
    await fleet.world.jobs.enqueue(wish, origin);
    const claimed = await fleet.world.jobs.claim("x", 60_000, ["CONNECTION_TEST"]);
    if (!claimed) throw new TypeError("not due");
    await fleet.world.jobs.finish(claimed.lease, { status: "SUCCEEDED", message: "", progress: claimed.job.progress });
    const store = new DrizzleHistoryStore(fleet.world.registry.db);
    const left = async () => (await fleet.world.jobs.itemCounts(id)).total;
    for (let before = await left(); before > 0; before = await left()) {
      expect(await fleet.world.jobs.find(id)).toBeDefined();
      expect(await store.deleteEndedJobs(later(1).now(), 7)).toBeGreaterThan(0);
      expect(before - (await left())).toBeLessThanOrEqual(7);
    }
    await retention(30, 31).runOnce(signal);
    expect(await fleet.world.jobs.find(id)).toBeUndefined();
    expect(await fleet.world.jobs.events(id, 0, 10)).toEqual([]);
    expect(await store.deleteEndedJobs(later(1).now(), 7)).toBe(0);
  });

  it("keeps a run that later ones are held against", async () => {
    const { db } = fleet.world.registry;
    const id = uuidv7Ids.next<"Job">();
    const wish = { id, kind: "CONNECTION_TEST", input: {}, requestedBy: origin.actor, items: [] } as const;
    await fleet.world.jobs.enqueue(wish, origin);
    const claimed = await fleet.world.jobs.claim("x", 60_000, ["CONNECTION_TEST"]);
    if (!claimed) throw new TypeError("not due");
    await fleet.world.jobs.finish(claimed.lease, { status: "SUCCEEDED", message: "", progress: claimed.job.progress });
    await new DrizzleTestBaselineStore(db, systemClock, uuidv7Ids).accept("CONNECTION", id, origin);
    await retention(30, 365).runOnce(signal);
    expect(await fleet.world.jobs.find(id)).toBeDefined();
    expect(await fleet.world.jobs.events(id, 0, 10)).not.toEqual([]);
  });

  it("takes away what was found of a tenant that is deleted since", async () => {
    const tenant = await fleet.tenant();
    const { orm } = fleet.world.registry.db;
    const { id: jobId } = await lastJobOf(tenant.id);
    const place = { jobId, ordinal: 1, tenantId: tenant.id, serverId: tenant.serverId, object: "x", message: "x" };
    const found = { kind: "EXTRA_TABLE", severity: "WARNING", outcome: "REPORTED", isOpen: true } as const;
    await orm.insert(findings).values({ ...place, ...found, id: uuidv7Ids.next<"Finding">(), observedAt: new Date() });
    const own = () => orm.select().from(findings).where(eq(findings.tenantId, tenant.id));
    await retention(30, 31).runOnce(signal);
    expect(await own()).toHaveLength(1);
    const { job } = await fleet.lifecycle.delete({ id: tenant.id, confirmSlug: tenant.slug }, origin);
    if (!job) throw new TypeError("no job");
    await fleet.finish(job.id);
    await retention(30, 31).runOnce(signal);
    expect(await own()).toEqual([]);
  });

  it("keeps idempotency keys for a day at least", async () => {
    const input = { slug: `keyed-${Date.now()}`, name: "Keyed", idempotencyKey: "key" };
    const first = await fleet.tenants.create(input, origin);
    await retention(1, 0.9).runOnce(signal);
    expect((await fleet.tenants.create(input, origin)).tenant.id).toBe(first.tenant.id);
    await retention(1, 1.1).runOnce(signal);
    await expect(fleet.tenants.create(input, origin)).rejects.toMatchObject({ code: "SLUG_TAKEN" });
  });
});
