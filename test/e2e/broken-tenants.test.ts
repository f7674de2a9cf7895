import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { RetryJobDocument, RevealDocument } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { connectedTo, sqlAt } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import {
  allTenants,
  connectionTest,
  endOfJob,
  enterTestTenants,
  followRun,
  type RunState,
  runState,
  startConnectionTest,
  type TenantState,
} from "./support/steps.ts";

let stage: Stage;
let tenants: readonly TenantState[];

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  await endOfJob(stage.api, await enterTestTenants(stage.api, 12));
  tenants = await allTenants(stage.api);
}, 90_000);

afterAll(() => stage?.close());

/** Tenants that no other test of this file touches. */
let taken = 0;
function aTenant(): TenantState {
  const tenant = tenants[taken];
  taken += 1;
  if (!tenant) throw new TypeError("There are too few tenants.");
  return tenant;
}

/** What a run says of one tenant. */
function resultOf(run: RunState, { slug }: TenantState) {
  const found = run.results.nodes.filter(({ tenant }) => tenant.slug === slug);
  expect(found).toHaveLength(1);
  return found[0];
}

/** Tests the broken tenant together with one that is whole. */
async function testOf(broken: TenantState, healthy: TenantState): Promise<RunState> {
  return connectionTest(stage.api, { filter: { ids: [broken.id, healthy.id] }, retries: 0, timeoutMs: 2_000 });
}

const breaks: readonly [what: string, code: string, sql: (name: string) => readonly string[]][] = [
  ["whose password was changed", "WRONG_CREDENTIALS", (name) => [`ALTER USER '${name}'@'%' IDENTIFIED BY 'another'`]],
  ["whose account is gone", "WRONG_CREDENTIALS", (name) => [`DROP USER '${name}'@'%'`]],
  ["whose account is locked", "ACCOUNT_LOCKED", (name) => [`ALTER USER '${name}'@'%' ACCOUNT LOCK`]],
  ["whose database was dropped", "UNKNOWN_DATABASE", (name) => [`DROP DATABASE ${name}`]],
  ["whose rights were revoked", "DATABASE_DENIED", (name) => [`REVOKE ALL PRIVILEGES ON ${name}.* FROM '${name}'@'%'`]],
  [
    "whose database carries another's marker",
    "OWNERSHIP_MISMATCH",
    (name) => [
      `UPDATE ${name}.tenantry_journal SET tenant_id = '00000000-0000-7000-8000-000000000000' WHERE migration = ''`,
    ],
  ],
  [
    "whose database carries no marker",
    "OWNERSHIP_MISMATCH",
    (name) => [`DELETE FROM ${name}.tenantry_journal WHERE migration = ''`],
  ],
  [
    "whose account is shadowed by one of the same name",
    "WRONG_CREDENTIALS",
    (name) => [`CREATE USER '${name}'@'127.0.0.1' IDENTIFIED BY 'another'`],
  ],
];

describe("a connection test", () => {
  it.each(breaks)("says FAIL of a tenant %s, with the class %s, and PASS of the others", async (_what, code, sql) => {
    const [broken, healthy] = [aTenant(), tenants[11]];
    if (!healthy) throw new TypeError("There are too few tenants.");
    for (const statement of sql(broken.databaseName)) await stage.sql(statement);
    const run = await testOf(broken, healthy);
    expect(run).toMatchObject({ status: "SUCCEEDED", verdict: "FAIL", rating: "CRITICAL" });
    expect(run.summary).toMatchObject({ passed: 1, failed: 1, inconclusive: 0, successRate: 0.5 });
    expect(resultOf(run, broken)).toMatchObject({ verdict: "FAIL", errorCode: code, rating: "CRITICAL" });
    expect(resultOf(run, healthy)).toMatchObject({ verdict: "PASS", errorCode: null });
    expect(run.recommendations.join("\n")).toContain(broken.slug);
    expect(run.recommendations.join("\n")).not.toContain(healthy.slug);
    await stage.sql(`DROP USER IF EXISTS '${broken.databaseName}'@'127.0.0.1'`);
  });

  it("takes in a retry only what failed, and passes what was mended meanwhile", async () => {
    const [broken, healthy] = [aTenant(), tenants[11]];
    if (!healthy) throw new TypeError("There are too few tenants.");
    await stage.sql(`ALTER USER '${broken.databaseName}'@'%' ACCOUNT LOCK`);
    const first = await startConnectionTest(stage.api, { filter: { ids: [broken.id, healthy.id] }, retries: 0 });
    await followRun(stage.api, first.id);
    await stage.sql(`ALTER USER '${broken.databaseName}'@'%' ACCOUNT UNLOCK`);
    const { retryJob } = await stage.api.data(RetryJobDocument, { id: first.jobId });
    const again = (retryJob.job?.id ?? "").replace("job_", "run_");
    await followRun(stage.api, again);
    const run = await runState(stage.api, again);
    expect(run).toMatchObject({ verdict: "PASS", coverage: { tenantsInScope: 1, tenantsTested: 1 } });
    expect(resultOf(run, broken)).toMatchObject({ verdict: "PASS" });
  });

  it("ends for a tenant that has no connections left, says so, and does not use up those of others", async () => {
    const [busy, healthy] = [aTenant(), tenants[11]];
    if (!healthy) throw new TypeError("There are too few tenants.");
    await stage.sql(`ALTER USER '${busy.databaseName}'@'%' WITH MAX_USER_CONNECTIONS 1`);
    const { revealTenantConnection } = await stage.api.data(RevealDocument, { input: { id: busy.id } });
    const url = revealTenantConnection.connection?.url ?? "";
    const run = await connectedTo(url, () => testOf(busy, healthy));
    expect(resultOf(run, busy)).toMatchObject({ verdict: "FAIL", errorCode: "TOO_MANY_CONNECTIONS" });
    expect(resultOf(run, healthy)).toMatchObject({ verdict: "PASS" });
    expect(await sqlAt(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  });
});
