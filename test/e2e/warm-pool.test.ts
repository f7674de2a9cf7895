import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  CancelJobDocument,
  EnterWarmTenantDocument,
  type EnterWarmTenantMutation,
  OpenFindingsDocument,
  RetryJobDocument,
  RevealDocument,
  SetWarmPoolTargetDocument,
  StartIsolationTestDocument,
  ValidateDocument,
  WarmPoolsDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { PrivateServer, sqlAt } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import {
  allTenants,
  complaintsAbout,
  endOfJob,
  followJob,
  followRun,
  jobState,
  runState,
  until,
} from "./support/steps.ts";

type Entered = EnterWarmTenantMutation["createTenant"];

let server: PrivateServer;
let stage: Stage;
let counter = 0;

beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
  stage = await Stage.started(server.url);
}, 120_000);

afterAll(async () => {
  await stage?.close();
  await server?.stop();
});

async function pool() {
  const { databaseServers } = await stage.api.data(WarmPoolsDocument, {});
  const [only] = databaseServers;
  if (!only) throw new TypeError("There is no server.");
  return { id: only.id, tenants: only.tenantCount, ...only.warmPool };
}

async function keep(target: number) {
  const { setWarmPoolTarget } = await stage.api.data(SetWarmPoolTargetDocument, {
    input: { serverId: (await pool()).id, target },
  });
  if (!setWarmPoolTarget.job) throw new TypeError(JSON.stringify(setWarmPoolTarget.userErrors));
  return endOfJob(stage.api, setWarmPoolTarget.job.id);
}

async function create(part: { readonly slug?: string; readonly seed?: boolean } = {}): Promise<Entered> {
  counter += 1;
  const slug = part.slug ?? `warm-${counter}`;
  const input = { slug, name: slug, domains: [`${slug}.example`], ...part };
  return (await stage.api.data(EnterWarmTenantDocument, { input })).createTenant;
}

/** Names of databases, and of accounts, that the service may have made. */
async function onServer(): Promise<{ databases: readonly string[]; accounts: readonly string[] }> {
  const databases = await stage.sql<{ name: string }>(
    "SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%' ORDER BY 1",
  );
  const accounts = await stage.sql<{ name: string }>(
    "SELECT User AS name FROM mysql.global_priv WHERE User LIKE 'tnt%' ORDER BY 1",
  );
  return { databases: databases.map(({ name }) => name), accounts: accounts.map(({ name }) => name) };
}

/** Names of tenants and of the pool, as the registry has them. */
async function known(): Promise<readonly string[]> {
  const rows = await stage.rows<{ name: string }>(
    "SELECT database_name AS name FROM tenants UNION SELECT database_name FROM warm_databases ORDER BY 1",
  );
  return rows.map(({ name }) => name);
}

const isFull = (target: number) => until("the pool is full", 20_000, async () => (await pool()).ready === target);

async function findings() {
  const { validateTenants } = await stage.api.data(ValidateDocument, { filter: {} });
  expect(await endOfJob(stage.api, validateTenants.job?.id ?? "")).toMatchObject({ status: "SUCCEEDED" });
  const { findings: open } = await stage.api.data(OpenFindingsDocument, {});
  return open.nodes.filter(({ kind }) => kind !== "SERVER_SETTING");
}

async function urlOf(id: string): Promise<string> {
  const { revealTenantConnection } = await stage.api.data(RevealDocument, { input: { id } });
  if (!revealTenantConnection.connection) throw new TypeError(JSON.stringify(revealTenantConnection.userErrors));
  return revealTenantConnection.connection.url;
}

