import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import type { Page, PageRequest } from "../../src/kit/page.ts";
import { DrizzleAuditTrail } from "../../src/registry/access/drizzle-audit-trail.ts";
import { DrizzleFindingStore } from "../../src/registry/findings/drizzle-finding-store.ts";
import { DrizzleJobStore } from "../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleTenantStore } from "../../src/registry/tenants/drizzle-tenant-store.ts";
import { DrizzleTestRunStore } from "../../src/registry/test-runs/drizzle-test-run-store.ts";
import type { TenantFilter, TenantOrder } from "../../src/tenants/tenant-store.ts";
import { anId } from "../support/builders.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

const rows = 20_000;
/** A page of 50, what belongs to it and a look around; a scan would read 20,000. */
const few = 1_500;

/** How much the server reads for what is asked often, in a registry with many rows. */
describe("With 20,000 tenants and jobs, few rows are read", () => {
  let registry: FreshRegistry;
  let tenants: DrizzleTenantStore;
  let jobs: DrizzleJobStore;
  let runs: DrizzleTestRunStore;
  let findings: DrizzleFindingStore;
  let audit: DrizzleAuditTrail;
  const server = anId<"DatabaseServer">();
  const bigJob = anId<"Job">();

  beforeAll(async () => {
    // One connection: the server counts what it reads for each.
    registry = await freshRegistry({ connections: 1 });
    tenants = new DrizzleTenantStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
    jobs = new DrizzleJobStore(registry.db, systemClock, uuidv7Ids);
    runs = new DrizzleTestRunStore(registry.db, systemClock, uuidv7Ids);
    findings = new DrizzleFindingStore(registry.db, { publish: () => undefined }, systemClock, uuidv7Ids);
    audit = new DrizzleAuditTrail(registry.db);
    const source = sql.raw(`seq_1_to_${rows}`);
    const id = sql`concat('00000000-0000-7000-8000-', lpad(seq, 12, '0'))`;
    const at = sql`'2026-01-01' + interval seq second`;
    const fill = [
      sql`insert into tenants (id, slug, name, status, server_id, database_name, password, seed, generation, created_at, updated_at, schema_version)
        select ${id}, concat('slug-', lpad(seq * 7919 % ${rows}, 6, '0')), concat('name ', lpad(seq * 104729 % ${rows}, 6, '0')),
          if(seq % 500 = 0, 'FAILED', if(seq % 20 = 1, 'DELETED', 'ACTIVE')), ${server}, concat('tnt', lpad(seq, 8, '0')), 'x', 0, 1,
          ${at}, ${at}, if(seq % 1000 = 0, '0001_old', '0002_new') from ${source}`,
      sql`insert into domains select ${id}, ${id}, concat('host-', lpad(seq, 6, '0'), '.example.com'), 1, ${at} from ${source}`,
      sql`insert into tenant_labels select ${id}, 'tier', if(seq % 2000 = 0, 'gold', 'silver') from ${source}`,
      sql`insert into jobs (id, kind, status, tenant_id, of_one_tenant, input, requested_by, progress, attempts, last_sequence, settled_items, available_at, fence, created_at)
        select ${id}, if(seq % 2 = 0, 'CONNECTION_TEST', 'PROVISION_TENANTS'),
          if(seq % 2 = 0 or seq < 15000, if(seq % 100 = 0, 'FAILED', 'SUCCEEDED'), 'QUEUED'), ${id}, 1, '{}',
          '{"id":"a","name":"a","role":"ADMIN"}', '{}', 1, 1, 0, utc_timestamp(3), 0, ${at} from ${source}`,
      sql`insert into job_events (job_id, sequence, at, status, progress, message) select ${bigJob}, seq, ${at}, 'RUNNING', '{}', 'm' from ${source}`,
      sql`insert into job_items (job_id, ordinal, tenant_id, status, duration_ms, error, retryable, settle_order)
        select ${bigJob}, seq, ${id}, if(seq < 15000, if(seq % 1000 = 0, 'FAILED', 'SUCCEEDED'), 'PENDING'), 1, null, 0, if(seq < 15000, seq, null) from ${source}`,
      sql`insert into test_results (run_id, ordinal, tenant_id, kind, verdict, duration_ms, result)
        select ${bigJob}, seq, ${id}, 'CONNECTION', if(seq % 100 = 0, 'FAIL', 'PASS'), 1, '{}' from ${source}`,
      sql`insert into test_runs (id, kind, options, coverage, budget, summary, recommendations, result_count, created_at)
        select ${id}, if(seq % 1000 = 0, 'ISOLATION', 'CONNECTION'), '{}', '{}', '{}', '{}', '[]', 0, ${at} from ${source}`,
      sql`insert into findings (id, job_id, ordinal, tenant_id, server_id, kind, severity, outcome, object, message, is_open, observed_at)
        select ${id}, ${bigJob}, seq, ${id}, ${server}, if(seq % 1000 = 0, 'MISSING_TABLE', 'MISSING_INDEX'),
          if(seq % 1000 = 0, 'CRITICAL', 'WARNING'), if(seq % 1000 = 0, 'FAILED', 'REPORTED'), 'o', 'm', seq % 20 != 1, ${at} from ${source}`,
      sql`insert into audit_entries (id, at, actor_id, actor_name, action, subject, result, request_id)
        select ${id}, ${at}, concat('key', seq % 10), 'n', if(seq % 1000 = 0, 'deleteTenant', 'createTenant'),
          concat('Tenant:', ${id}), 'OK', 'r' from ${source}`,
    ];
    for (const statement of fill) await registry.db.orm.execute(statement);
    const tables = sql.raw(
      "tenants, domains, tenant_labels, jobs, job_events, job_items, test_results, test_runs, findings, audit_entries",
    );
    await registry.db.orm.execute(sql`analyze table ${tables}`);
  });
  afterAll(() => registry.close());

  const readSoFar = async (): Promise<number> => {
    const [row] = await registry.db.orm
      .select({ total: sql<string>`sum(variable_value)` })
      .from(sql`information_schema.session_status`)
      .where(sql`variable_name like 'HANDLER\_READ%'`);
    return Number(row?.total);
  };
  const rowsRead = async (work: () => Promise<unknown>): Promise<number> => {
    // Looking reads rows too, each time as many.
    const [before, between] = [await readSoFar(), await readSoFar()];
    await work();
    return (await readSoFar()) - between - (between - before);
  };
  const deep = async <T>(list: (page: PageRequest) => Promise<Page<T>>, direction: PageRequest["direction"]) => {
    let cursor: string | undefined;
    for (let page = 0; page < 20; page += 1) {
      const { edges } = await list({ limit: 100, direction, cursor });
      cursor = (direction === "FORWARD" ? edges.at(-1) : edges[0])?.cursor ?? cursor;
    }
    const request = { limit: 50, direction, cursor };
    return rowsRead(() => list(request));
  };

  it("by the way of counting, which does see a scan", async () => {
    const scan = () => registry.db.orm.execute(sql`select count(*) from tenants where name like '%x%'`);
    expect(await rowsRead(scan)).toBeGreaterThanOrEqual(rows);
  });

  const filters: Readonly<Record<string, TenantFilter>> = {
    everything: {},
    "a common status": { statuses: ["ACTIVE"] },
    "a server": { serverId: server },
    "a prefix that all slugs have": { search: "slug" },
    "a prefix that all host names have": { search: "host-" },
  };
  const orders: readonly TenantOrder["field"][] = ["CREATED_AT", "NAME", "SLUG"];
  it.each(
    Object.keys(filters).flatMap((name) => orders.map((field) => [name, field] as const)),
  )("to list tenants by %s in order of %s, at any depth, both ways", async (name, field) => {
    for (const direction of ["ASC", "DESC"] as const) {
      const list = (page: PageRequest) => tenants.list(filters[name] ?? {}, { field, direction }, page);
      expect(await deep(list, "FORWARD")).toBeLessThan(few);
      expect(await deep(list, "BACKWARD")).toBeLessThan(few);
    }
  });

  it.each([
    ["a rare status", { statuses: ["FAILED"] }],
    ["rare statuses", { statuses: ["FAILED", "PROVISIONING"] }],
    ["a rare version", { schemaVersions: ["0001_old"] }],
    ["a rare label", { labels: [{ key: "tier", value: "gold" }] }],
    ["a rare prefix", { search: "slug-00123" }],
    ["a prefix that nothing has", { search: "nobody" }],
    ["slugs", { slugs: ["slug-000123", "slug-000124"] }],
  ] as const)("to list, count and scan tenants by %s", async (_, filter) => {
    const order: TenantOrder = { field: "CREATED_AT", direction: "DESC" };
    const page: PageRequest = { limit: 50, direction: "FORWARD" };
    expect(await rowsRead(() => tenants.list(filter, order, page))).toBeLessThan(few);
    expect(await rowsRead(() => tenants.count(filter, 200))).toBeLessThan(few);
    expect(await rowsRead(() => tenants.scan(filter, 50, "slug-000100"))).toBeLessThan(few);
  });

  it.each(orders)("beside the hits' own entries, to search in order of %s where no hit is near", async (field) => {
    // Two of a hundred, in each order, after the half of the list that has none.
    const late = sql`seq % 100 < 2 and seq > ${rows / 2}`;
    const renamed = sql`update tenants join ${sql.raw(`seq_1_to_${rows}`)} on created_at = '2026-01-01' + interval seq second set`;
    await registry.db.orm.execute(sql`${renamed} name = concat('zz ', name) where ${late}`);
    const hits = rows / 100;
    for (const direction of ["ASC", "DESC"] as const) {
      const list = () => tenants.list({ search: "zz" }, { field, direction }, { limit: 50, direction: "FORWARD" });
      expect(await rowsRead(list)).toBeLessThan(few + 2 * hits);
    }
    expect(await rowsRead(() => tenants.count({ search: "zz" }, 10_001))).toBeLessThan(few + 2 * hits);
  });

  it.each([
    ["a rare status", { search: "slug", statuses: ["DELETING"] }],
    ["a rare version", { search: "slug", schemaVersions: ["0001_old"] }],
    ["a rare label", { search: "host-", labels: [{ key: "tier", value: "gold" }] }],
    ["slugs", { search: "s", slugs: ["slug-000123"] }],
  ] as const)("to search for what many have among tenants of %s", async (_, filter) => {
    const page: PageRequest = { limit: 50, direction: "FORWARD" };
    for (const field of orders) {
      expect(await rowsRead(() => tenants.list(filter, { field, direction: "ASC" }, page))).toBeLessThan(few);
    }
    expect(await rowsRead(() => tenants.count(filter, 10_001))).toBeLessThan(few);
  });

  it("to look tenants up, by id, slug or host name", async () => {
    expect(await rowsRead(() => tenants.findBySlug("slug-000123"))).toBeLessThan(5);
    expect(await rowsRead(() => tenants.findByHostname("host-000123.example.com"))).toBeLessThan(5);
    const page = await tenants.list({}, { field: "NAME", direction: "ASC" }, { limit: 50, direction: "FORWARD" });
    const ids = page.edges.map(({ node }) => node.id);
    const nested = () => Promise.all([tenants.findMany(ids), tenants.domainsOf(ids), tenants.labelsOf(ids)]);
    expect(await rowsRead(nested)).toBeLessThan(few);
  });

  it("to claim a job, also behind a long queue of others", async () => {
    const tests = await rowsRead(() => jobs.claim("me", 1_000, ["CONNECTION_TEST", "MIGRATE_TENANTS"]));
    const provision = await rowsRead(() => jobs.claim("me", 1_000, ["PROVISION_TENANTS", "CONNECTION_TEST"]));
    expect(tests).toBeLessThan(few);
    expect(provision).toBeLessThan(few);
    const fleet = await rowsRead(() => jobs.claim("me", 1_000, [], ["PROVISION_TENANTS"]));
    expect(fleet).toBeLessThan(few);
    expect(await rowsRead(() => jobs.returnLost("me"))).toBeLessThan(few);
  });

  it.each([
    ["everything", {}],
    ["kind", { kinds: ["CONNECTION_TEST"] }],
    ["status", { statuses: ["FAILED"] }],
    ["common status", { statuses: ["SUCCEEDED"] }],
    ["kind and status", { kinds: ["PROVISION_TENANTS"], statuses: ["QUEUED"] }],
  ] as const)("to list jobs by %s, at any depth", async (_, filter) => {
    expect(await deep((page) => jobs.list(filter, page), "FORWARD")).toBeLessThan(few);
    expect(await deep((page) => jobs.list(filter, page), "BACKWARD")).toBeLessThan(few);
  });

  it("to list the jobs of a tenant, and what is rare and running", async () => {
    const page: PageRequest = { limit: 50, direction: "FORWARD" };
    const [tenant] = await tenants.scan({}, 1);
    const tenantId = tenant?.id ?? anId<"Tenant">();
    expect(await rowsRead(() => jobs.list({ tenantId }, page))).toBeLessThan(20);
    expect(await rowsRead(() => jobs.list({ statuses: ["RUNNING", "CANCELLING"] }, page))).toBeLessThan(few);
    expect(await rowsRead(() => jobs.count({ statuses: ["RUNNING", "CANCELLING"] }, 100))).toBeLessThan(few);
  });

  const lists: Readonly<Record<string, (page: PageRequest) => Promise<Page<unknown>>>> = {
    "items that FAILED": (page) => jobs.items(bigJob, ["FAILED"], page),
    "items that FAILED or were SKIPPED": (page) => jobs.items(bigJob, ["FAILED", "SKIPPED"], page),
    "results that FAIL or say nothing": (page) => runs.results(bigJob, ["FAIL", "INCONCLUSIVE"], page),
    "test runs": (page) => runs.list({}, page),
    "test runs of a rare kind": (page) => runs.list({ kinds: ["ISOLATION"] }, page),
    "test runs of rare kinds": (page) => runs.list({ kinds: ["ISOLATION", "PERFORMANCE"] }, page),
    "test runs that are at work": (page) => runs.list({ statuses: ["RUNNING", "CANCELLING"] }, page),
    "open findings": (page) => findings.open({}, page),
    "open findings of a rare kind": (page) => findings.open({ kinds: ["MISSING_TABLE"] }, page),
    "open findings of kinds": (page) => findings.open({ kinds: ["ORPHAN_USER", "MISSING_INDEX"] }, page),
    "open findings of a rare severity": (page) => findings.open({ severities: ["CRITICAL"] }, page),
    "open findings on a server": (page) => findings.open({ serverId: server }, page),
    "a job's findings of a rare kind": (page) => findings.ofJob(bigJob, { kinds: ["MISSING_TABLE"] }, page),
    "a job's findings by what became of them": (page) => findings.ofJob(bigJob, { outcomes: ["FAILED"] }, page),
    "audit entries": (page) => audit.list({}, page),
    "audit entries of an actor": (page) => audit.list({ actor: "key3" }, page),
    "audit entries of nobody": (page) => audit.list({ actor: "nobody" }, page),
    "audit entries of a rare action": (page) => audit.list({ action: "deleteTenant" }, page),
    "audit entries of an actor's rare action": (page) => audit.list({ actor: "key0", action: "deleteTenant" }, page),
  };
  it.each(Object.entries(lists))("to list %s, at any depth", async (_, list) => {
    for (const direction of ["FORWARD", "BACKWARD"] as const) {
      expect(await rowsRead(() => list({ limit: 50, direction }))).toBeLessThan(few);
      expect(await deep(list, direction)).toBeLessThan(few);
    }
  });

  it("to follow a job: its events, items and results", async () => {
    expect(await rowsRead(() => jobs.events(bigJob, 15_000, 100))).toBeLessThan(few);
    expect(await rowsRead(() => jobs.pendingItems(bigJob, 100))).toBeLessThan(few);
    expect(await deep((page) => jobs.items(bigJob, undefined, page), "FORWARD")).toBeLessThan(few);
    expect(await deep((page) => jobs.items(bigJob, undefined, page), "BACKWARD")).toBeLessThan(few);
    expect(await deep((page) => runs.results(bigJob, undefined, page), "FORWARD")).toBeLessThan(few);
    expect(await deep((page) => runs.results(bigJob, ["FAIL"], page), "FORWARD")).toBeLessThan(few);
  });
});
