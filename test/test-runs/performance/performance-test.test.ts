import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toTestRunDetail } from "../../../src/graphql/test-runs/test-run-detail.ts";
import type { JobRunner } from "../../../src/jobs/job-runner.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import { InvalidInput, LimitExceeded } from "../../../src/kit/domain-error.ts";
import type { JobId } from "../../../src/kit/ids.ts";
import { scratchPurpose } from "../../../src/servers/scratch-store.ts";
import { ServerTrouble } from "../../../src/servers/server-trouble.ts";
import { operationAt } from "../../../src/test-runs/load/operation-mix.ts";
import type { LoadSession, TenantLoads } from "../../../src/test-runs/load/tenant-load.ts";
import type { PerformanceTestInput } from "../../../src/test-runs/performance/performance-test-options.ts";
import { defaultRatingBands, type RatingBands } from "../../../src/test-runs/rating.ts";
import type { PerformanceTestResult, TestRun } from "../../../src/test-runs/test-run.ts";
import { gate, go, origin } from "../../jobs/workshop.ts";
import { calmProcess, LoadFleet } from "./load-fleet.ts";

let load: LoadFleet;

beforeEach(async () => {
  load = await LoadFleet.open();
});

afterEach(async () => {
  await load[Symbol.asyncDispose]();
});

async function finish(runner: JobRunner): Promise<void> {
  await runner.runOnce(go);
  await runner.whenIdle();
}

async function getRun(id: JobId): Promise<TestRun> {
  const run = await load.fleet.runs.find(id);
  if (!run) throw new Error("The run is gone.");
  return run;
}

async function resultsOf(id: JobId): Promise<readonly PerformanceTestResult[]> {
  const { edges } = await load.fleet.runs.results(id, undefined, { limit: 100, direction: "FORWARD" });
  return edges.map(({ node }) => node).filter((result) => result.kind === "PERFORMANCE");
}

/** The real servers, with something that happens before. */
function loadsWith(part: Partial<TenantLoads>): TenantLoads {
  const { loads } = load;
  return {
    placesOn: (serverId) => loads.placesOn(serverId),
    sizesOf: (...wish) => loads.sizesOf(...wish),
    createTable: (...wish) => loads.createTable(...wish),
    withSession: (...wish) => loads.withSession(...wish),
    dropTables: (...wish) => loads.dropTables(...wish),
    ...part,
  };
}

async function runTest(
  input: PerformanceTestInput,
  part: Partial<TenantLoads> = {},
  bands?: RatingBands,
): Promise<TestRun> {
  const runner = load.fleet.runner(load.handler({ loads: loadsWith(part) }, undefined, bands));
  const { id } = await load.testRuns(runner).startPerformanceTest(input, origin);
  await finish(runner);
  return getRun(id);
}

