import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  DeleteDocument,
  FleetVersionsDocument,
  MigrateDocument,
  MigratedItemsDocument,
  ResumeDocument,
  RevealDocument,
  RotateDocument,
  SeedDocument,
  SuspendDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { sqlAt } from "./support/private-server.ts";
import { Stage } from "./support/stage.ts";
import { allTenants, endOfJob, enterTenant, enterTestTenants, type TenantState } from "./support/steps.ts";

const ours = fileURLToPath(new URL("../../drizzle/tenant", import.meta.url));

let stage: Stage;
let folder: string;
let tenants: readonly TenantState[];

beforeAll(async () => {
  await buildService();
  folder = await mkdtemp(join(tmpdir(), "tenantry-migrations-"));
  await cp(ours, folder, { recursive: true });
  stage = await Stage.started(inject("serverUrl"), { TENANTRY_TENANT_MIGRATIONS: folder });
  await endOfJob(stage.api, await enterTestTenants(stage.api, 6));
  tenants = await allTenants(stage.api);
}, 90_000);

afterAll(async () => {
  await stage?.close();
  await rm(folder, { recursive: true, force: true });
});

function tenantAt(index: number): TenantState {
  const tenant = tenants[index];
  if (!tenant) throw new TypeError("There are too few tenants.");
  return tenant;
}

async function statusOf({ id }: TenantState): Promise<string | undefined> {
  const statuses = ["ACTIVE", "SUSPENDED", "DELETING", "DELETED", "FAILED", "PROVISIONING"] as const;
  const [tenant] = await allTenants(stage.api, { ids: [id], statuses: [...statuses] });
  return tenant?.status;
}

async function urlOf({ id }: TenantState): Promise<string> {
  const { revealTenantConnection } = await stage.api.data(RevealDocument, { input: { id } });
  if (!revealTenantConnection.connection) throw new TypeError(JSON.stringify(revealTenantConnection.userErrors));
  return revealTenantConnection.connection.url;
}

const greet = (url: string) => sqlAt(url, "SELECT 1 AS one");

async function jobOf(payload: { job?: { id: string } | null; userErrors: readonly unknown[] }): Promise<string> {
  if (!payload.job) throw new TypeError(JSON.stringify(payload.userErrors));
  return payload.job.id;
}

