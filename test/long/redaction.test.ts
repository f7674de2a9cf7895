import { randomBytes } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getTableName } from "drizzle-orm";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { Secret } from "../../src/kit/secret.ts";
import { SecretBox } from "../../src/kit/secret-box.ts";
import { vaults } from "../../src/registry/secrets/vaults.ts";
import { nativePasswordHash } from "../../src/tenants/credentials.ts";
import { PrivateServer } from "../e2e/support/private-server.ts";
import { Stage } from "../e2e/support/stage.ts";
import { until } from "../e2e/support/steps.ts";
import { Issuer } from "../http/support/issuer.ts";
import { LeakDetector } from "../support/leak-detector.ts";
import { buildService } from "../support/service.ts";
import { BusyRun } from "./support/busy-run.ts";

let server: PrivateServer;
beforeAll(async () => {
  await buildService();
  server = await PrivateServer.start();
}, 120_000);
afterAll(() => server?.stop());

const oldKey = randomBytes(32).toString("base64");
const newKey = randomBytes(32).toString("base64");
const fromServer = "(input: { filter: {} }) { job { id } userErrors { code message } }";
const tenantWork = "(input: { id: $id }) { job { id } userErrors { code message } }";

/** Every statement that the server is sent from now on, in a file. */
async function logStatements(stage: Stage): Promise<string> {
  const path = join(tmpdir(), `tenantry-statements-${randomBytes(6).toString("hex")}.log`);
  onTestFinished(() => rm(path, { force: true }));
  await stage.sql("SET GLOBAL log_output = 'FILE'");
  await stage.sql("SET GLOBAL general_log_file = ?", [path]);
  await stage.sql("SET GLOBAL general_log = 1");
  return path;
}

/** Takes things away from tenants, and gives one a password that is not the stored one. */
async function drift(stage: Stage): Promise<void> {
  const rows = await stage.rows<{ slug: string; name: string }>("SELECT slug, database_name AS name FROM tenants");
  const name = (slug: string) => rows.find((row) => row.slug === slug)?.name ?? "";
  const hash = nativePasswordHash(new Secret("another one"));
  await stage.sql(`ALTER USER '${name("busy-2")}'@'%' IDENTIFIED BY PASSWORD '${hash}'`);
  await stage.sql(`DROP USER '${name("busy-3")}'@'%'`);
  await stage.sql(`GRANT SELECT ON ${name("busy-1")}.* TO '${name("busy-2")}'@'%'`);
}

/** Every password that lies in the registry now. */
async function storedPasswords(stage: Stage, into: Map<string, string>): Promise<void> {
  const box = new SecretBox([newKey, oldKey].map((key) => Buffer.from(key, "base64")));
  for (const { table, owner, sealed, field } of vaults) {
    const place = getTableName(table);
    const rows = await stage.rows<{ owner: string; sealed: string }>(
      `SELECT ${owner.name} AS owner, ${sealed.name} AS sealed FROM ${place} WHERE ${sealed.name} <> ''`,
    );
    for (const row of rows) {
      const password = box.open(row.sealed, { ownerId: row.owner, field }).reveal();
      into.set(`${field} of ${row.owner} in ${place}: ${into.size}`, password);
    }
  }
}

/** Every row of every table, but for the columns in which secrets are sealed. */
async function registryText(stage: Stage): Promise<string> {
  const tables = await stage.rows<{ name: string }>(
    "SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ?",
    [stage.registry],
  );
  expect(tables.length).toBeGreaterThan(15);
  const texts: string[] = [];
  for (const { name } of tables) {
    const sealed = vaults.filter(({ table }) => getTableName(table) === name).map((vault) => vault.sealed.name);
    for (const row of await stage.rows(`SELECT * FROM \`${name}\``)) {
      const shown = Object.entries(row).filter(([column]) => !sealed.includes(column));
      texts.push(shown.map(([column, value]) => `${name}.${column}: ${textOf(value)}`).join("\n"));
    }
  }
  return texts.join("\n");
}

function textOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString("latin1");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Arguments of every process that there is. */
async function processArguments(): Promise<string> {
  const ids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => "")));
  return texts.join("\n");
}

async function filesBelow(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return (await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name), "latin1")))).join("\n");
}

/** Databases that wait for tenants, and one that a tenant was given. */
async function fillPool(run: BusyRun, stage: Stage): Promise<void> {
  const { databaseServers } = await run.api.data<{ databaseServers: { id: string }[] }>("{ databaseServers { id } }");
  const target =
    "mutation($id: ID!) { setWarmPoolTarget(input: { serverId: $id, target: 2 }) { job { id } userErrors { code } } }";
  await run.do(target, { id: databaseServers[0]?.id });
  const isFull = async () => (await stage.rows("SELECT 1 FROM warm_databases WHERE state = 'READY'")).length >= 2;
  await until("the pool is full", 60_000, isFull);
  const one = 'mutation { createTenant(input: { slug: "warm", name: "Warm" }) { job { id } userErrors { code } } }';
  expect(await run.do(one)).toBe("SUCCEEDED");
  await run.reveal("password of warm", (await run.tenants()).get("warm") ?? "");
}