describe("a performance test", () => {
  it("does exactly what it planned, on tables of its own, and leaves nothing", async () => {
    await load.addTenants("load", 3);
    const counted = { inserts: 0, updates: 0, rows: 0 };
    const run = await runTest(
      { maxUsers: 6, operationsPerUser: 40, durationSeconds: 1 },
      {
        dropTables: async (serverId, tables, deadlineMs) => {
          for (const { databaseName, table } of tables) {
            const [rows] = await load.fleet.admin.query(
              `SELECT COUNT(*) AS all_rows, SUM(label IS NULL) - 1000 AS inserts, SUM(IF(label IS NULL, counter, 0)) AS updates
               FROM ${databaseName}.${table}`,
            );
            const row: object = Array.isArray(rows) ? Object(rows[0]) : {};
            counted.inserts += Number(Reflect.get(row, "inserts"));
            counted.updates += Number(Reflect.get(row, "updates"));
          }
          await load.loads.dropTables(serverId, tables, deadlineMs);
        },
      },
    );
    expect(run).toMatchObject({ status: "SUCCEEDED", verdict: "PASS", rating: expect.any(String) });
    expect(run.budget).toMatchObject({
      requestedOperations: 240,
      plannedOperations: 240,
      maxConcurrency: 6,
      limitedBy: [],
    });
    expect(run.summary).toMatchObject({
      operations: 240,
      errors: 0,
      successRate: 1,
      passed: 3,
      latency: { count: 240 },
    });
    expect(run.coverage).toEqual({ tenantsInScope: 3, tenantsTested: 3 });
    const results = await resultsOf(run.id);
    expect(results.map(({ operations }) => operations)).toEqual([80, 80, 80]);
    for (const { deepTests } of results) {
      expect(deepTests.map(({ kind, passed }) => [kind, passed])).toEqual([
        ["PERSISTENCE", true],
        ["CONCURRENT_WRITERS", true],
        ["ROLLBACK", true],
      ]);
    }
    const seed = Number.parseInt(run.id.replaceAll("-", "").slice(-8), 16);
    const kinds = Array.from({ length: 240 }, (_, n) => operationAt(seed, n).kind);
    const of = (...wanted: readonly string[]) => kinds.filter((kind) => wanted.includes(kind)).length;
    expect(counted).toMatchObject({ inserts: of("INSERT", "TRANSACTION"), updates: of("UPDATE", "TRANSACTION") });
    expect(await load.scratchTables()).toEqual([]);
    expect(await load.scratch.listOlderThan(new Date(Date.now() + 60_000), 10)).toEqual([]);
  });

  it("does 1,500 of 48,000 operations that were asked for, and says so", async () => {
    await load.addTenants("many", 2);
    const runner = load.fleet.runner(load.handler());
    const wish = { maxUsers: 480, operationsPerUser: 100, durationSeconds: 2, skipDeepTests: true };
    const { id, budget } = await load.testRuns(runner).startPerformanceTest(wish, origin);
    expect(budget).toMatchObject({ requestedOperations: 48_000, maxOperations: 1_500, plannedOperations: 1_500 });
    expect(budget.limitedBy).toContain("MAX_OPERATIONS");
    await finish(runner);
    const run = await getRun(id);
    expect(run.budget.limitedBy).toEqual(["MAX_OPERATIONS", "MAX_USERS", "CONNECTIONS"]);
    expect(run.summary).toMatchObject({ operations: 1_500, errors: 0, latency: { count: 1_500 } });
    expect(run.recommendations.join(" ")).toContain(
      "48000 operations were asked for; the limit of one run made them 1500.",
    );
  });

  it("lets what waited behind a stall count, as nobody stops arriving at a server that stalls", async () => {
    await load.addTenants("stall", 1);
    const { admin } = load.fleet;
    let performed = 0;
    const stalls: Promise<unknown>[] = [];
    const run = await runTest(
      { maxUsers: 1, operationsPerUser: 200, durationSeconds: 2, skipDeepTests: true },
      {
        withSession: (target, wish, work) =>
          load.loads.withSession(target, wish, (session) =>
            work(
              preceded(session, async () => {
                performed += 1;
                if (performed !== 20) return;
                const table = `${target.databaseName}.${target.table}`;
                stalls.push(admin.query(`LOCK TABLES ${table} WRITE; DO SLEEP(1); UNLOCK TABLES`));
              }),
            ),
          ),
      },
      defaultRatingBands,
    );
    await Promise.all(stalls);
    // Of 200 operations in two seconds a hundred arrived during the second of the stall. A closed loop would have had one slow one.
    expect(run.summary).toMatchObject({ operations: 200, errors: 0 });
    expect(run.summary.latency?.max).toBeGreaterThan(900);
    expect(run.summary.latency?.p90).toBeGreaterThan(600);
    expect(run.verdict).toBe("FAIL");
    expect((await resultsOf(run.id))[0]).toMatchObject({ rating: "CRITICAL", errorCode: "TOO_SLOW" });
  });

  it("ends a load whose server falls silent, keeps what was measured, and says what ended it", async () => {
    await load.addTenants("silent", 2);
    let performed = 0;
    const strains = { of: async () => undefined };
    const loads = loadsWith({
      withSession: (target, wish, work) =>
        load.loads.withSession(target, wish, (session) =>
          work(
            preceded(session, async () => {
              performed += 1;
              if (performed > 30) await new Promise((_, reject) => whenAborted(wish.signal, reject));
            }),
          ),
        ),
    });
    const runner = load.fleet.runner(load.handler({ loads, strains }));
    const wish = { maxUsers: 4, operationsPerUser: 100, durationSeconds: 60 };
    const { id } = await load.testRuns(runner).startPerformanceTest(wish, origin);
    await finish(runner);
    const run = await getRun(id);
    expect(run).toMatchObject({ status: "SUCCEEDED" });
    expect(run.verdict).not.toBe("PASS");
    expect(run.budget.limitedBy).toEqual(["GOVERNOR"]);
    expect(run.budget.explanation?.at(-1)).toBe('It was ended because server "default" did not answer.');
    expect(run.summary.operations).toBeGreaterThan(0);
    expect(run.summary.operations).toBeLessThan(400);
    expect(await load.scratchTables()).toEqual([]);
  });

  it("tells in its events how narrow the governor has made it, and why", async () => {
    await load.addTenants("narrow", 2);
    const runner = load.fleet.runner(load.handler({}, () => calmProcess({ eventLoopDelayMs: 300 })));
    const input = { maxUsers: 8, operationsPerUser: 20, durationSeconds: 1 };
    const { id } = await load.testRuns(runner).startPerformanceTest(input, origin);
    await finish(runner);
    const details = (await load.fleet.jobs.events(id, 0, 500)).map(({ detail }) => toTestRunDetail(detail));
    expect(details[0]?.concurrency).toBeUndefined();
    expect(details.find(({ concurrency }) => concurrency !== undefined)).toMatchObject({ concurrency: 8 });
    const narrowed = details.filter(({ slowedBecause }) => slowedBecause !== undefined);
    expect(narrowed.length).toBeGreaterThan(0);
    for (const { concurrency, slowedBecause } of narrowed) {
      expect(concurrency).toBeLessThan(8);
      expect(slowedBecause).toBe("the service's event loop was 300 ms late");
    }
  });

  it("is cancelled within two seconds, keeps what was measured and ends its work on the server", async () => {
    const tenants = await load.addTenants("cancel", 2);
    const some = gate();
    let performed = 0;
    const loads = loadsWith({
      withSession: (target, wish, work) =>
        load.loads.withSession(target, wish, (session) =>
          work(
            preceded(session, async () => {
              performed += 1;
              if (performed === 20) some.open();
            }),
          ),
        ),
    });
    const runner = load.fleet.runner(load.handler({ loads }));
    const wish = { maxUsers: 4, operationsPerUser: 250, durationSeconds: 20 };
    const { id } = await load.testRuns(runner).startPerformanceTest(wish, origin);
    await runner.runOnce(go);
    await some.opened;
    const cancelledAtMs = systemClock.monotonicMs();
    await load.fleet.jobService(runner).cancel(id, origin);
    await runner.whenIdle();
    expect(systemClock.monotonicMs() - cancelledAtMs).toBeLessThan(2_000);
    const run = await getRun(id);
    expect(run).toMatchObject({ status: "CANCELLED", verdict: "INCONCLUSIVE" });
    const { operations, errors } = run.summary;
    expect(operations).toBeGreaterThan(10);
    expect(run.progress).toMatchObject({ phase: "cancelled", total: 1_000, done: operations - errors, failed: errors });
    expect((await load.fleet.jobs.events(id, 0, 500)).at(-1)?.message).toContain(`${operations} operations`);
    const brokenOff = (await resultsOf(id)).reduce((sum, result) => sum + (result.brokenOff ?? 0), 0);
    expect(operations + brokenOff).toBe(performed);
    expect(await load.scratchTables()).toEqual([]);
    const [sessions] = await load.fleet.admin.query("SELECT id FROM information_schema.processlist WHERE user IN (?)", [
      tenants.map(({ databaseName }) => databaseName),
    ]);
    expect(sessions).toEqual([]);
  });

  it("does not send a load twice that lost its process, and takes its tables away", async () => {
    const [tenant] = await load.addTenants("lost", 1);
    const runner = load.fleet.runner(load.handler());
    const { id } = await load.testRuns(runner).startPerformanceTest({}, origin);
    const lost = await load.fleet.jobs.claim("a process that died", 60_000, ["PERFORMANCE_TEST"]);
    if (!lost || !tenant) throw new Error("There is nothing to lose.");
    const table = `scratch${"a1".repeat(10)}`;
    await load.scratch.remember(
      `${tenant.databaseName}.${table}`,
      load.fleet.serverId,
      scratchPurpose("performance", id),
    );
    await load.fleet.admin.query(`CREATE TABLE ${tenant.databaseName}.${table} (id INT)`);
    const { budget, coverage } = await getRun(id);
    await load.fleet.runs.plan(lost.lease, budget, { ...coverage, tenantsTested: 1 });
    const progress = { phase: "loading", total: 250, done: 27, failed: 1, skipped: 0, percent: 11.2 };
    const latency = { count: 28, min: 1, avg: 2, p50: 2, p90: 3, p95: 3, p99: 4, max: 4 };
    const detail = { operations: 28, errors: 1, operationsPerSecond: 25, latency, latest: [] };
    await load.fleet.jobs.record(lost.lease, { progress, message: "28 of 250 operations done.", detail }, 60_000);
    await load.fleet.jobs.returnLost("this process");
    await finish(runner);
    expect(await load.fleet.jobs.find(id)).toMatchObject({ status: "FAILED", error: { code: "INTERRUPTED" } });
    const run = await getRun(id);
    expect(run).toMatchObject({ verdict: "INCONCLUSIVE", rating: undefined, coverage: { tenantsTested: 0 } });
    // Progress, summary, message and advice count the same: what was told of the load until then.
    expect(run.progress).toMatchObject({ phase: "failed", total: 250, done: 27, failed: 1, percent: 11.2 });
    expect(run.summary).toMatchObject({
      operations: 28,
      errors: 1,
      operationsPerSecond: 25,
      successRate: 27 / 28,
      latency,
    });
    expect(run.recommendations[0]).toBe("No more than 28 of 250 operations were done because it failed (INTERRUPTED).");
    const last = (await load.fleet.jobs.events(id, 0, 100)).at(-1);
    expect(last?.message).toContain("INCONCLUSIVE: 28 operations, 1 of them failed.");
    expect(last?.detail).toMatchObject({ operations: 28, errors: 1, latency });
    expect(await load.scratchTables()).toEqual([]);
    expect(await load.scratch.listByPurpose(scratchPurpose("performance", id))).toEqual([]);
  });

  it("runs alone: a second one is told whose turn it is, also when both come at once", async () => {
    await load.addTenants("alone", 1);
    const runner = load.fleet.runner(load.handler());
    const service = load.testRuns(runner);
    const wish = { maxUsers: 1, operationsPerUser: 5, durationSeconds: 1 };
    const both = await Promise.allSettled([
      service.startPerformanceTest(wish, origin),
      service.startPerformanceTest(wish, origin),
    ]);
    const [won] = both.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
    const refusals = both.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
    expect(refusals).toEqual([expect.any(LimitExceeded)]);
    expect(refusals[0]).toMatchObject({ code: "LIMIT_EXCEEDED", jobId: won?.id });
    expect(await load.fleet.runs.count({}, 10)).toBe(1);
    await finish(runner);
    await expect(service.startPerformanceTest(wish, origin)).resolves.toMatchObject({ status: "QUEUED" });
  });

  it("takes tenants that are there to be tested before any others, and explains its choice", async () => {
    const tenants = await load.addTenants("choice", 4);
    const { database } = load.fleet.registry;
    const meant = tenants.slice(1, 3);
    for (const { id } of meant) {
      await load.fleet.admin.query(`INSERT INTO ${database}.tenant_labels VALUES (?, 'test', 'true')`, [id]);
    }
    const run = await runTest({ maxUsers: 4, operationsPerUser: 5, durationSeconds: 1, skipDeepTests: true });
    const results = await resultsOf(run.id);
    expect(new Set(results.map(({ tenantId }) => tenantId))).toEqual(new Set(meant.map(({ id }) => id)));
    expect(run.budget.explanation).toEqual(["All 2 of 2 ACTIVE tenants with the label test=true, on 1 server."]);
  });

  it("names what kept a tenant from being measured, and measures the others", async () => {
    const [poor] = await load.fleet.addTenants("poor", 1);
    await load.addTenants("rich", 1);
    const run = await runTest({ maxUsers: 2, operationsPerUser: 10, durationSeconds: 1, skipDeepTests: true });
    const results = await resultsOf(run.id);
    expect(results.find(({ tenantId }) => tenantId === poor?.id)).toMatchObject({
      verdict: "INCONCLUSIVE",
      errorCode: "ACCESS_DENIED",
      operations: 0,
    });
    expect(run).toMatchObject({ verdict: "INCONCLUSIVE", summary: { operations: 20, passed: 1 } });
    expect(run.recommendations.join(" ")).toContain("ACCESS_DENIED");
  });

  it("counts operations that find no session as failed, and waits for nobody when the last was due", async () => {
    const [refused] = await load.addTenants("refused", 1);
    await load.addTenants("served", 1);
    const startedAtMs = systemClock.monotonicMs();
    const run = await runTest(
      { maxUsers: 2, operationsPerUser: 5, durationSeconds: 1, skipDeepTests: true },
      {
        withSession: async (target, wish, work) => {
          if (target.tenantId === refused?.id) throw new ServerTrouble("ACCOUNT_LOCKED", "The account is locked.");
          return load.loads.withSession(target, wish, work);
        },
      },
    );
    expect(systemClock.monotonicMs() - startedAtMs).toBeLessThan(8_000);
    expect(run.summary).toMatchObject({ operations: 10, errors: 5, successRate: 0.5, passed: 1, failed: 1 });
    expect(run.budget.limitedBy).toEqual([]);
    expect((await resultsOf(run.id)).find(({ tenantId }) => tenantId === refused?.id)).toMatchObject({
      verdict: "FAIL",
      rating: "CRITICAL",
      errorsByCode: [{ code: "ACCOUNT_LOCKED", count: 5 }],
    });
  });

  it("says how a later run stands to the one that was accepted", async () => {
    await load.addTenants("base", 1);
    const wish = { maxUsers: 2, operationsPerUser: 100, durationSeconds: 1, skipDeepTests: true };
    const base = await runTest(wish);
    expect(await load.comparisons.toBaseline(base)).toBeUndefined();
    await load.comparisons.accept(base.id, origin);
    const slow = await runTest(wish, {
      withSession: (target, held, work) =>
        load.loads.withSession(target, held, (session) =>
          work(preceded(session, () => systemClock.sleep(60, held.signal))),
        ),
    });
    expect(await load.comparisons.toBaseline(slow)).toMatchObject({ outcome: "WORSE", base: { id: base.id } });
    expect(slow.recommendations.join(" ")).toContain("Against the accepted baseline: p50");
    expect(await load.comparisons.toBaseline(await getRun(base.id))).toBeUndefined();
    const back = await load.comparisons.compare(slow.id, base.id);
    expect(back).toMatchObject({ outcome: "BETTER" });
  });

  it("refuses what is out of range, by name, and starts nothing", async () => {
    await load.addTenants("range", 1);
    const runner = load.fleet.runner(load.handler());
    const service = load.testRuns(runner);
    for (const [name, value] of [
      ["durationSeconds", 301],
      ["durationSeconds", 0],
      ["maxUsers", 0],
      ["operationsPerUser", -1],
      ["maxTenants", 0],
    ] as const) {
      const refused = service.startPerformanceTest({ [name]: value }, origin);
      await expect(refused).rejects.toThrow(InvalidInput);
      await expect(refused).rejects.toMatchObject({ field: ["input", name] });
    }
    expect(await load.fleet.runs.count({}, 10)).toBe(0);
  });
});

/** The same session, with something before each operation. */
function preceded(session: LoadSession, first: () => Promise<void>): LoadSession {
  return {
    setUp: () => session.setUp(),
    warmUp: () => session.warmUp(),
    perform: async (operation) => {
      await first();
      await session.perform(operation);
    },
    addRow: (name) => session.addRow(name),
    hasRow: (name) => session.hasRow(name),
    addRowAndRollBack: (name) => session.addRowAndRollBack(name),
    increment: (name) => session.increment(name),
    counterOf: (name) => session.counterOf(name),
  };
}

function whenAborted(signal: AbortSignal, then: (reason: unknown) => void): void {
  signal.addEventListener("abort", () => then(signal.reason), { once: true });
}
