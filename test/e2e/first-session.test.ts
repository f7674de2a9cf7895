import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EmbeddedMariaDb } from "../../src/embedded/embedded-mariadb.ts";
import { ServerFolder } from "../../src/embedded/server-folder.ts";
import { RevealDocument } from "../gql/graphql.ts";
import { ApiClient } from "../support/client.ts";
import { buildService, ServiceProcess } from "../support/service.ts";
import { type Row, sqlAt } from "./support/private-server.ts";
import {
  allTenants,
  complaintsAbout,
  enterTestTenants,
  followJob,
  followRun,
  jobState,
  runState,
  startConnectionTest,
  type TenantState,
} from "./support/steps.ts";

/** A service as somebody starts it who has configured nothing: a fresh folder, and all that it makes by itself. */
let service: ServiceProcess;
let dataDir: string;
let key: string;
let api: ApiClient;
let adminUrl: string;
let provisioning: string;
let tenants: readonly TenantState[];

const sql = (text: string, values: readonly unknown[] = []): Promise<Row[]> => sqlAt(adminUrl, text, values);
const registry = (text: string): Promise<Row[]> => sqlAt(`${adminUrl}/tenantry`, text);

beforeAll(async () => {
  await buildService();
  dataDir = await mkdtemp(join(tmpdir(), "tenantry-first-"));
  service = await ServiceProcess.start({ dataDir, env: { TENANTRY_MARIADBD: inject("mariadbd") } });
  await service.says("Stop it with Ctrl-C.");
  key = /Admin key +(\S+)/.exec(service.output)?.[1] ?? "";
  api = new ApiClient(service.url, key);
  const { username, password, port } = await new ServerFolder(dataDir).account();
  adminUrl = `mysql://${username}:${password}@127.0.0.1:${port}`;
  provisioning = await enterTestTenants(api, 32);
  await followJob(api, provisioning);
  tenants = await allTenants(api);
}, 120_000);

afterAll(async () => {
  await api?.close();
  await service?.stop();
  await EmbeddedMariaDb.stopLeftover(dataDir);
  await rm(dataDir, { recursive: true, force: true });
});

