import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { EnterTenantDocument, LookAtFleetDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import {
  allTenants,
  complaintsAbout,
  connectionTest,
  endOfJob,
  enterTenant,
  enterTestTenants,
  followJob,
  jobEnded,
  startConnectionTest,
  until,
} from "./support/steps.ts";

let server: PrivateServer;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 60_000);

afterAll(() => server?.stop());

/** A service whose registry is on the run's server, and whose tenants are on one that can be frozen. */
async function besideFreezable(): Promise<Stage> {
  const stage = await Stage.started(inject("serverUrl"), { TENANTRY_SERVER_URL: server.url });
  onTestFinished(() => stage.close());
  return stage;
}

/** A service whose registry can be frozen and killed. */
async function onFreezable(): Promise<Stage> {
  const stage = await Stage.started(server.url);
  onTestFinished(() => stage.close());
  return stage;
}

async function frozen(): Promise<() => void> {
  const thaw = await server.freeze();
  onTestFinished(thaw);
  return thaw;
}

async function serverStatus(stage: Stage): Promise<string | undefined> {
  const { fleet } = await stage.api.data(LookAtFleetDocument);
  return fleet.servers[0]?.status;
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const startedAt = performance.now();
  const value = await work();
  return { ms: performance.now() - startedAt, value };
}

describe("a tenant server that stands still", () => {
  it("takes no wish longer than five seconds, and what was entered is done when it goes on", async () => {
    const stage = await besideFreezable();
    const thaw = await frozen();
    const early = await timed(() => enterTenant(stage.api, { slug: "early", name: "Early" }));
    expect(early.ms).toBeLessThan(5_000);
    await until(
      "the server is known to be out of reach",
      20_000,
      async () => (await serverStatus(stage)) === "UNREACHABLE",
    );
    const input = { slug: "late", name: "Late" };
    const late = await timed(() => stage.api.data(EnterTenantDocument, { input }));
    expect(late.ms).toBeLessThan(5_000);
    expect(late.value.createTenant).toMatchObject({ tenant: null, userErrors: [{ code: "NO_ELIGIBLE_SERVER" }] });
    thaw();
    expect(await jobEnded(() => stage.api, early.value.jobId)).toMatchObject({ status: "SUCCEEDED" });
    expect((await allTenants(stage.api)).map(({ slug, status }) => `${slug} ${status}`)).toEqual(["early ACTIVE"]);
    await until("the server is known to be back", 15_000, async () => (await serverStatus(stage)) === "ONLINE");
    await endOfJob(stage.api, (await enterTenant(stage.api, input)).jobId);
  }, 90_000);

  it("is no failure of its tenants: a connection test is INCONCLUSIVE, and ends in time", async () => {
    const stage = await besideFreezable();
    await endOfJob(stage.api, await enterTestTenants(stage.api, 4));
    const thaw = await frozen();
    const run = await timed(() => connectionTest(stage.api, { timeoutMs: 1_000, retries: 1 }));
    expect(run.ms).toBeLessThan(15_000);
    expect(run.value).toMatchObject({ verdict: "INCONCLUSIVE", summary: { passed: 0, failed: 0, inconclusive: 4 } });
    for (const result of run.value.results.nodes) {
      expect(result).toMatchObject({ verdict: "INCONCLUSIVE", errorCode: "UNREACHABLE" });
    }
    thaw();
    expect(await connectionTest(stage.api)).toMatchObject({ verdict: "PASS", summary: { passed: 4 } });
  }, 60_000);

  it("does not keep the service from stopping", async () => {
    const stage = await besideFreezable();
    const job = await enterTestTenants(stage.api, 10);
    const thaw = await frozen();
    const run = await startConnectionTest(stage.api).catch(() => undefined);
    const stop = await timed(() => stage.stop());
    expect(stop.value).toBe(0);
    expect(stop.ms).toBeLessThan(10_000);
    thaw();
    await stage.start();
    expect(await jobEnded(() => stage.api, job)).toMatchObject({ status: "SUCCEEDED" });
    if (run) await jobEnded(() => stage.api, run.jobId);
  }, 60_000);
});

describe("a registry that is away", () => {
  it("is said within five seconds as something that passes, and the service heals when it is back", async () => {
    const stage = await onFreezable();
    const thaw = await frozen();
    const input = { slug: "nobody", name: "Nobody" };
    const answer = await timed(() => stage.api.send(EnterTenantDocument, { input }));
    expect(answer.ms).toBeLessThan(6_000);
    expect(answer.value.errors).toMatchObject([{ extensions: { code: "SERVICE_UNAVAILABLE", retryable: true } }]);
    expect((await fetch(`${stage.service.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${stage.service.url}/livez`)).status).toBe(200);
    thaw();
    await until("the service is ready again", 15_000, async () => (await fetch(`${stage.service.url}/readyz`)).ok);
    const { jobId } = await enterTenant(stage.api, { slug: "somebody", name: "Somebody" });
    expect(await endOfJob(stage.api, jobId)).toMatchObject({ status: "SUCCEEDED" });
  }, 60_000);

  it("killed in the middle of a job is survived by the job and by who follows it", async () => {
    const stage = await onFreezable();
    const job = await enterTestTenants(stage.api, 30);
    const following = followJob(stage.api, job);
    await until("some are ready", 20_000, async () => {
      const [row] = await stage.rows("SELECT COUNT(*) AS ready FROM tenants WHERE status = 'ACTIVE'");
      return Number(row?.ready) >= 3;
    });
    await server.crash();
    const events = await following;
    expect(complaintsAbout(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ status: "SUCCEEDED", progress: { done: 30, failed: 0 } });
    expect((await allTenants(stage.api)).map(({ status }) => status)).toEqual(Array(30).fill("ACTIVE"));
    expect((await connectionTest(stage.api)).summary).toMatchObject({ passed: 30 });
    expect(stage.service.output).not.toContain("uncaught exception");
  }, 90_000);
});

describe("a second service on the same registry", () => {
  it("says so in one line and ends, and the first works on", async () => {
    const first = await onFreezable();
    const job = await enterTestTenants(first.api, 10);
    const second = await Stage.set(server.url, first.environment());
    await second.spawn();
    const output = second.service;
    expect(await second.gone()).toBe(1);
    expect(output.output).toMatch(/tenantry: Another process already serves this registry\..*\n$/);
    expect(await endOfJob(first.api, job)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    await second.close();
  }, 60_000);
});
