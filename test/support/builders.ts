import type { ApiKey } from "../../src/access/api-key.ts";
import type { Job, Progress } from "../../src/jobs/job.ts";
import { noProgress } from "../../src/jobs/job.ts";
import type { NewJob } from "../../src/jobs/job-store.ts";
import type { Actor, Origin } from "../../src/kit/actor.ts";
import { type Id, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import type { ServerSnapshot } from "../../src/provisioning/server-snapshot.ts";
import type { DatabaseServer } from "../../src/servers/database-server.ts";
import type { Domain, Tenant } from "../../src/tenants/tenant.ts";
import type { Admission, NewTenant } from "../../src/tenants/tenant-store.ts";
import type { ConnectionTestResult, TestRun } from "../../src/test-runs/test-run.ts";
import type { NewTestRun } from "../../src/test-runs/test-run-store.ts";

let counter = 0;

/** A number that no other call in this process gives. */
export function unique(): number {
  counter += 1;
  return counter;
}

/** A new id of the kind that is expected. */
export function anId<Kind extends string>(): Id<Kind> {
  return uuidv7Ids.next<Kind>();
}

export function anActor(part: Partial<Actor> = {}): Actor {
  return { id: anId<"ApiKey">(), name: "tester", role: "ADMIN", ...part };
}

export function anOrigin(part: Partial<Origin> = {}): Origin {
  return { actor: anActor(), requestId: `request-${unique()}`, ...part };
}

/** An ACTIVE tenant. */
export function aTenant(part: Partial<Tenant> = {}): Tenant {
  const slug = part.slug ?? `tenant-${unique()}`;
  return {
    id: anId<"Tenant">(),
    slug,
    name: `Tenant ${slug}`,
    status: "ACTIVE",
    serverId: anId<"DatabaseServer">(),
    databaseName: `tnt${unique()}x${Math.random().toString(36).slice(2, 12)}`,
    schemaVersion: "0000_init",
    seed: false,
    generation: 2,
    createdAt: new Date("2026-01-01T00:00:00.000Z"),
    updatedAt: new Date("2026-01-01T00:00:01.000Z"),
    ...part,
  };
}

export function aDomain(part: Partial<Domain> = {}): Domain {
  return {
    id: anId<"Domain">(),
    tenantId: anId<"Tenant">(),
    hostname: `host-${unique()}.example.com`,
    isPrimary: true,
    createdAt: new Date("2026-01-01T00:00:00.000Z"),
    ...part,
  };
}

/** A tenant to be admitted. `hostnames` become its domains. */
export function aNewTenant(part: Partial<NewTenant> & { readonly hostnames?: readonly string[] } = {}): NewTenant {
  const { hostnames = [], ...rest } = part;
  const { id, slug, name, serverId, databaseName } = aTenant();
  const domains = hostnames.map((hostname) => ({ id: anId<"Domain">(), hostname }));
  return {
    id,
    slug,
    name,
    serverId,
    databaseName,
    password: "v1.key.sealed",
    seed: false,
    domains,
    labels: [],
    ...rest,
  };
}

/** A job that only looks at tenants, unless the kind is given. */
export function aNewJob(part: Partial<NewJob> = {}): NewJob {
  return { id: anId<"Job">(), kind: "VALIDATE_TENANTS", input: {}, requestedBy: anActor(), items: [], ...part };
}

/** An admission of these tenants, with the job that provisions them. */
export function anAdmission(tenants: readonly NewTenant[], part: Partial<Admission> = {}): Admission {
  const origin = part.origin ?? anOrigin();
  const [only] = tenants.length === 1 ? tenants : [];
  const job = aNewJob({
    kind: "PROVISION_TENANTS",
    tenantId: only?.id,
    items: tenants.map(({ id }) => id),
    requestedBy: origin.actor,
  });
  return { tenants, job, action: tenants.length === 1 ? "createTenant" : "createTenants", origin, ...part };
}

/** A QUEUED job. */
export function aJob(part: Partial<Job> = {}): Job {
  return {
    id: anId<"Job">(),
    kind: "PROVISION_TENANTS",
    status: "QUEUED",
    input: {},
    requestedBy: anActor(),
    progress: noProgress,
    attempts: 0,
    lastSequence: 1,
    createdAt: new Date("2026-01-01T00:00:00.000Z"),
    ...part,
  };
}

export function aProgress(part: Partial<Progress> = {}): Progress {
  return { ...noProgress, phase: "working", ...part };
}

/** A MariaDB that is ONLINE. */
export function aServer(part: Partial<DatabaseServer> = {}): DatabaseServer {
  return {
    id: anId<"DatabaseServer">(),
    name: `server-${unique()}`,
    engine: "MARIADB",
    version: "10.11.6",
    host: "127.0.0.1",
    port: 3306,
    status: "ONLINE",
    warmPoolTarget: 0,
    ...part,
  };
}

/** What a look at a server shows: nothing but what is said. */
export function aSnapshot(part: Partial<ServerSnapshot> = {}): ServerSnapshot {
  return {
    databases: new Map(),
    accounts: new Map(),
    grants: new Map(),
    strangers: new Map(),
    patterns: [],
    markers: new Map(),
    ...part,
  };
}

export function anApiKey(part: Partial<ApiKey> = {}): ApiKey {
  return {
    id: anId<"ApiKey">(),
    name: "admin",
    role: "ADMIN",
    prefix: "tnk_abcd",
    createdAt: new Date("2026-01-01T00:00:00.000Z"),
    ...part,
  };
}

const coverage = { tenantsInScope: 0, tenantsTested: 0 };
const budget = {
  requestedOperations: 0,
  maxOperations: 0,
  plannedOperations: 0,
  maxConcurrency: 8,
  limitedBy: [],
};

/** A connection test to be admitted, over these tenants. */
export function aNewTestRun(items: readonly TenantId[] = [], part: Partial<NewTestRun> = {}): NewTestRun {
  const job = aNewJob({ kind: "CONNECTION_TEST", items });
  return { kind: "CONNECTION", options: {}, budget, coverage, job, ...part };
}

/** A connection test that is QUEUED. */
export function aTestRun(part: Partial<TestRun> = {}): TestRun {
  return {
    id: anId<"Job">(),
    kind: "CONNECTION",
    status: "QUEUED",
    progress: noProgress,
    options: {},
    requestedBy: anActor(),
    coverage,
    budget,
    summary: { passed: 0, failed: 0, inconclusive: 0, successRate: 0, operations: 0, errors: 0 },
    recommendations: [],
    createdAt: new Date("2026-01-01T00:00:00.000Z"),
    ...part,
  };
}

/** A connection that was tested well. */
export function aConnectionResult(part: Partial<ConnectionTestResult> = {}): ConnectionTestResult {
  return {
    kind: "CONNECTION",
    tenantId: anId<"Tenant">(),
    verdict: "PASS",
    durationMs: 4,
    attempts: 1,
    connectMs: 3,
    queryMs: 1,
    rating: "EXCELLENT",
    ...part,
  };
}