describe("the first session", () => {
  it("says where everything is, and shows the first key, which is kept for the owner alone", async () => {
    for (const what of ["API", "Playground", "Dashboard", "Stop it with Ctrl-C."])
      expect(service.output).toContain(what);
    expect(service.output).toContain(`${service.url}/#key=${encodeURIComponent(key)}`);
    const file = join(dataDir, "admin.key");
    expect((await readFile(file, "utf8")).trim()).toBe(key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("provisions 32 tenants, and tells of each step once, in order, to 100 percent", async () => {
    const events = await followJob(api, provisioning);
    expect(complaintsAbout(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({
      status: "SUCCEEDED",
      progress: { total: 32, done: 32, failed: 0, skipped: 0, percent: 100 },
    });
    expect(tenants.map(({ status }) => status)).toEqual(Array(32).fill("ACTIVE"));
    expect(new Set(tenants.map(({ slug }) => slug)).size).toBe(32);
    expect(tenants.every(({ labels }) => labels.some((label) => label.key === "test" && label.value === "true"))).toBe(
      true,
    );
  });

  it("writes at most ten steps a second", async () => {
    const times = (await followJob(api, provisioning)).map(({ at }) => Date.parse(at));
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
    expect(busiest).toBeLessThanOrEqual(10);
  });

  it("goes on after any step, and has nothing to say after the last", async () => {
    const all = await followJob(api, provisioning);
    const middle = Math.floor(all.length / 2);
    expect(await followJob(api, provisioning, middle)).toEqual(all.slice(middle));
    expect(await followJob(api, provisioning, all.length - 1)).toEqual(all.slice(-1));
    expect(await followJob(api, provisioning, all.length)).toEqual([]);
    expect(await followJob(api, provisioning, all.length + 1_000)).toEqual([]);
  });

  it("makes 32 databases of the right charset, each with its owner's marker and a finished journal", async () => {
    const databases = await sql(
      `SELECT SCHEMA_NAME AS name, DEFAULT_CHARACTER_SET_NAME AS charset, DEFAULT_COLLATION_NAME AS collation
         FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'tnt%'`,
    );
    expect(databases.map(({ name }) => name).toSorted()).toEqual(tenants.map((each) => each.databaseName).toSorted());
    for (const { charset, collation } of databases) {
      expect([charset, collation]).toEqual(["utf8mb4", "utf8mb4_unicode_ci"]);
    }
    for (const { id, databaseName, schemaVersion } of tenants) {
      const journal = await sql(`SELECT * FROM ${databaseName}.tenantry_journal ORDER BY migration, statement`);
      expect(`tenant_${journal[0]?.tenant_id}`).toBe(id);
      expect(new Set(journal.map((row) => row.tenant_id)).size).toBe(1);
      expect(journal.filter((row) => row.status !== "DONE" || row.finished_at === null)).toEqual([]);
      expect(journal.at(-1)?.migration).toBe(schemaVersion);
    }
  });

  it("makes 32 accounts that may do on their own database what the recipe says, and nothing else", async () => {
    const accounts = await sql("SELECT User, Host FROM mysql.global_priv WHERE User LIKE 'tnt%'");
    expect(accounts.map((row) => `${row.User}@${row.Host}`).toSorted()).toEqual(
      tenants.map(({ databaseName }) => `${databaseName}@%`).toSorted(),
    );
    for (const { databaseName: name } of tenants) {
      const [made] = await sql(`SHOW CREATE USER '${name}'@'%'`);
      expect(String(Object.values(made ?? {})[0])).toContain("MAX_USER_CONNECTIONS 50");
      const grants = (await sql(`SHOW GRANTS FOR '${name}'@'%'`)).map((row) => String(Object.values(row)[0]));
      expect(
        grants.map((grant) => grant.replace(/ IDENTIFIED BY PASSWORD '[^']*'/, "").replaceAll(name, "TENANT")),
      ).toEqual([
        "GRANT USAGE ON *.* TO `TENANT`@`%` WITH MAX_USER_CONNECTIONS 50",
        "GRANT SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE, CREATE VIEW, SHOW VIEW ON `TENANT`.* TO `TENANT`@`%`",
      ]);
    }
  });

  it("leaves no scratch database, and no account or database that nobody knows", async () => {
    expect(await sql("SHOW DATABASES LIKE 'scratch%'")).toEqual([]);
    expect(await registry("SELECT * FROM scratch_objects")).toEqual([]);
  });

  it("tests the connection of all 32 live, and every one passes", async () => {
    const { id } = await startConnectionTest(api);
    const events = await followRun(api, id);
    expect(complaintsAbout(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ status: "SUCCEEDED", verdict: "PASS", progress: { percent: 100, done: 32 } });
    expect(events.slice(0, -1).map(({ verdict }) => verdict)).toEqual(events.slice(0, -1).map(() => null));
    const run = await runState(api, id);
    expect(run.coverage).toEqual({ tenantsInScope: 32, tenantsTested: 32 });
    expect(run.summary).toEqual({ passed: 32, failed: 0, inconclusive: 0, successRate: 1 });
    expect(new Set(run.results.nodes.map(({ tenant }) => tenant.slug)).size).toBe(32);
    for (const result of run.results.nodes) {
      expect(result).toMatchObject({ verdict: "PASS", attempts: 1, errorCode: null });
      expect(result.durationMs).toBeGreaterThan(0);
    }
    expect(await followRun(api, id, events.length)).toEqual([]);
  });

  it("reveals a connection that really connects, and writes down who asked for what reason", async () => {
    const [tenant] = tenants;
    if (!tenant) throw new TypeError("There is no tenant.");
    const input = { id: tenant.id, reason: "the first session" };
    const { revealTenantConnection: revealed } = await api.data(RevealDocument, { input });
    const connection = revealed.connection;
    expect(connection).toMatchObject({ database: tenant.databaseName, username: tenant.databaseName });
    const [seen] = await sqlAt(connection?.url ?? "", "SELECT DATABASE() AS db, CURRENT_USER() AS account");
    expect(seen).toEqual({ db: tenant.databaseName, account: `${tenant.databaseName}@%` });
    const [entry] = await registry("SELECT * FROM audit_entries ORDER BY id DESC LIMIT 1");
    expect(entry).toMatchObject({
      action: "revealTenantConnection",
      result: "OK",
      subject: `Tenant:${tenant.id.slice(7)}`,
    });
    expect(JSON.stringify(entry)).toContain("the first session");
    expect(service.output).not.toContain(connection?.password ?? "");
  });

  it("writes no secret to its output, except the first key, by itself and in the link that signs in", async () => {
    const secrets: string[] = [];
    for (const { id } of tenants) {
      const { revealTenantConnection: revealed } = await api.data(RevealDocument, { input: { id } });
      secrets.push(revealed.connection?.password ?? "");
    }
    const encryption = (await readFile(join(dataDir, "encryption.key"), "utf8")).trim();
    const { password } = await new ServerFolder(dataDir).account();
    expect(secrets.every((secret) => secret.length === 32)).toBe(true);
    for (const secret of [...secrets, encryption, password]) expect(service.output).not.toContain(secret);
    expect(service.output.split(key)).toHaveLength(3);
    expect(service.output).toContain(`/#key=${key}`);
    const stored = JSON.stringify(await registry("SELECT * FROM tenants"));
    for (const secret of secrets) expect(stored).not.toContain(secret);
    expect(JSON.stringify(await registry("SELECT * FROM api_keys"))).not.toContain(key);
  });

  it("tells a job by its id, with one item per tenant", async () => {
    const job = await jobState(api, provisioning);
    expect(job).toMatchObject({ status: "SUCCEEDED", attempts: 1, error: null, items: { totalCount: 32 } });
    expect(job.items.nodes.every(({ status }) => status === "SUCCEEDED")).toBe(true);
  });
});