describe("the warm pool", () => {
  beforeEach(async () => {
    await keep(3);
  });

  it("is filled by a job, counts as no tenant, and is nothing that a validation complains of", async () => {
    const before = (await pool()).tenants;
    const job = await keep(5);
    expect(job).toMatchObject({ kind: "FILL_WARM_POOL", status: "SUCCEEDED", progress: { percent: 100 } });
    expect(complaintsAbout(await followJob(stage.api, job.id))).toEqual([]);
    expect(await pool()).toMatchObject({ target: 5, ready: 5, tenants: before });
    expect(await allTenants(stage.api)).toHaveLength(before);
    const { databases, accounts } = await onServer();
    expect([databases, accounts]).toEqual([await known(), await known()]);
    expect(await findings()).toEqual([]);
  });

  it("gives a tenant that can log in when it is answered, and is filled again", async () => {
    const { tenant, job, userErrors } = await create({ slug: "acme" });
    expect(userErrors).toEqual([]);
    expect(tenant).toMatchObject({ slug: "acme", status: "ACTIVE", generation: 1 });
    expect(job).toMatchObject({ status: "SUCCEEDED", progress: { percent: 100, done: 1, total: 1 } });
    const rows = await sqlAt(await urlOf(tenant?.id ?? ""), "SELECT COUNT(*) AS none FROM roles");
    expect(rows).toHaveLength(1);
    const events = await followJob(stage.api, job?.id ?? "");
    expect([complaintsAbout(events), events.at(-1)?.status]).toEqual([[], "SUCCEEDED"]);
    expect(await jobState(stage.api, job?.id ?? "")).toMatchObject({ items: { nodes: [{ status: "SUCCEEDED" }] } });
    await isFull(3);
    expect(await findings()).toEqual([]);
  });

  it("gives none to who wants sample data, and no longer than it lasts", async () => {
    expect(await create({ seed: true })).toMatchObject({
      tenant: { status: "PROVISIONING" },
      job: { status: "QUEUED" },
    });
    const entered = await Promise.all(Array.from({ length: 12 }, () => create()));
    const taken = entered.filter(({ tenant }) => tenant?.status === "ACTIVE");
    expect(taken.length).toBeGreaterThanOrEqual(3);
    expect(taken.length).toBeLessThan(12);
    for (const { job } of entered) await endOfJob(stage.api, job?.id ?? "");
    const tenants = await allTenants(stage.api);
    expect(tenants.filter(({ status }) => status !== "ACTIVE")).toEqual([]);
    expect(new Set(tenants.map(({ databaseName }) => databaseName)).size).toBe(tenants.length);
    await isFull(3);
  });

  it("is taken away when its target falls, and leaves no trace of it", async () => {
    expect(await keep(0)).toMatchObject({ status: "SUCCEEDED" });
    expect(await pool()).toMatchObject({ target: 0, ready: 0 });
    const names = (await allTenants(stage.api)).map(({ databaseName }) => databaseName).sort();
    expect(await onServer()).toEqual({ databases: names, accounts: names });
    expect(await create()).toMatchObject({ tenant: { status: "PROVISIONING" } });
  });

  it("replaces what somebody has broken by hand", async () => {
    const warm = await stage.rows<{ name: string }>("SELECT database_name AS name FROM warm_databases ORDER BY 1");
    const [dropped, locked, lacking] = warm.map(({ name }) => name);
    await stage.sql(`DROP DATABASE ${dropped}`);
    await stage.sql(`ALTER USER '${locked}'@'%' ACCOUNT LOCK`);
    await stage.sql(`ALTER TABLE ${lacking}.invoices DROP COLUMN due_on`);
    expect(await keep(3)).toMatchObject({ status: "SUCCEEDED" });
    expect(await pool()).toMatchObject({ ready: 3 });
    const now = await stage.rows<{ name: string }>("SELECT database_name AS name FROM warm_databases");
    expect(now.filter(({ name }) => warm.some((one) => one.name === name))).toEqual([]);
    expect(await onServer()).toEqual({ databases: await known(), accounts: await known() });
  });

  it("leaves a database alone that is somebody else's now, and has it found", async () => {
    const [warm] = await stage.rows<{ name: string }>("SELECT database_name AS name FROM warm_databases");
    const name = warm?.name ?? "";
    await stage.sql(`DROP DATABASE ${name}`);
    await stage.sql(`CREATE DATABASE ${name}`);
    await stage.sql(`CREATE TABLE ${name}.precious (id int)`);
    expect(await keep(0)).toMatchObject({ status: "SUCCEEDED" });
    expect((await onServer()).databases).toContain(name);
    const found = (await findings()).map(({ kind, object }) => `${kind} ${object}`);
    expect(found.toSorted()).toEqual([`ORPHAN_DATABASE ${name}`, `ORPHAN_USER ${name}`]);
    await stage.sql(`DROP DATABASE ${name}`);
    await stage.sql(`DROP USER '${name}'@'%'`);
    expect(await findings()).toEqual([]);
  });

  it("is refused for what is out of range or not there", async () => {
    const set = async (input: { serverId: string; target: number }) =>
      (await stage.api.data(SetWarmPoolTargetDocument, { input })).setWarmPoolTarget;
    const { id } = await pool();
    for (const target of [-1, 1001]) {
      expect(await set({ serverId: id, target })).toMatchObject({
        job: null,
        userErrors: [{ code: "INVALID", field: ["input", "target"] }],
      });
    }
    for (const serverId of ["server_00000000-0000-7000-8000-000000000000", "nonsense"]) {
      expect(await set({ serverId, target: 1 })).toMatchObject({
        job: null,
        userErrors: [{ code: "NOT_FOUND", field: ["input", "serverId"] }],
      });
    }
    expect(await pool()).toMatchObject({ target: 3 });
  });

  it("is filled all the same when its job is cancelled, and by a retry", async () => {
    const { id: serverId } = await pool();
    const input = { serverId, target: 12 };
    const { setWarmPoolTarget } = await stage.api.data(SetWarmPoolTargetDocument, { input });
    const id = setWarmPoolTarget.job?.id ?? "";
    await stage.api.data(CancelJobDocument, { id });
    const ended = await endOfJob(stage.api, id);
    expect(ended.status).toBe("CANCELLED");
    expect(complaintsAbout(await followJob(stage.api, id))).toEqual([]);
    const { retryJob } = await stage.api.data(RetryJobDocument, { id });
    expect(await endOfJob(stage.api, retryJob.job?.id ?? "")).toMatchObject({ status: "SUCCEEDED" });
    expect(await pool()).toMatchObject({ target: 12, ready: 12 });
  });

  it("is nothing that an isolation test complains of", async () => {
    await create();
    const other = await create();
    await endOfJob(stage.api, other.job?.id ?? "");
    await isFull(3);
    const { startIsolationTest } = await stage.api.data(StartIsolationTestDocument, { input: {} });
    const { id } = startIsolationTest.testRun ?? { id: "" };
    await followRun(stage.api, id);
    expect(await runState(stage.api, id)).toMatchObject({ status: "SUCCEEDED", verdict: "PASS" });
    expect(await pool()).toMatchObject({ ready: 3 });
    expect(await onServer()).toEqual({ databases: await known(), accounts: await known() });
  });

  it("has nothing to retry once its job is done", async () => {
    const { id } = await keep(3);
    const { retryJob } = await stage.api.data(RetryJobDocument, { id });
    expect(retryJob).toMatchObject({ job: null, userErrors: [{ code: "INVALID_STATE" }] });
  });
});