/** The life of three tenants, from their making to the deletion of one. */
async function workOnTenants(run: BusyRun, stage: Stage): Promise<void> {
  const tenants = [1, 2, 3].map((n) => ({ slug: `busy-${n}`, name: `Busy ${n}`, seed: true }));
  const create =
    "mutation($input: CreateTenantsInput!) { createTenants(input: $input) { job { id } userErrors { code message } } }";
  const input = { tenants, idempotencyKey: "busy" };
  expect(await run.do(create, { input })).toBe("SUCCEEDED");
  await run.do(create, { input });
  await run.do(create, { input: { ...input, tenants: tenants.slice(1) } });
  const ids = await run.tenants();
  for (const [slug, id] of ids) await run.reveal(`password of ${slug}`, id);
  const first = { id: ids.get("busy-1") };
  for (const work of ["rotateTenantCredentials", "suspendTenant", "resumeTenant"]) {
    expect(await run.do(`mutation($id: ID!) { ${work}${tenantWork} }`, first)).toBe("SUCCEEDED");
  }
  await run.reveal("new password of busy-1", ids.get("busy-1") ?? "");
  for (const work of ["migrateTenants", "seedTenants", "validateTenants"])
    await run.do(`mutation { ${work}${fromServer} }`);
  await drift(stage);
  const results = await run.do(
    "mutation { startConnectionTest(input: {}) { testRun { id job { id } } userErrors { code } } }",
  );
  expect(results).toBe("SUCCEEDED");
  await run.do(`mutation { validateTenants${fromServer} }`);
  const repair = "(input: { confirmDataLoss: true }) { job { id } userErrors { code message } }";
  expect(await run.do(`mutation { repairTenants${repair} }`)).toBe("SUCCEEDED");
}

async function runTests(run: BusyRun): Promise<void> {
  const started = "{ testRun { id job { id } } userErrors { code message } }";
  for (const start of [
    "startConnectionTest(input: {})",
    "startIsolationTest(input: { detailed: true })",
    "startPerformanceTest(input: { maxUsers: 2, operationsPerUser: 5, durationSeconds: 1 })",
  ]) {
    expect(await run.do(`mutation { ${start} ${started} }`)).toBe("SUCCEEDED");
  }
}

it("lets no secret out in a busy run: not in its output, its registry, its statements, its arguments, its answers", async () => {
  const issuer = await Issuer.start();
  const stage = await Stage.set(server.url, {
    LOG_LEVEL: "debug",
    TENANTRY_LOG_FORMAT: "json",
    TENANTRY_ENCRYPTION_KEY: oldKey,
    TENANTRY_JWT_JWKS_URL: issuer.url,
    TENANTRY_JWT_ISSUER: "https://issuer.example",
    TENANTRY_JWT_AUDIENCE: "tenantry",
  });
  onTestFinished(() => stage.close());
  const statements = await logStatements(stage);
  await stage.start();
  const run = new BusyRun(stage);
  const { secrets } = run;
  const seen: string[] = [];
  await fillPool(run, stage);
  await workOnTenants(run, stage);
  await storedPasswords(stage, secrets);
  await runTests(run);
  for (const role of ["VIEWER", "OPERATOR", "ADMIN"]) await run.tryKey(role);
  await run.tryToken("token", await issuer.token(new Date()));
  await run.tryToken("expired token", await issuer.token(new Date(0)));
  await run.tryToken("token without a role", await issuer.token(new Date(), { roles: [] }));
  await run.misbehave();
  seen.push(await processArguments());
  await run.readBack();
  await stage.stop();

  // The other half: a key is changed, a tenant goes, and the registry is out of reach for a moment.
  await stage.start({ TENANTRY_ENCRYPTION_KEY: `${newKey},${oldKey}` });
  const isResealed = async () =>
    (await stage.rows("SELECT 1 FROM jobs WHERE kind = 'REENCRYPT_SECRETS' AND status = 'SUCCEEDED'")).length > 0;
  await until("secrets are sealed with the new key", 30_000, isResealed);
  const [slug = "", id = ""] = [...(await run.tenants())][0] ?? [];
  await run.do(
    "mutation($id: ID!, $slug: String!) { deleteTenant(input: { id: $id, confirmSlug: $slug }) { job { id } userErrors { code } } }",
    { id, slug },
  );
  await server.crash();
  await run.api.send("{ tenants { totalCount } }");
  await until(
    "the registry answers again",
    30_000,
    async () => (await run.api.send("{ tenants { totalCount } }")).data != null,
  );
  await storedPasswords(stage, secrets);
  seen.push(await processArguments());
  await run.readBack();
  await stage.stop();

  secrets.set("admin key", stage.adminKey);
  secrets.set("old encryption key", oldKey);
  secrets.set("new encryption key", newKey);
  secrets.set("the server's admin password", decodeURIComponent(new URL(stage.serverUrl).password));
  expect(secrets.size).toBeGreaterThan(15);
  const detector = new LeakDetector(secrets);
  const places = {
    output: stage.said,
    registry: await registryText(stage),
    statements: await readFile(statements, "latin1"),
    arguments: seen.join("\n"),
    answers: run.answers.join("\n"),
    "data folder": await filesBelow(stage.dataDir),
  };
  for (const [place, least] of [
    ["output", 5_000],
    ["registry", 20_000],
    ["statements", 100_000],
    ["arguments", 100],
    ["answers", 20_000],
  ] as const) {
    expect(places[place].length, `what was collected of the ${place}`).toBeGreaterThan(least);
  }
  expect(places.output).toContain('"level":"debug"');
  expect(places.statements).toContain("CREATE USER");
  const leaks = Object.entries(places).flatMap(([place, text]) => detector.leaksIn(place, text));
  expect(leaks).toEqual([]);
});
