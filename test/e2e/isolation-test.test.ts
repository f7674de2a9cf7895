import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { CancelJobDocument, IsolationRunDocument, StartIsolationTestDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import { complaintsAbout, endOfJob, enterTestTenants, followRun, jobEnded, until } from "./support/steps.ts";

let server: PrivateServer;
let stage: Stage;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
  stage = await Stage.started(server.url);
  await endOfJob(stage.api, await enterTestTenants(stage.api, 3));
}, 90_000);

afterAll(async () => {
  await stage?.close();
  await server?.stop();
});

async function start(input: object = {}) {
  const { startIsolationTest } = await stage.api.data(StartIsolationTestDocument, { input });
  if (!startIsolationTest.testRun) throw new Error(`Refused: ${JSON.stringify(startIsolationTest.userErrors)}`);
  return startIsolationTest.testRun;
}

async function runOf(id: string) {
  const { testRun } = await stage.api.data(IsolationRunDocument, { id });
  if (!testRun) throw new Error("The run is gone.");
  return testRun;
}

/** What an isolation run has made and not taken away: databases, accounts and roles, tables in tenants' databases, and what is remembered. */
async function traces(): Promise<number> {
  const names = await stage.rows<{ name: string }>("SELECT database_name AS name FROM tenants");
  const [there] = await stage.sql<{ things: number }>(
    `SELECT (SELECT COUNT(*) FROM mysql.global_priv WHERE User LIKE 'scratch%')
       + (SELECT COUNT(*) FROM mysql.roles_mapping WHERE Role LIKE 'scratch%')
       + (SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'scratch%')
       + (SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_NAME LIKE 'tenantry\\_canary%' AND TABLE_SCHEMA IN (?)) AS things`,
    [names.map(({ name }) => name)],
  );
  const [remembered] = await stage.rows<{ objects: number }>("SELECT COUNT(*) AS objects FROM scratch_objects");
  return Number(there?.things) + Number(remembered?.objects);
}

/** Without any failpoint. */
async function startAgain(): Promise<void> {
  await stage.stop();
  await stage.start();
}

/** Starts the service again with this failpoint, and waits until a run has brought it to its end there. */
async function crashAt(point: string): Promise<string> {
  await stage.stop();
  await stage.start({ TENANTRY_FAILPOINTS: `${point}=exit` });
  const { id } = await start();
  await stage.service.exited;
  return id;
}

describe("an isolation test by the API", () => {
  it("passes tenants as the service makes them, and follows like any run", async () => {
    const { id, kind, job } = await start({ detailed: true });
    expect(kind).toBe("ISOLATION");
    const events = await followRun(stage.api, id);
    expect(complaintsAbout(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ status: "SUCCEEDED", verdict: "PASS", operations: 3 });
    await endOfJob(stage.api, job.id);
    const run = await runOf(id);
    expect(run).toMatchObject({ verdict: "PASS", coverage: { tenantsTested: 3 }, results: { totalCount: 3 } });
    for (const result of run.results.nodes) {
      if (result.__typename !== "IsolationTestResult") throw new Error(`This is a ${result.__typename}.`);
      expect(result.checks.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 10 }, () => "PASS"));
    }
    expect(await traces()).toBe(0);
  }, 60_000);

  it("refuses what it cannot take, by the field's name, and starts nothing", async () => {
    const before = await stage.rows("SELECT COUNT(*) AS runs FROM test_runs");
    const refused = async (input: object) =>
      (await stage.api.data(StartIsolationTestDocument, { input })).startIsolationTest;
    expect(await refused({ maxTenants: 0 })).toMatchObject({
      testRun: null,
      userErrors: [{ code: "INVALID", field: ["input", "maxTenants"] }],
    });
    expect((await refused({ filter: { slugs: ["nobody"] } })).userErrors).toMatchObject([{ code: "INVALID" }]);
    expect((await refused({ filter: { search: "nothing-like-it" } })).userErrors).toMatchObject([{ code: "INVALID" }]);
    expect(await stage.rows("SELECT COUNT(*) AS runs FROM test_runs")).toEqual(before);
  }, 60_000);
});

describe("an isolation test whose service is killed", () => {
  it.each([
    "isolation:lab",
    "isolation:planted",
    "isolation:attacked",
  ])("comes to its end after the next start, and leaves no trace: at %s", async (point) => {
    const id = await crashAt(point);
    expect(await traces()).toBeGreaterThan(0);
    await stage.start();
    await until("the run has ended", 30_000, async () => (await runOf(id)).status === "SUCCEEDED");
    expect(await runOf(id)).toMatchObject({ verdict: "PASS", summary: { passed: 3 } });
    expect(await traces()).toBe(0);
  }, 60_000);

  it("is cleared up after when it was being cancelled", async () => {
    const id = await crashAt("isolation:planted");
    await stage.rows("UPDATE jobs SET status = 'CANCELLING' WHERE kind = 'ISOLATION_TEST' AND status = 'RUNNING'");
    await stage.start();
    await until("the run has ended", 30_000, async () => (await runOf(id)).status === "CANCELLED");
    expect(await runOf(id)).toMatchObject({ verdict: "INCONCLUSIVE", summary: { passed: 0 } });
    expect(await traces()).toBe(0);
  }, 60_000);

  it("ends within two seconds when somebody cancels it", async () => {
    await stage.stop();
    await stage.start({ TENANTRY_FAILPOINTS: "isolation:planted=hang" });
    onTestFinished(startAgain);
    const { id, job } = await start();
    await until("canaries are planted", 20_000, async () => (await traces()) >= 10);
    const cancelledAt = performance.now();
    await stage.api.data(CancelJobDocument, { id: job.id });
    expect(await jobEnded(() => stage.api, job.id)).toMatchObject({ status: "CANCELLED" });
    expect(performance.now() - cancelledAt).toBeLessThan(2_000);
    expect(await runOf(id)).toMatchObject({ verdict: "INCONCLUSIVE" });
    expect(await traces()).toBe(0);
  }, 60_000);
});
