import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { WatchJobDocument } from "../gql/graphql.ts";
import { ApiClient } from "../support/client.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import {
  allTenants,
  complaintsAbout,
  connectionTest,
  endOfJob,
  enterTestTenants,
  followJob,
  followRun,
  jobEnded,
  runState,
  startConnectionTest,
  until,
} from "./support/steps.ts";

let server: PrivateServer;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 60_000);

afterAll(() => server?.stop());

async function aStage(): Promise<Stage> {
  const stage = await Stage.started(server.url);
  onTestFinished(() => stage.close());
  return stage;
}

/** Numbers from 0 to 1 that look like chance and are the same in each run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** How many tenants are ACTIVE, by the registry itself. */
async function readyIn(stage: Stage): Promise<number> {
  const [row] = await stage.rows("SELECT COUNT(*) AS ready FROM tenants WHERE status = 'ACTIVE'");
  return Number(row?.ready);
}

/** What there is on the server and what the registry says there should be, side by side. */
async function bothSides(stage: Stage) {
  const names = (await allTenants(stage.api)).map(({ databaseName }) => databaseName).toSorted();
  const databases = await stage.sql<{ name: string }>(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%'",
  );
  const accounts = await stage.sql<{ name: string }>(
    "SELECT User AS name FROM mysql.global_priv WHERE User LIKE 'tnt%'",
  );
  return {
    registry: names,
    databases: databases.map(({ name }) => name).toSorted(),
    accounts: accounts.map(({ name }) => name).toSorted(),
  };
}

/** Databases for the service's own use that nobody remembers to take away. */
async function forgottenScratch(stage: Stage): Promise<string[]> {
  const there = await stage.sql<{ name: string }>(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'scratch%'",
  );
  const remembered = new Set(
    (await stage.rows<{ name: string }>("SELECT name FROM scratch_objects")).map(({ name }) => name),
  );
  return there.map(({ name }) => name).filter((name) => !remembered.has(name));
}

describe("a service that is told to stop in the middle of a job", () => {
  it("ends with 0 within ten seconds, and the next start goes on where it stopped", async () => {
    const stage = await aStage();
    const job = await enterTestTenants(stage.api, 30);
    for await (const { done } of progressOf(stage, job)) if (done >= 3) break;
    const startedAt = performance.now();
    expect(await stage.stop()).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(await readyIn(stage)).toBeGreaterThanOrEqual(3);
    expect(await readyIn(stage)).toBeLessThan(30);
    await stage.start();
    expect(await endOfJob(stage.api, job)).toMatchObject({ status: "SUCCEEDED", attempts: 1, progress: { done: 30 } });
    expect(complaintsAbout(await followJob(stage.api, job))).toEqual([]);
    const { registry, databases, accounts } = await bothSides(stage);
    expect(databases).toEqual(registry);
    expect(accounts).toEqual(registry);
  }, 60_000);

  it("takes away the databases in which it was folding the migrations", async () => {
    const stage = await aStage();
    await enterTestTenants(stage.api, 1);
    const scratch = () => stage.sql("SHOW DATABASES LIKE 'scratch%'");
    await until("the migrations are being folded", 20_000, async () => (await scratch()).length > 0);
    expect(await stage.stop()).toBe(0);
    expect(await scratch()).toEqual([]);
    expect(await stage.rows("SELECT * FROM scratch_objects")).toEqual([]);
  }, 60_000);

  it("tells its followers good-bye with 1001", async () => {
    const stage = await aStage();
    const job = await enterTestTenants(stage.api, 20);
    const following = followJob(stage.api, job).then(
      () => "ended",
      (error: { code?: number }) => error.code,
    );
    for await (const { done } of progressOf(stage, job)) if (done >= 1) break;
    await stage.service.stop();
    expect(await following).toBe(1001);
  }, 60_000);
});

/** How far a job is, event by event, on a socket of its own that ends with the loop. */
async function* progressOf(stage: Stage, job: string) {
  const client = new ApiClient(stage.service.url, stage.adminKey);
  try {
    for await (const { data } of client.stream(WatchJobDocument, { id: job })) {
      if (data) yield data.jobProgress.progress;
    }
  } finally {
    await client.close();
  }
}

describe("a service that is killed again and again", () => {
  it.each([1, 2, 3])("loses no tenant, makes none twice, and leaves no orphan (seed %d)", async (seed) => {
    const random = chance(seed);
    const stage = await aStage();
    const job = await enterTestTenants(stage.api, 24, { seed: seed % 2 === 0 });
    for (const ready of [0, 4, 12]) {
      await until(`${ready} are ready`, 20_000, async () => (await readyIn(stage)) >= ready);
      await pause(random() * 300);
      await stage.kill();
      await stage.start();
    }
    const startedAt = performance.now();
    expect(await jobEnded(() => stage.api, job)).toMatchObject({ status: "SUCCEEDED", progress: { done: 24 } });
    expect(performance.now() - startedAt).toBeLessThan(30_000);
    const events = await followJob(stage.api, job);
    expect(complaintsAbout(events)).toEqual([]);
    const tenants = await allTenants(stage.api);
    expect(tenants.map(({ status }) => status)).toEqual(Array(24).fill("ACTIVE"));
    // Entered, then ACTIVE: a third change would have been one twice.
    expect(new Set(tenants.map(({ generation }) => generation)).size).toBe(1);
    const { registry, databases, accounts } = await bothSides(stage);
    expect(databases).toEqual(registry);
    expect(accounts).toEqual(registry);
    expect(await forgottenScratch(stage)).toEqual([]);
    expect((await connectionTest(stage.api)).summary).toMatchObject({ passed: 24, failed: 0, inconclusive: 0 });
  }, 90_000);

  it.each([4, 5])("tests every tenant once, and concludes its run (seed %d)", async (seed) => {
    const random = chance(seed);
    const stage = await aStage();
    await endOfJob(stage.api, await enterTestTenants(stage.api, 40));
    const { id, jobId } = await startConnectionTest(stage.api, { concurrency: 1 });
    for (let kills = 0; kills < 2; kills += 1) {
      await pause(random() * 150);
      await stage.kill();
      await stage.start();
    }
    await jobEnded(() => stage.api, jobId);
    const run = await runState(stage.api, id);
    expect(run).toMatchObject({
      status: "SUCCEEDED",
      verdict: "PASS",
      coverage: { tenantsInScope: 40, tenantsTested: 40 },
    });
    expect(run.summary).toMatchObject({ passed: 40, failed: 0, inconclusive: 0 });
    expect(run.results.totalCount).toBe(40);
    expect(new Set(run.results.nodes.map(({ tenant }) => tenant.slug)).size).toBe(40);
    expect(complaintsAbout(await followRun(stage.api, id))).toEqual([]);
  }, 90_000);
});
