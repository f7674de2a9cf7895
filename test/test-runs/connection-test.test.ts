import mysql from "mysql2/promise";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import type { JobEvent } from "../../src/jobs/job.ts";
import type { JobHandler } from "../../src/jobs/job-handler.ts";
import type { JobRunner } from "../../src/jobs/job-runner.ts";
import { type Clock, systemClock } from "../../src/kit/clock.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { InvalidInput } from "../../src/kit/domain-error.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { Secret } from "../../src/kit/secret.ts";
import { MysqlTenantLogin } from "../../src/mysql/test-runs/mysql-tenant-login.ts";
import type { TenantLogin } from "../../src/test-runs/connection/tenant-login.ts";
import type { ConnectionTestResult, TestResult, TestRun } from "../../src/test-runs/test-run.ts";
import { gate, go, origin } from "../jobs/workshop.ts";
import { Fleet } from "./fleet.ts";

let fleet: Fleet;

beforeEach(async () => {
  fleet = await Fleet.open();
});

afterEach(async () => {
  await fleet[Symbol.asyncDispose]();
});

const page = { limit: 100, direction: "FORWARD" } as const;

async function finish(runner: JobRunner): Promise<void> {
  await runner.runOnce(go);
  await runner.whenIdle();
}

async function getRun(id: JobId): Promise<TestRun> {
  const run = await fleet.runs.find(id);
  if (!run) throw new Error("The run is gone.");
  return run;
}

async function resultsOf(id: JobId): Promise<ReadonlyMap<string, ConnectionTestResult>> {
  const { edges: all } = await fleet.runs.results(id, undefined, page);
  const edges = all.map(({ node }) => ({ node: connectionResult(node) }));
  const tenants = await fleet.tenants.findMany(edges.map(({ node }) => node.tenantId));
  const slugs = new Map(tenants.map(({ id: tenantId, slug }) => [tenantId, slug]));
  expect(new Set(edges.map(({ node }) => node.tenantId)).size).toBe(edges.length);
  return new Map(edges.map(({ node }) => [slugs.get(node.tenantId) ?? "", node]));
}

function connectionResult(result: TestResult): ConnectionTestResult {
  if (result.kind !== "CONNECTION") throw new Error(`This is a result of kind ${result.kind}.`);
  return result;
}

/** Lets some log-ins through and holds the others until it is told, or until they are stopped. */
function holding(after: number): {
  readonly login: TenantLogin;
  readonly held: Promise<void>;
  readonly release: () => void;
} {
  const real = new MysqlTenantLogin(fleet.sessions);
  const [held, released] = [gate(), gate()];
  let passed = 0;
  const login: TenantLogin = {
    placesOn: (serverId) => real.placesOn(serverId),
    rest: () => real.rest(),
    logIn: async (wish) => {
      passed += 1;
      if (passed > after) {
        held.open();
        await new Promise<void>((resolve, reject) => {
          wish.signal.addEventListener("abort", () => reject(wish.signal.reason), { once: true });
          void released.opened.then(resolve);
        });
      }
      return real.logIn(wish);
    },
  };
  return { login, held: held.opened, release: () => released.open() };
}

