import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  CancelJobDocument,
  CompareTestRunsDocument,
  PerformanceRunDocument,
  type PerformanceTestInput,
  SetTestBaselineDocument,
  StartPerformanceTestDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { Stage } from "./support/stage.ts";
import { complaintsAbout, endOfJob, enterTestTenants, followRun, jobEnded, until } from "./support/steps.ts";

let stage: Stage;

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  await endOfJob(stage.api, await enterTestTenants(stage.api, 3));
}, 90_000);

afterAll(() => stage?.close());

async function start(input: PerformanceTestInput) {
  const { startPerformanceTest } = await stage.api.data(StartPerformanceTestDocument, { input });
  if (!startPerformanceTest.testRun) throw new Error(`Refused: ${JSON.stringify(startPerformanceTest.userErrors)}`);
  return startPerformanceTest.testRun;
}

async function performanceRun(id: string) {
  const { testRun } = await stage.api.data(PerformanceRunDocument, { id });
  if (!testRun) throw new Error("The run is gone.");
  return testRun;
}

async function scratchTables(): Promise<number> {
  const names = await stage.rows<{ name: string }>("SELECT database_name AS name FROM tenants");
  const [row] = await stage.sql<{ tables: number }>(
    "SELECT COUNT(*) AS tables FROM information_schema.tables WHERE table_name LIKE 'scratch%' AND table_schema IN (?)",
    [names.map(({ name }) => name)],
  );
  return Number(row?.tables);
}

/**
 * What the server itself wrote down of this stage's tenants' statements on scratch tables while the work went on. Other files' runs share the
 * server, and isolation tests name databases of theirs alike.
 */
async function logged<T>(work: () => Promise<T>): Promise<{ result: T; statements: readonly string[] }> {
  await stage.sql("TRUNCATE mysql.general_log");
  await stage.sql("SET GLOBAL log_output = 'TABLE'");
  await stage.sql("SET GLOBAL general_log = 1");
  try {
    const result = await work();
    const tenants = await stage.rows<{ name: string }>("SELECT database_name AS name FROM tenants");
    const rows = await stage.sql<{ sql: string }>(
      `SELECT CONVERT(LEFT(argument, 200) USING utf8mb4) AS \`sql\` FROM mysql.general_log
       WHERE command_type = 'Query' AND argument LIKE '%\`scratch%' AND SUBSTRING_INDEX(user_host, '[', 1) IN (?)`,
      [tenants.map(({ name }) => name)],
    );
    return { result, statements: rows.map((row) => row.sql) };
  } finally {
    await stage.sql("SET GLOBAL general_log = 0");
    await stage.sql("SET GLOBAL log_output = 'FILE'");
  }
}