describe("a tenant's later life", () => {
  it("is suspended and resumed, and keeps its credential", async () => {
    const tenant = tenantAt(0);
    const url = await urlOf(tenant);
    const { suspendTenant } = await stage.api.data(SuspendDocument, { id: tenant.id });
    expect(await endOfJob(stage.api, await jobOf(suspendTenant))).toMatchObject({ status: "SUCCEEDED" });
    expect(await statusOf(tenant)).toBe("SUSPENDED");
    await expect(greet(url)).rejects.toMatchObject({ errno: 4151 });
    const { suspendTenant: again } = await stage.api.data(SuspendDocument, { id: tenant.id });
    expect(again).toMatchObject({ job: null, userErrors: [{ code: "INVALID_STATE", field: ["input", "id"] }] });
    const { resumeTenant } = await stage.api.data(ResumeDocument, { id: tenant.id });
    await endOfJob(stage.api, await jobOf(resumeTenant));
    expect(await statusOf(tenant)).toBe("ACTIVE");
    expect(await greet(url)).toEqual([{ one: 1 }]);
  });

  it("gets a new password, and the old one is refused", async () => {
    const tenant = tenantAt(1);
    const url = await urlOf(tenant);
    const { rotateTenantCredentials } = await stage.api.data(RotateDocument, { id: tenant.id });
    await endOfJob(stage.api, await jobOf(rotateTenantCredentials));
    await expect(greet(url)).rejects.toMatchObject({ errno: 1045 });
    expect(await greet(await urlOf(tenant))).toEqual([{ one: 1 }]);
  });

  it("ends with its deletion, which leaves a tombstone and frees the slug", async () => {
    const tenant = tenantAt(2);
    const { id, slug, databaseName } = tenant;
    const { deleteTenant: wrong } = await stage.api.data(DeleteDocument, { id, confirmSlug: "else" });
    expect(wrong.userErrors).toMatchObject([{ code: "CONFIRMATION_REQUIRED", field: ["input", "confirmSlug"] }]);
    const { deleteTenant } = await stage.api.data(DeleteDocument, { id, confirmSlug: slug });
    expect(deleteTenant.tenant).toMatchObject({ status: "DELETING" });
    await endOfJob(stage.api, await jobOf(deleteTenant));
    expect(await statusOf(tenant)).toBe("DELETED");
    expect(await allTenants(stage.api, { ids: [id] })).toEqual([]);
    const left = await stage.sql(
      `SELECT SCHEMA_NAME AS name FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?
        UNION SELECT User FROM mysql.global_priv WHERE User = ? UNION SELECT User FROM mysql.db WHERE User = ?`,
      [databaseName, databaseName, databaseName],
    );
    expect(left).toEqual([]);
    const { deleteTenant: repeated } = await stage.api.data(DeleteDocument, { id, confirmSlug: slug });
    expect(repeated).toMatchObject({ tenant: { id, status: "DELETED" }, job: null, userErrors: [] });
    const heir = await enterTenant(stage.api, { slug, name: "Heir" });
    expect(await endOfJob(stage.api, heir.jobId)).toMatchObject({ status: "SUCCEEDED" });
  });

  it("names the running job to whoever wishes a second change", async () => {
    const tenant = tenantAt(3);
    const answers = await Promise.all([
      stage.api.data(SuspendDocument, { id: tenant.id }).then((data) => data.suspendTenant),
      stage.api.data(RotateDocument, { id: tenant.id }).then((data) => data.rotateTenantCredentials),
      stage.api.data(DeleteDocument, { id: tenant.id, confirmSlug: tenant.slug }).then((data) => data.deleteTenant),
    ]);
    const [winner, ...others] = answers.filter(({ job }) => job);
    expect(others).toEqual([]);
    for (const { userErrors } of answers.filter(({ job }) => !job)) {
      expect(userErrors).toMatchObject([{ code: "TENANT_BUSY", jobId: winner?.job?.id }]);
    }
    await endOfJob(stage.api, winner?.job?.id ?? "");
    const { suspendTenant } = await stage.api.data(SuspendDocument, { id: "tenant_none" });
    expect(suspendTenant.userErrors).toMatchObject([{ code: "NOT_FOUND", field: ["input", "id"] }]);
  });
});

describe("the fleet", () => {
  it("is migrated after the service was started with a new migration, and seeded once", async () => {
    await stage.stop();
    await addMigration(folder, "0004_marks", "CREATE TABLE marks (id int PRIMARY KEY, text varchar(20));");
    await stage.start();
    const before = await stage.api.data(FleetVersionsDocument);
    expect(before.fleet.latestSchemaVersion).toBe("0004_marks");
    const { migrateTenants } = await stage.api.data(MigrateDocument, { input: { maxParallel: 2 } });
    const ended = await endOfJob(stage.api, await jobOf(migrateTenants));
    expect(ended).toMatchObject({ status: "SUCCEEDED", error: null });
    const { job } = await stage.api.data(MigratedItemsDocument, { id: ended.id });
    for (const item of job?.items.nodes ?? []) {
      expect(item).toEqual({ status: "SUCCEEDED", fromVersion: "0003_add_invoices", toVersion: "0004_marks" });
    }
    const { fleet } = await stage.api.data(FleetVersionsDocument);
    expect(fleet.schemaVersions).toEqual([{ version: "0004_marks", tenants: ended.progress.total }]);
    const { seedTenants } = await stage.api.data(SeedDocument, {});
    expect(await endOfJob(stage.api, await jobOf(seedTenants))).toMatchObject({ status: "SUCCEEDED" });
    const { migrateTenants: refused } = await stage.api.data(MigrateDocument, { input: { haltOnFailureRate: 2 } });
    expect(refused.userErrors).toMatchObject([{ code: "INVALID", field: ["input", "haltOnFailureRate"] }]);
  });
});

async function addMigration(path: string, tag: string, sql: string): Promise<void> {
  const file = join(path, "meta", "_journal.json");
  const journal: { entries: object[] } = JSON.parse(await readFile(file, "utf8"));
  journal.entries.push({ idx: journal.entries.length, version: "5", when: 1_900_000_000_000, tag, breakpoints: true });
  await writeFile(file, JSON.stringify(journal));
  await writeFile(join(path, `${tag}.sql`), sql);
}
