import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { PerformanceRunDocument, StartPerformanceTestDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer, sqlAt } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import { endOfJob, enterTestTenants, followRun, until } from "./support/steps.ts";

let server: PrivateServer;
let stage: Stage;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
  stage = await Stage.started(inject("serverUrl"), { TENANTRY_SERVER_URL: server.url });
  await endOfJob(stage.api, await enterTestTenants(stage.api, 2));
}, 90_000);

afterAll(async () => {
  await stage?.close();
  await server?.stop();
});

async function start(durationSeconds: number): Promise<string> {
  const input = { maxUsers: 4, operationsPerUser: 100, durationSeconds, skipDeepTests: true };
  const { startPerformanceTest } = await stage.api.data(StartPerformanceTestDocument, { input });
  if (!startPerformanceTest.testRun) throw new Error(`Refused: ${JSON.stringify(startPerformanceTest.userErrors)}`);
  return startPerformanceTest.testRun.id;
}

async function performanceRun(id: string) {
  const { testRun } = await stage.api.data(PerformanceRunDocument, { id });
  if (!testRun) throw new Error("The run is gone.");
  return testRun;
}

async function underWay(id: string): Promise<void> {
  await until("the load is under way", 15_000, async () => (await performanceRun(id)).coverage.tenantsTested > 0);
  // Until something was measured there is nothing to keep.
  for await (const { data } of stage.api.stream<{ testRunProgress: { operations: number } }>(
    "subscription ($id: ID!) { testRunProgress(id: $id) { operations } }",
    { id },
  )) {
    if ((data?.testRunProgress.operations ?? 0) > 10) return;
  }
}

describe("a load whose server is held still", () => {
  it("is ended within seconds, keeps what it measured, and its tables go when the server is back", async () => {
    const id = await start(60);
    await underWay(id);
    const thaw = await server.freeze();
    const frozenAtMs = performance.now();
    try {
      await followRun(stage.api, id);
    } finally {
      thaw();
    }
    expect(performance.now() - frozenAtMs).toBeLessThan(20_000);
    const run = await performanceRun(id);
    expect(run.verdict).not.toBe("PASS");
    expect(run.budget.limitedBy).toEqual(["GOVERNOR"]);
    expect(run.budget.explanation.at(-1)).toBe('It was ended because server "default" did not answer.');
    expect(run.summary.operations).toBeGreaterThan(10);
    expect(run.summary.operations).toBeLessThan(400);
    // What could not be dropped is remembered, and its job's next start or the reaper takes it away.
    const left = await sqlAt<{ tables: number }>(
      server.url,
      "SELECT COUNT(*) AS tables FROM information_schema.tables WHERE table_name LIKE 'scratch%' AND table_schema LIKE 'tnt%'",
    );
    const remembered = await stage.rows("SELECT name FROM scratch_objects WHERE purpose LIKE 'performance%'");
    expect(remembered).toHaveLength(Number(left[0]?.tables));
  });

  it("shows a stall that it outlives as latency, because what was due then was late", async () => {
    const id = await start(4);
    await underWay(id);
    const thaw = await server.freeze();
    const frozenAtMs = performance.now();
    await until("a second of the stall is over", 3_000, async () => performance.now() - frozenAtMs > 1_000);
    thaw();
    await followRun(stage.api, id);
    const { summary, status } = await performanceRun(id);
    expect(status).toBe("SUCCEEDED");
    expect(summary).toMatchObject({ operations: 400, errors: 0 });
    // A hundred operations were due in each second; a load that waits for answers would have seen four slow ones.
    expect(summary.latency?.p95).toBeGreaterThan(400);
  });
});
