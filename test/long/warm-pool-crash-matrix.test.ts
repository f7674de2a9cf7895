import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { Stage } from "../e2e/support/stage.ts";
import { allTenants, connectionTest, jobEnded, until } from "../e2e/support/steps.ts";
import { EnterWarmTenantDocument, SetWarmPoolTargetDocument, WarmPoolsDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { describeCrashes, threeActive, type Undertaking } from "./support/crash-matrix.ts";

let server: PrivateServer;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 120_000);

afterAll(async () => {
  await server?.stop();
});

async function pool(stage: Stage) {
  const [only] = (await stage.api.data(WarmPoolsDocument, {})).databaseServers;
  if (!only) throw new TypeError("There is no server.");
  return { id: only.id, ...only.warmPool };
}

async function keep(stage: Stage, target: number): Promise<string | undefined> {
  const input = { serverId: (await pool(stage)).id, target };
  return (await stage.api.data(SetWarmPoolTargetDocument, { input })).setWarmPoolTarget.job?.id;
}

async function threeAndPool(stage: Stage): Promise<void> {
  await threeActive(stage);
  expect(await jobEnded(() => stage.api, (await keep(stage, 3)) ?? "")).toMatchObject({ status: "SUCCEEDED" });
}

const filling: Undertaking = {
  name: "filling the warm pool",
  word: "warm",
  steps: ["reserved", "made", "completed"],
  prepare: threeActive,
  begin: (stage) => keep(stage, 3),
};

const walking: Undertaking = {
  ...filling,
  name: "filling the warm pool, step by step",
  word: "provision",
  steps: ["database", "marker", "account", "grants", "migrated", "verified"],
  nth: { exit: 2, throw: 1, hang: 3 },
  // What is prepared comes by the same steps: in a process of its own.
  env: () => ({}),
};

const reaping: Undertaking = {
  name: "reaping the warm pool",
  word: "warm",
  steps: ["dropped", "account-dropped", "forgotten"],
  nth: { exit: 2, throw: 1, hang: 1 },
  prepare: threeAndPool,
  begin: (stage) => keep(stage, 0),
};

for (const undertaking of [filling, walking, reaping]) describeCrashes(undertaking, () => server);

/** Every database and account of the service's kind, and those that the registry knows. */
async function namesOf(stage: Stage) {
  const list = async (sql: string, ask: Stage["sql"]) => (await ask.call(stage, sql)).map(({ name }) => name);
  return {
    databases: await list(
      "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%' ORDER BY 1",
      stage.sql,
    ),
    accounts: await list("SELECT User AS name FROM mysql.global_priv WHERE User LIKE 'tnt%' ORDER BY 1", stage.sql),
    known: await list(
      "SELECT database_name AS name FROM tenants UNION ALL SELECT database_name FROM warm_databases ORDER BY 1",
      stage.rows,
    ),
  };
}

const isFull = (stage: Stage, target: number) =>
  until("the pool is full", 30_000, async () => (await pool(stage)).ready === target);

describe("a claim from the warm pool", () => {
  it.each(["claimed", "committed"])("that dies at admit:%s happens once or not at all", async (step) => {
    const stage = await Stage.started(server.url);
    onTestFinished(() => stage.close());
    await jobEnded(() => stage.api, (await keep(stage, 2)) ?? "");
    await stage.stop();
    await stage.start({ TENANTRY_FAILPOINTS: `admit:${step}=exit` });
    const input = { slug: "once", name: "Once", idempotencyKey: "once" };
    const create = async () => (await stage.api.data(EnterWarmTenantDocument, { input })).createTenant;
    await expect(create()).rejects.toThrow();
    expect(await stage.gone()).toBe("SIGKILL");
    const left = await stage.rows("SELECT tenant_id FROM warm_databases WHERE state = 'READY'");
    expect(left).toHaveLength(step === "claimed" ? 2 : 1);
    await stage.start();
    const { tenant, job } = await create();
    expect([tenant?.status, job?.status]).toEqual(["ACTIVE", "SUCCEEDED"]);
    expect(await create()).toMatchObject({ tenant: { id: tenant?.id }, job: { id: job?.id } });
    await isFull(stage, 2);
    expect(await allTenants(stage.api)).toHaveLength(1);
    const { databases, accounts, known } = await namesOf(stage);
    expect([databases, accounts, known.length]).toEqual([known, known, 3]);
    expect(await connectionTest(stage.api)).toMatchObject({ verdict: "PASS" });
  });

  it("goes on through a kill -9 while twenty are being made, and nothing leaks", async () => {
    const stage = await Stage.started(server.url);
    onTestFinished(() => stage.close());
    const job = (await keep(stage, 20)) ?? "";
    await until("some are ready", 30_000, async () => (await pool(stage)).ready >= 4);
    await stage.kill();
    await stage.start();
    expect(await jobEnded(() => stage.api, job)).toMatchObject({ status: "SUCCEEDED" });
    expect(await pool(stage)).toMatchObject({ target: 20, ready: 20 });
    const filled = await namesOf(stage);
    expect([filled.databases, filled.accounts, filled.known.length]).toEqual([filled.known, filled.known, 20]);
    const gone = (await keep(stage, 0)) ?? "";
    await until("some are gone", 30_000, async () => (await namesOf(stage)).known.length <= 15);
    await stage.kill();
    await stage.start();
    expect(await jobEnded(() => stage.api, gone)).toMatchObject({ status: "SUCCEEDED" });
    expect(await namesOf(stage)).toEqual({ databases: [], accounts: [], known: [] });
  });
});