describe("a connection test", () => {
  it("logs in to every tenant as the tenant, and stores what it saw", async () => {
    const tenants = await fleet.addTenants("ok", 6);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    expect(run).toMatchObject({ kind: "CONNECTION", status: "QUEUED", coverage: { tenantsInScope: 6 } });
    expect(run.verdict).toBeUndefined();
    await finish(runner);

    const ended = await getRun(run.id);
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      verdict: "PASS",
      coverage: { tenantsInScope: 6, tenantsTested: 6 },
      budget: { requestedOperations: 6, plannedOperations: 6, limitedBy: [] },
      summary: { passed: 6, failed: 0, inconclusive: 0, successRate: 1, operations: 6, errors: 0 },
      progress: { total: 6, done: 6, percent: 100 },
    });
    expect(ended.summary.latency?.count).toBe(6);
    expect(ended.rating).toBeDefined();
    for (const result of (await resultsOf(run.id)).values()) {
      expect(result).toMatchObject({ verdict: "PASS", attempts: 1 });
      expect(result.connectMs).toBeGreaterThan(0);
      expect(result.queryMs).toBeGreaterThan(0);
      expect(result.serverVersion).toMatch(/MariaDB/);
    }
    const health = await fleet.tenants.healthOf(tenants.map(({ id }) => id));
    expect(health.map(({ reachable }) => reachable)).toEqual([true, true, true, true, true, true]);
    expect((await fleet.jobs.events(run.id, 0, 100)).at(-1)).toMatchObject({
      status: "SUCCEEDED",
      message: "PASS: 6 passed, 0 failed, 0 inconclusive.",
      detail: { verdict: "PASS", operations: 6, errors: 0 },
    });
  });

  it("classes every failure by its cause, and does not let a broken tenant stop the others", async () => {
    await fleet.addTenants("ok", 4);
    const [password, locked, gone, unmarked, stolen, denied] = await fleet.addTenants("bad", 6);
    if (!password || !locked || !gone || !unmarked || !stolen || !denied) throw new Error("Six were added.");
    const { admin } = fleet;
    await admin.query(`SET PASSWORD FOR '${password.databaseName}'@'%' = PASSWORD('changed by hand')`);
    await admin.query(`ALTER USER '${locked.databaseName}'@'%' ACCOUNT LOCK`);
    await admin.query(`DROP DATABASE ${gone.databaseName}`);
    await admin.query(`DROP TABLE ${unmarked.databaseName}.tenantry_journal`);
    await admin.query(`UPDATE ${stolen.databaseName}.tenantry_journal SET tenant_id = '${denied.id}'`);
    await admin.query(`REVOKE ALL PRIVILEGES ON ${denied.databaseName}.* FROM '${denied.databaseName}'@'%'`);

    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    await finish(runner);

    const results = await resultsOf(run.id);
    const codes = Object.fromEntries(
      [...results].map(([slug, { verdict, errorCode }]) => [slug, errorCode ?? verdict]),
    );
    expect(codes).toMatchObject({
      "ok-00": "PASS",
      "ok-01": "PASS",
      "ok-02": "PASS",
      "ok-03": "PASS",
      "bad-00": "WRONG_CREDENTIALS",
      "bad-01": "ACCOUNT_LOCKED",
      "bad-03": "OWNERSHIP_MISMATCH",
      "bad-04": "OWNERSHIP_MISMATCH",
      "bad-05": "DATABASE_DENIED",
    });
    expect(["DATABASE_DENIED", "UNKNOWN_DATABASE"]).toContain(codes["bad-02"]);
    const ended = await getRun(run.id);
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      verdict: "FAIL",
      rating: "CRITICAL",
      summary: { passed: 4, failed: 6, errors: 6, successRate: 0.4 },
    });
    expect(ended.recommendations.join("\n")).toContain("WRONG_CREDENTIALS: 1 tenant (bad-00)");
    expect(ended.recommendations.join("\n")).toContain("OWNERSHIP_MISMATCH: 2 tenants (bad-03, bad-04)");
  });

  it("tells a tenant that hangs or has no connections left from a server that is gone", async () => {
    await fleet.addTenants("ok", 2);
    const [hanging, crowded] = await fleet.addTenants("bad", 2);
    if (!hanging || !crowded) throw new Error("Two were added.");
    await fleet.admin.query(`ALTER USER '${crowded.databaseName}'@'%' WITH MAX_USER_CONNECTIONS 1`);
    const { hostname: host, port } = new URL(inject("serverUrl"));
    const { databaseName: user, password } = crowded;
    const crowd = await mysql.createConnection({ host, port: Number(port), user, password });
    await fleet.admin.query(`LOCK TABLES ${hanging.databaseName}.tenantry_journal WRITE`);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({ timeoutMs: 1_000, retries: 1 }, origin);
    await finish(runner);
    await fleet.admin.query("UNLOCK TABLES");
    await crowd.end();
    const results = await resultsOf(run.id);
    expect(results.get("bad-00")).toMatchObject({ verdict: "FAIL", errorCode: "TIMEOUT", attempts: 1 });
    expect(results.get("bad-01")).toMatchObject({ verdict: "FAIL", errorCode: "TOO_MANY_CONNECTIONS", attempts: 2 });
    expect(results.get("ok-00")).toMatchObject({ verdict: "PASS" });
    expect(results.get("ok-01")).toMatchObject({ verdict: "PASS" });
  });

  it("gives no verdict about tenants whose server is gone, and comes to its end soon", async () => {
    for (let n = 0; n < 50; n += 1) await fleet.register(`cut-off-${n}`);
    // Nobody listens on port 1.
    fleet.sessions.attach(fleet.serverId, new Secret("mysql://tester:tester@127.0.0.1:1"));
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({
      status: "SUCCEEDED",
      verdict: "INCONCLUSIVE",
      summary: { passed: 0, failed: 0, inconclusive: 50 },
    });
    const results = [...(await resultsOf(run.id)).values()];
    expect(new Set(results.map(({ errorCode }) => errorCode))).toEqual(new Set(["UNREACHABLE"]));
    // The first few tried at the same time, and the server was asked for the others.
    expect(results.filter(({ attempts }) => attempts > 1)).toEqual([]);
    expect(results.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(16);
  });

  it("skips tenants that are named and not ACTIVE, and says why", async () => {
    const [active] = await fleet.addTenants("ok", 1);
    const suspended = await fleet.register("asleep", "SUSPENDED");
    if (!active) throw new Error("One was added.");
    const runner = fleet.runner();
    const filter = { ids: [active.id, suspended.id] };
    const run = await fleet.testRuns(runner).startConnectionTest({ filter }, origin);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({
      verdict: "PASS",
      coverage: { tenantsInScope: 1, tenantsTested: 1 },
      progress: { total: 2, done: 1, skipped: 1 },
    });
    const { edges } = await fleet.jobs.items(run.id, ["SKIPPED"], page);
    expect(edges.map(({ node }) => [node.tenantId, node.error?.code])).toEqual([[suspended.id, "INVALID_STATE"]]);
  });

  it("leaves tenants that are not ACTIVE out when nobody named them", async () => {
    await fleet.addTenants("ok", 2);
    await fleet.register("asleep", "SUSPENDED");
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({ verdict: "PASS", progress: { total: 2, skipped: 0 } });
  });

  it("takes a sample when it is limited, and says so", async () => {
    await fleet.addTenants("ok", 7);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({ maxTenants: 3, concurrency: 2 }, origin);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({
      verdict: "PASS",
      coverage: { tenantsInScope: 7, tenantsTested: 3 },
      budget: {
        requestedOperations: 7,
        maxOperations: 3,
        plannedOperations: 3,
        maxConcurrency: 2,
        limitedBy: ["MAX_TENANTS"],
      },
    });
  });

  it("names each tested tenant once in its events, and sends at most ten of them a second", async () => {
    const tenants = await fleet.addTenants("ok", 12);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({ concurrency: 1 }, origin);
    const events: JobEvent[] = [];
    const following = (async () => {
      for await (const event of fleet.feed.follow(run.id, 0, go)) events.push(event);
    })();
    await finish(runner);
    await following;
    const named = events.flatMap(({ detail }) => latestOf(detail));
    expect(named.toSorted()).toEqual(tenants.map(({ id }) => id).toSorted());
    for (const { at } of events) {
      const since = at.getTime();
      const near = events.filter((other) => other.at.getTime() >= since && other.at.getTime() < since + 1_000);
      expect(near.length).toBeLessThanOrEqual(10);
    }
  });
});

