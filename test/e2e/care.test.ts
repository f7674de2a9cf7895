import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import {
  JobFindingsDocument,
  OpenFindingsDocument,
  RepairDocument,
  type RepairTenantsInput,
  TenantFindingsDocument,
  ValidateDocument,
} from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { Stage } from "./support/stage.ts";
import { allTenants, endOfJob, enterTestTenants, type TenantState } from "./support/steps.ts";

let stage: Stage;
let tenants: readonly TenantState[];

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  await endOfJob(stage.api, await enterTestTenants(stage.api, 4));
  tenants = await allTenants(stage.api);
}, 90_000);

afterAll(() => stage?.close());

const ids = () => tenants.map(({ id }) => id);

function tenantAt(index: number): TenantState {
  const tenant = tenants[index];
  if (!tenant) throw new TypeError("There are too few tenants.");
  return tenant;
}

async function validate(filter = { ids: ids() }): Promise<string> {
  const { validateTenants } = await stage.api.data(ValidateDocument, { filter });
  expect(validateTenants.userErrors).toEqual([]);
  const id = validateTenants.job?.id ?? "";
  expect(await endOfJob(stage.api, id)).toMatchObject({ status: "SUCCEEDED" });
  return id;
}

async function repair(input: RepairTenantsInput): Promise<string> {
  const { repairTenants } = await stage.api.data(RepairDocument, { input });
  expect(repairTenants.userErrors).toEqual([]);
  await endOfJob(stage.api, repairTenants.job?.id ?? "");
  return repairTenants.job?.id ?? "";
}

async function findingsOf(id: string) {
  const { job } = await stage.api.data(JobFindingsDocument, { id });
  return job?.findings.nodes.map(({ kind, outcome, tenant }) => ({ kind, outcome, slug: tenant?.slug })) ?? [];
}

describe("the API of validation and repair", () => {
  it("finds nothing wrong with a fresh fleet, and says when it looked", async () => {
    expect(await findingsOf(await validate())).toEqual([]);
    const { tenant } = await stage.api.data(TenantFindingsDocument, { id: tenantAt(0).id });
    expect(tenant).toMatchObject({ findings: [] });
    expect(Date.parse(String(tenant?.validatedAt))).toBeGreaterThan(Date.now() - 60_000);
  });

  it("shows what was found by job, by tenant and in the fleet, until it is mended", async () => {
    const [locked, lost] = [tenantAt(0), tenantAt(1)];
    await stage.sql(`ALTER USER '${locked.databaseName}'@'%' ACCOUNT LOCK`);
    await stage.sql(`DROP DATABASE ${lost.databaseName}`);
    const reported = [
      { kind: "ACCOUNT_LOCKED", outcome: "REPORTED", slug: locked.slug },
      { kind: "MISSING_DATABASE", outcome: "REPORTED", slug: lost.slug },
    ];
    const validated = await validate();
    expect((await findingsOf(validated)).toSorted((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual(reported);
    const page = await stage.api.data(JobFindingsDocument, { id: validated, first: 1 });
    expect(page.job?.findings).toMatchObject({ totalCount: 2, pageInfo: { hasNextPage: true } });
    const after = page.job?.findings.pageInfo.endCursor ?? null;
    const next = await stage.api.data(JobFindingsDocument, { id: validated, first: 1, after });
    expect(next.job?.findings.pageInfo.hasNextPage).toBe(false);
    const some = await stage.api.data(JobFindingsDocument, { id: validated, kinds: ["ACCOUNT_LOCKED"] });
    expect(some.job?.findings.totalCount).toBe(1);
    const open = await stage.api.data(OpenFindingsDocument, { filter: { tenantId: lost.id } });
    expect(open.findings.nodes).toMatchObject([{ kind: "MISSING_DATABASE", severity: "CRITICAL", server: {} }]);
    // Other tests' orphans may come and go on the same server.
    expect(open.fleet.openFindings).toBeGreaterThanOrEqual(2);

    const planned = await findingsOf(await repair({ filter: { ids: ids() }, dryRun: true }));
    expect(planned.map(({ outcome }) => outcome).toSorted()).toEqual(["NEEDS_CONFIRMATION", "PLANNED"]);
    const careful = await findingsOf(await repair({ filter: { ids: ids() } }));
    expect(careful.map(({ outcome }) => outcome).toSorted()).toEqual(["NEEDS_CONFIRMATION", "REPAIRED"]);
    const bold = await repair({ filter: { ids: ids() }, confirmDataLoss: true });
    expect(await findingsOf(bold)).toEqual([{ kind: "MISSING_DATABASE", outcome: "REPAIRED", slug: lost.slug }]);
    expect(await findingsOf(await repair({ filter: { ids: ids() }, confirmDataLoss: true }))).toEqual([]);
    const left = await stage.api.data(OpenFindingsDocument, {});
    expect(left.findings.nodes.filter(({ tenant }) => tenant)).toEqual([]);
    const { tenant } = await stage.api.data(TenantFindingsDocument, { id: lost.id });
    expect(tenant?.findings).toEqual([]);
  });

  it("tells of orphans and settings when no tenants are named, and counts settings as nothing", async () => {
    const orphan = `tnt${randomUUID().replaceAll("-", "").slice(0, 20)}`;
    await stage.sql(`CREATE DATABASE ${orphan}`);
    await stage.sql("CREATE USER watcher@'nowhere.invalid'");
    await stage.sql("GRANT SELECT ON `tnt%`.* TO watcher@'nowhere.invalid'");
    const { validateTenants } = await stage.api.data(ValidateDocument, {});
    await endOfJob(stage.api, validateTenants.job?.id ?? "");
    await stage.sql(`DROP DATABASE ${orphan}`);
    await stage.sql("DROP USER watcher@'nowhere.invalid'");
    const found = await stage.api.data(JobFindingsDocument, {
      id: validateTenants.job?.id ?? "",
      kinds: ["ORPHAN_DATABASE"],
      first: 100,
    });
    expect(found.job?.findings.nodes).toContainEqual(
      expect.objectContaining({ object: orphan, tenant: null, outcome: "REPORTED" }),
    );
    const all = await stage.api.data(OpenFindingsDocument, {});
    const settings = await stage.api.data(OpenFindingsDocument, { filter: { kinds: ["SERVER_SETTING"] } });
    expect(settings.findings.nodes.map(({ object }) => object)).toContain("default: pattern grants");
    expect(JSON.stringify(settings)).not.toContain("watcher");
    expect(all.fleet.openFindings).toBeLessThan(all.findings.totalCount);
  });

  it("refuses tenants that there are not, and enters nothing", async () => {
    const unknown = "tenant_00000000-0000-7000-8000-000000000000";
    const { validateTenants } = await stage.api.data(ValidateDocument, { filter: { ids: [unknown] } });
    expect(validateTenants).toMatchObject({ job: null, userErrors: [{ field: ["input", "filter", "ids", "0"] }] });
    const { repairTenants } = await stage.api.data(RepairDocument, { input: { filter: { slugs: ["nobody-here"] } } });
    expect(repairTenants).toMatchObject({ job: null, userErrors: [{ field: ["input", "filter", "slugs", "0"] }] });
  });
});