describe("a performance test", () => {
  it("makes 48,000 operations 1,500, does just these on the server, and tells of them as it goes", async () => {
    const { result, statements } = await logged(async () => {
      const started = await start({ maxUsers: 480, operationsPerUser: 100, durationSeconds: 4, skipDeepTests: true });
      expect(started.budget).toMatchObject({
        requestedOperations: 48_000,
        maxOperations: 1_500,
        plannedOperations: 1_500,
        limitedBy: ["MAX_OPERATIONS", "MAX_USERS"],
      });
      const second = await stage.api.data(StartPerformanceTestDocument, { input: {} });
      expect(second.startPerformanceTest).toMatchObject({
        testRun: null,
        userErrors: [{ code: "LIMIT_EXCEEDED", jobId: started.job.id }],
      });
      const events = await followRun(stage.api, started.id);
      expect(complaintsAbout(events)).toEqual([]);
      expect(events.some(({ operations }) => operations > 100 && operations < 1_400)).toBe(true);
      return performanceRun(started.id);
    });
    expect(result).toMatchObject({ status: "SUCCEEDED", summary: { operations: 1_500, errors: 0, successRate: 1 } });
    expect(result.summary.latency).toMatchObject({ count: 1_500 });
    expect(result.coverage).toEqual({ tenantsInScope: 3, tenantsTested: 3 });
    const shares = result.results.nodes.map((node) => ("operations" in node ? node.operations : 0));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(1_500);
    expect(Math.min(...shares)).toBeGreaterThan(400);
    const count = (pattern: RegExp) => statements.filter((sql) => pattern.test(sql)).length;
    const transactions = count(/^SELECT counter FROM .* FOR UPDATE/);
    const warmUps = result.budget.maxConcurrency;
    // Each tenant's table was filled by one INSERT; a transaction is an UPDATE and an INSERT that belong together.
    const inserts = count(/^INSERT/) - 3;
    const reads = count(/^SELECT id, counter/) - warmUps + count(/BETWEEN/);
    const updates = count(/^UPDATE/);
    const seen = JSON.stringify({ budget: result.budget, warmUps, reads, updates, inserts, transactions });
    expect(reads + updates + inserts - transactions, seen).toBe(1_500);
    expect(await scratchTables()).toBe(0);
  });

  it("leaves nothing of a run whose service was killed, and ends it when the service is back", async () => {
    const { id, job } = await start({ maxUsers: 6, operationsPerUser: 200, durationSeconds: 60 });
    await until("the load is under way", 15_000, async () => {
      const { coverage } = await performanceRun(id);
      return coverage.tenantsTested > 0 && (await scratchTables()) === 3;
    });
    await stage.kill();
    await stage.start();
    const ended = await jobEnded(() => stage.api, job.id);
    expect(ended).toMatchObject({ status: "FAILED", error: { code: "INTERRUPTED" } });
    const { verdict, summary } = await performanceRun(id);
    expect(verdict).toBe("INCONCLUSIVE");
    // What the events told of the load until then is what the summary and the end say.
    const events = await followRun(stage.api, id);
    expect(complaintsAbout(events)).toEqual([]);
    const told = Math.max(...events.map(({ operations }) => operations));
    const last = events.at(-1);
    expect({ operations: last?.operations, counted: last?.progress.done }).toEqual({ operations: told, counted: told });
    expect(summary.operations).toBe(told);
    expect(last?.message).toContain(`INCONCLUSIVE: ${told} operations`);
    expect(await scratchTables()).toBe(0);
    expect(await stage.rows("SELECT name FROM scratch_objects WHERE purpose LIKE 'performance%'")).toEqual([]);
  });

  it("stops within two seconds of being cancelled", async () => {
    const { id, job } = await start({ maxUsers: 6, operationsPerUser: 200, durationSeconds: 60 });
    await until("the load is under way", 15_000, async () => (await performanceRun(id)).coverage.tenantsTested > 0);
    const askedAtMs = performance.now();
    await stage.api.data(CancelJobDocument, { id: job.id });
    await followRun(stage.api, id);
    expect(performance.now() - askedAtMs).toBeLessThan(2_000);
    expect(await performanceRun(id)).toMatchObject({ status: "CANCELLED", verdict: "INCONCLUSIVE" });
    expect(await scratchTables()).toBe(0);
  });

  it("is held against the run that was accepted, and against any other", async () => {
    const input = { maxUsers: 3, operationsPerUser: 40, durationSeconds: 1 };
    const base = await start(input);
    await followRun(stage.api, base.id);
    expect((await stage.api.data(SetTestBaselineDocument, { id: base.id })).setTestBaseline.userErrors).toEqual([]);
    expect((await performanceRun(base.id)).comparedToBaseline).toBeNull();
    const later = await start(input);
    await followRun(stage.api, later.id);
    const { comparedToBaseline, results } = await performanceRun(later.id);
    expect(comparedToBaseline).toMatchObject({ base: { id: base.id }, head: { id: later.id } });
    const compared = await stage.api.data(CompareTestRunsDocument, { baseId: base.id, headId: later.id });
    expect(compared.compareTestRuns).toEqual(comparedToBaseline);
    for (const node of results.nodes) {
      expect(node).toMatchObject({ deepTests: [{ passed: true }, { passed: true }, { passed: true }] });
    }
    const unknown = "run_00000000-0000-7000-8000-000000000000";
    const nothing = await stage.api.data(CompareTestRunsDocument, { baseId: base.id, headId: unknown });
    expect(nothing.compareTestRuns).toBeNull();
    const { setTestBaseline } = await stage.api.data(SetTestBaselineDocument, { id: unknown });
    expect(setTestBaseline).toEqual({ testRun: null, userErrors: [{ code: "NOT_FOUND", field: ["input", "id"] }] });
  });

  it.each([
    [{ durationSeconds: 301 }, ["input", "durationSeconds"]],
    [{ maxUsers: 0 }, ["input", "maxUsers"]],
    [{ filter: { slugs: ["nobody"] } }, ["input", "filter", "slugs", "0"]],
  ])("refuses %j by name", async (input, field) => {
    const { startPerformanceTest } = await stage.api.data(StartPerformanceTestDocument, { input });
    expect(startPerformanceTest).toMatchObject({ testRun: null, userErrors: [{ code: "INVALID", field }] });
  });
});