describe("a connection test that is disturbed", () => {
  it("keeps what it has when it is cancelled, and is concluded", async () => {
    await fleet.addTenants("ok", 6);
    const { login, held } = holding(2);
    const runner = fleet.runner(fleet.handler(login));
    const run = await fleet.testRuns(runner).startConnectionTest({ concurrency: 1 }, origin);
    await runner.runOnce(go);
    await held;
    const asked = performance.now();
    await fleet.jobService(runner).cancel(run.id, origin);
    await runner.whenIdle();
    expect(performance.now() - asked).toBeLessThan(2_000);
    const ended = await getRun(run.id);
    expect(ended).toMatchObject({
      status: "CANCELLED",
      verdict: "INCONCLUSIVE",
      coverage: { tenantsInScope: 6, tenantsTested: 2 },
      summary: { passed: 2 },
    });
    expect(ended.recommendations).toContain(
      "The run did not reach 4 tenants because it was cancelled. Retry its job to test the rest.",
    );
    expect((await resultsOf(run.id)).size).toBe(2);
  });

  it("goes on after a crash with the tenants that have no result, and tests none twice", async () => {
    await fleet.addTenants("ok", 9);
    const { login, held } = holding(4);
    const dead = fleet.runner(fleet.handler(login), { owner: "dead" });
    const run = await fleet.testRuns(dead).startConnectionTest({ concurrency: 2 }, origin);
    await dead.runOnce(go);
    await held;
    await resultsReach(run.id, 4);

    const tested: string[] = [];
    const real = new MysqlTenantLogin(fleet.sessions);
    const counting: TenantLogin = {
      placesOn: (serverId) => real.placesOn(serverId),
      rest: () => real.rest(),
      logIn: (wish) => {
        tested.push(wish.databaseName);
        return real.logIn(wish);
      },
    };
    const alive = fleet.runner(fleet.handler(counting), { owner: "alive" });
    await fleet.rescuer("alive", alive).runOnce();
    await finish(alive);
    expect(new Set(tested).size).toBe(5);
    expect(await getRun(run.id)).toMatchObject({
      status: "SUCCEEDED",
      verdict: "PASS",
      coverage: { tenantsInScope: 9, tenantsTested: 9 },
      summary: { passed: 9, operations: 9, latency: { count: 9 } },
    });
    expect((await resultsOf(run.id)).size).toBe(9);
    const percents = (await fleet.jobs.events(run.id, 0, 1_000)).map(({ progress }) => progress.percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    await dead.beatOnce();
    await dead.whenIdle();
    expect((await resultsOf(run.id)).size).toBe(9);
  });

  it("is concluded by whoever cleans up when it was cancelled and its process died", async () => {
    await fleet.addTenants("ok", 3);
    const { login, held } = holding(1);
    const dead = fleet.runner(fleet.handler(login), { owner: "dead" });
    const run = await fleet.testRuns(dead).startConnectionTest({ concurrency: 1 }, origin);
    await dead.runOnce(go);
    await held;
    await resultsReach(run.id, 1);
    await fleet.jobs.requestCancel(run.id, origin);
    const alive = fleet.runner(fleet.handler(), { owner: "alive" });
    await fleet.rescuer("alive", alive).runOnce();
    await finish(alive);
    expect(await getRun(run.id)).toMatchObject({
      status: "CANCELLED",
      verdict: "INCONCLUSIVE",
      coverage: { tenantsTested: 1 },
    });
    await dead.beatOnce();
    await dead.whenIdle();
  });

  it("hands its lease back when the service stops, and goes on in the next process", async () => {
    await fleet.addTenants("ok", 5);
    const { login, held } = holding(2);
    const first = fleet.runner(fleet.handler(login));
    const run = await fleet.testRuns(first).startConnectionTest({ concurrency: 1 }, origin);
    first.start();
    await held;
    await first.stop();
    expect(await getRun(run.id)).toMatchObject({ status: "QUEUED" });
    expect((await resultsOf(run.id)).size).toBe(2);
    await finish(fleet.runner());
    expect(await getRun(run.id)).toMatchObject({ status: "SUCCEEDED", verdict: "PASS", summary: { passed: 5 } });
  });

  it("never stays RUNNING: trouble that does not pass ends the run with a verdict", async () => {
    await fleet.addTenants("ok", 2);
    const job = fleet.handler();
    const failing: JobHandler = {
      kind: job.kind,
      maxAttempts: 2,
      run: async () => {
        throw new QueueTimeout("The registry is away.");
      },
      conclude: (context, end) => job.conclude(context, end),
    };
    const runner = fleet.runner(failing);
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    await finish(runner);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({
      status: "FAILED",
      verdict: "INCONCLUSIVE",
      coverage: { tenantsTested: 0 },
    });
    expect((await fleet.jobs.find(run.id))?.error?.code).toBe("QUEUE_TIMEOUT");
  });

  it("ends when it takes longer than anything it does can explain, says so, and leaves the rest to a retry", async () => {
    await fleet.addTenants("ok", 4);
    const { login, held } = holding(1);
    // Half a minute is over as soon as a log-in hangs.
    const clock: Clock = {
      ...systemClock,
      sleep: (ms, signal) => (ms >= 30_000 ? held : systemClock.sleep(ms, signal)),
    };
    const runner = fleet.runner(fleet.handler(login), {}, clock);
    const run = await fleet.testRuns(runner).startConnectionTest({ concurrency: 1 }, origin);
    await finish(runner);
    const ended = await getRun(run.id);
    expect(ended).toMatchObject({
      status: "SUCCEEDED",
      verdict: "INCONCLUSIVE",
      budget: { limitedBy: ["DURATION"] },
      coverage: { tenantsInScope: 4, tenantsTested: 1 },
    });
    expect(ended.recommendations.at(-1)).toBe(
      "The run did not reach 3 tenants because its time was over. Retry its job to test the rest.",
    );
    expect(await fleet.jobs.unfinishedItems(run.id)).toHaveLength(3);
  });

  it("skips a tenant that stopped being ACTIVE meanwhile", async () => {
    const [first, second] = await fleet.addTenants("ok", 2);
    const { login, held } = holding(0);
    const dead = fleet.runner(fleet.handler(login), { owner: "dead" });
    const run = await fleet.testRuns(dead).startConnectionTest({ concurrency: 1 }, origin);
    await dead.runOnce(go);
    await held;
    await fleet.admin.query(
      `UPDATE ${fleet.registry.database}.tenants SET status = 'SUSPENDED' WHERE id = '${second?.id}'`,
    );
    const alive = fleet.runner(fleet.handler(), { owner: "alive" });
    await fleet.rescuer("alive", alive).runOnce();
    await finish(alive);
    expect([...(await resultsOf(run.id)).keys()]).toEqual([first?.slug]);
    expect(await getRun(run.id)).toMatchObject({ verdict: "PASS", progress: { done: 1, skipped: 1 } });
    await dead.beatOnce();
    await dead.whenIdle();
  });
});

describe("retrying a connection test", () => {
  it("tests only those that failed or were not reached, in a run of its own", async () => {
    await fleet.addTenants("ok", 3);
    const [broken] = await fleet.addTenants("bad", 1);
    if (!broken) throw new Error("One was added.");
    await fleet.admin.query(`ALTER USER '${broken.databaseName}'@'%' ACCOUNT LOCK`);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    await finish(runner);
    await fleet.admin.query(`ALTER USER '${broken.databaseName}'@'%' ACCOUNT UNLOCK`);
    const again = await fleet.jobService(runner).retry(run.id, origin);
    expect(again).toMatchObject({ kind: "CONNECTION_TEST", status: "QUEUED" });
    expect(again.id).not.toBe(run.id);
    await finish(runner);
    expect([...(await resultsOf(again.id)).keys()]).toEqual(["bad-00"]);
    expect(await getRun(again.id)).toMatchObject({
      verdict: "PASS",
      coverage: { tenantsInScope: 1, tenantsTested: 1 },
    });
    expect(await getRun(run.id)).toMatchObject({ verdict: "FAIL" });
  });

  it("is refused while the job runs, when nothing is left, and for unknown jobs", async () => {
    await fleet.addTenants("ok", 1);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({}, origin);
    const jobs = fleet.jobService(runner);
    const refusal = (words: string) =>
      expect.objectContaining({
        code: "INVALID_STATE",
        field: ["input", "id"],
        message: expect.stringContaining(words),
      });
    await expect(jobs.retry(run.id, origin)).rejects.toThrow(refusal("QUEUED"));
    await finish(runner);
    await expect(jobs.retry(run.id, origin)).rejects.toThrow(refusal("Nothing is left to retry"));
    await expect(jobs.retry(uuidv7Ids.next(), origin)).rejects.toThrow("no such job");
  });
});

describe("starting a connection test", () => {
  it("reads a filter as every list does", async () => {
    await fleet.addTenants("ok", 1);
    const runner = fleet.runner();
    const run = await fleet.testRuns(runner).startConnectionTest({ filter: { search: " ok " } }, origin);
    await finish(runner);
    expect(await getRun(run.id)).toMatchObject({ options: { filter: { search: "ok" } }, verdict: "PASS" });
  });

  it("refuses names that nobody has, and filters that match nothing, and enters nothing", async () => {
    const [tenant] = await fleet.addTenants("ok", 1);
    if (!tenant) throw new Error("One was added.");
    const service = fleet.testRuns(fleet.runner());
    const start = (filter: object) => service.startConnectionTest({ filter }, origin);
    const refusal = (...field: string[]) => expect.objectContaining({ code: "INVALID", field: ["input", ...field] });
    const unknown = { code: "NOT_FOUND", field: ["input", "filter", "ids", "1"] };
    await expect(start({ ids: [tenant.id, uuidv7Ids.next()] })).rejects.toMatchObject(unknown);
    const noServer = { code: "NOT_FOUND", field: ["input", "filter", "serverId"] };
    await expect(start({ serverId: uuidv7Ids.next() })).rejects.toMatchObject(noServer);
    await expect(start({ slugs: ["nobody"] })).rejects.toThrow(refusal("filter", "slugs", "0"));
    await expect(start({ search: "zzz" })).rejects.toThrow(refusal("filter"));
    await expect(start({ statuses: ["FAILED"] })).rejects.toThrow(refusal("filter"));
    await expect(start({ slugs: Array.from({ length: 1_001 }, () => tenant.slug) })).rejects.toThrow(
      refusal("filter", "slugs"),
    );
    await expect(start({ search: "a\u0000" })).rejects.toThrow(refusal("filter", "search"));
    await expect(service.startConnectionTest({ retries: 99 }, origin)).rejects.toThrow(InvalidInput);
    expect(await service.count({})).toBe(0);
  });

  it("refuses an empty fleet", async () => {
    await expect(fleet.testRuns(fleet.runner()).startConnectionTest({}, origin)).rejects.toThrow(
      "There is no active tenant to test.",
    );
  });
});

function latestOf(detail: unknown): readonly string[] {
  if (typeof detail !== "object" || detail === null || !("latest" in detail)) return [];
  return Array.isArray(detail.latest) ? detail.latest : [];
}

/** Follows the run's events until so many results are stored. */
async function resultsReach(id: JobId, count: number): Promise<void> {
  for await (const { progress } of fleet.feed.follow(id, 0, go)) if (progress.done >= count) return;
}
