import type { ApiKey } from "../access/api-key.ts";
import type { CreateApiKey } from "../access/api-key-issuer.ts";
import type { AuditTrail, RefusedMutation } from "../access/audit.ts";
import type { Job, JobEvent, JobItem, JobItemStatus } from "../jobs/job.ts";
import type { JobFilter } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import type { ApiKeyId, DomainId, JobId, ScheduleId, ServerId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { Secret } from "../kit/secret.ts";
import type { MetricsSnapshot } from "../metrics/metrics-snapshot.ts";
import type { RepairTenants } from "../provisioning/findings/finding-service.ts";
import type { FindingFilter, RecordedFinding } from "../provisioning/findings/finding-store.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { UpsertSchedule } from "../schedules/schedule-service.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import type { MigrateTenants } from "../tenants/fleet-wish.ts";
import type { Domain, Label, Tenant, TenantHealth, TenantStatus } from "../tenants/tenant.ts";
import type {
  CreateTenant,
  CreateTenants,
  CreateTestTenants,
  RevealTenant,
  TenantConnection,
} from "../tenants/tenant-input.ts";
import type { TenantFilter, TenantOrder, TenantUpdate } from "../tenants/tenant-store.ts";
import type { RunComparison } from "../test-runs/comparison/run-comparison.ts";
import type { ConnectionTestInput } from "../test-runs/connection/connection-test-options.ts";
import type { IsolationTestInput } from "../test-runs/isolation/isolation-test-options.ts";
import type { PerformanceTestInput } from "../test-runs/performance/performance-test-options.ts";
import type { TestResult, TestRun, TestRunFilter, Verdict } from "../test-runs/test-run.ts";

/** What the API needs of tenants. Each refusal is a DomainError. */
export interface Tenants {
  find(id: TenantId): Promise<Tenant | undefined>;
  findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]>;
  findBySlug(slug: string): Promise<Tenant | undefined>;
  findByDomain(hostname: string): Promise<Tenant | undefined>;
  list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>>;
  count(filter: TenantFilter, cap: number): Promise<number>;
  domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]>;
  findDomains(ids: readonly DomainId[]): Promise<readonly Domain[]>;
  labelsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly Label[]>>;
  healthOf(ids: readonly TenantId[]): Promise<readonly TenantHealth[]>;

  create(input: CreateTenant, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  createMany(input: CreateTenants, origin: Origin): Promise<{ readonly tenants: readonly Tenant[]; readonly job: Job }>;
  createTest(
    input: CreateTestTenants,
    origin: Origin,
  ): Promise<{ readonly tenants: readonly Tenant[]; readonly job: Job }>;
  update(update: TenantUpdate, origin: Origin): Promise<Tenant>;
  addDomain(
    input: { readonly tenantId: TenantId; readonly hostname: string; readonly primary: boolean },
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }>;
  removeDomain(
    input: { readonly tenantId: TenantId; readonly hostname: string },
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }>;
  retry(id: TenantId, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  reveal(input: RevealTenant, origin: Origin): Promise<TenantConnection>;
}

/** What the API needs for the later life of tenants. Each wish enters a job. */
export interface TenantLifecycle {
  suspend(id: TenantId, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  resume(id: TenantId, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  rotate(id: TenantId, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  /** Without a job when the tenant is DELETED already. */
  delete(
    wish: { readonly id: TenantId; readonly confirmSlug: string },
    origin: Origin,
  ): Promise<{ readonly tenant: Tenant; readonly job?: Job | undefined }>;
}

/** What the API needs for work on the whole fleet. Each wish enters a job. */
export interface FleetWork {
  migrate(wish: MigrateTenants, origin: Origin): Promise<Job>;
  seed(filter: TenantFilter, origin: Origin): Promise<Job>;
}

/** What the API needs of validation, repair and what they find. */
export interface Findings {
  validate(filter: TenantFilter, origin: Origin): Promise<Job>;
  repair(wish: RepairTenants, origin: Origin): Promise<Job>;
  ofJob(jobId: JobId, filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>>;
  countOfJob(jobId: JobId, filter: FindingFilter): Promise<number>;
  open(filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>>;
  countOpen(filter: FindingFilter, cap: number): Promise<number>;
  openOf(tenantIds: readonly TenantId[]): Promise<readonly RecordedFinding[]>;
}

/** What the API needs of servers. */
export interface Servers {
  list(): Promise<readonly DatabaseServer[]>;
  findMany(ids: readonly ServerId[]): Promise<readonly DatabaseServer[]>;
  tenantCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>>;
}

/** What the API needs of ready-made databases. */
export interface WarmPools {
  setTarget(wish: { readonly serverId: ServerId; readonly target: number }, origin: Origin): Promise<Job>;
  /** How many of each server may be claimed now. */
  readyCounts(ids: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>>;
}

/** What the API needs of jobs. */
export interface Jobs {
  find(id: JobId): Promise<Job | undefined>;
  findMany(ids: readonly JobId[]): Promise<readonly Job[]>;
  list(filter: JobFilter, page: PageRequest): Promise<Page<Job>>;
  count(filter: JobFilter, cap: number): Promise<number>;
  items(id: JobId, statuses: readonly JobItemStatus[] | undefined, page: PageRequest): Promise<Page<JobItem>>;
  countItems(id: JobId, statuses: readonly JobItemStatus[] | undefined): Promise<number>;
  /** @throws NotFound */
  cancel(id: JobId, origin: Origin): Promise<Job>;
  /** @throws NotFound, InvalidState */
  retry(id: JobId, origin: Origin): Promise<Job>;
}

/** Events of jobs, as they are written. */
export interface JobEvents {
  /** The events after a sequence, then those to come; ends after the final one. @throws NotFound */
  follow(id: JobId, after: number, signal: AbortSignal): AsyncIterable<JobEvent>;
}

/** What the API needs of test runs. */
export interface TestRuns {
  find(id: JobId): Promise<TestRun | undefined>;
  findMany(ids: readonly JobId[]): Promise<readonly TestRun[]>;
  list(filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>>;
  count(filter: TestRunFilter, cap: number): Promise<number>;
  results(id: JobId, verdicts: readonly Verdict[] | undefined, page: PageRequest): Promise<Page<TestResult>>;
  countResults(id: JobId, verdicts: readonly Verdict[] | undefined): Promise<number>;
  resultsOf(id: JobId, tenantIds: readonly TenantId[]): Promise<readonly TestResult[]>;
  startConnectionTest(input: ConnectionTestInput, origin: Origin): Promise<TestRun>;
  startIsolationTest(input: IsolationTestInput, origin: Origin): Promise<TestRun>;
  startPerformanceTest(input: PerformanceTestInput, origin: Origin): Promise<TestRun>;
}

/** What the API needs to hold runs against each other. */
export interface TestRunComparisons {
  compare(baseId: JobId, headId: JobId): Promise<RunComparison | undefined>;
  toBaseline(run: TestRun): Promise<RunComparison | undefined>;
  accept(runId: JobId, origin: Origin): Promise<TestRun>;
}

/** What the API needs of schedules. */
export interface Schedules {
  list(): Promise<readonly Schedule[]>;
  findMany(ids: readonly ScheduleId[]): Promise<readonly Schedule[]>;
  upsert(wish: UpsertSchedule, origin: Origin): Promise<Schedule>;
  remove(id: ScheduleId, origin: Origin): Promise<Schedule>;
}

/** What the API says of the fleet as a whole. */
export interface Fleet {
  statusCounts(): Promise<ReadonlyMap<TenantStatus, number>>;
  schemaVersionCounts(): Promise<readonly { readonly version?: string | undefined; readonly tenants: number }[]>;
  /** Tag of the newest tenant migration; undefined: there is none. */
  latestVersion(): string | undefined;
}

/** What the API needs of metrics. */
export interface Metrics {
  snapshot(): Promise<MetricsSnapshot>;
  /** A snapshot at once, then one per interval; absent: a second. @throws InvalidInput for an interval out of range */
  follow(intervalMs: number | undefined, signal: AbortSignal): AsyncIterable<MetricsSnapshot>;
}

/** Changes of tenants, as they are committed. */
export interface TenantChangeEvents {
  /** Every tenant that matches the filter before or after a change. @throws when the subscriber is too slow */
  subscribe(filter: TenantFilter, signal: AbortSignal): AsyncIterable<Tenant>;
}

/** What the API needs of API keys. */
export interface ApiKeys {
  list(): Promise<readonly ApiKey[]>;
  findMany(ids: readonly ApiKeyId[]): Promise<readonly ApiKey[]>;
  create(wish: CreateApiKey, origin: Origin): Promise<{ readonly key: ApiKey; readonly secret: Secret }>;
  revoke(id: ApiKeyId, origin: Origin): Promise<ApiKey>;
}

/** What the API needs of sealed secrets. */
export interface Secrets {
  reencrypt(origin: Origin): Promise<Job>;
}

/** What the API needs of the audit log. */
export interface Audit extends AuditTrail {
  /** Writes down that somebody asked for what its role forbids. */
  denied(action: string, origin: Origin): Promise<void>;
  /** Writes down that a mutation was refused, and why. */
  refused(mutation: RefusedMutation, origin: Origin): Promise<void>;
}

/** All that resolvers may call. */
export interface Services {
  readonly tenants: Tenants;
  readonly tenantChanges: TenantChangeEvents;
  readonly lifecycle: TenantLifecycle;
  readonly fleetWork: FleetWork;
  readonly findings: Findings;
  readonly servers: Servers;
  readonly warmPool: WarmPools;
  readonly jobs: Jobs;
  readonly jobEvents: JobEvents;
  readonly testRuns: TestRuns;
  readonly comparisons: TestRunComparisons;
  readonly fleet: Fleet;
  readonly metrics: Metrics;
  readonly schedules: Schedules;
  readonly apiKeys: ApiKeys;
  readonly secrets: Secrets;
  readonly audit: Audit;
}
