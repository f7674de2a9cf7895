import DataLoader from "dataloader";
import type { ApiKey } from "../access/api-key.ts";
import type { AuditEntry } from "../access/audit.ts";
import type { Job } from "../jobs/job.ts";
import type { ApiKeyId, AuditEntryId, DomainId, JobId, ScheduleId, ServerId, TenantId } from "../kit/ids.ts";
import type { RecordedFinding } from "../provisioning/findings/finding-store.ts";
import type { Schedule } from "../schedules/schedule.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import type { Domain, Label, Tenant, TenantHealth } from "../tenants/tenant.ts";
import type { TestRun } from "../test-runs/test-run.ts";
import type { Services } from "./services.ts";

/** Beyond this many keys MariaDB turns an IN list into a subquery, and a batch becomes slower than two. */
const maxBatchSize = 500;

/** Reads by key that are gathered into one statement per turn. */
export interface Loaders {
  readonly tenant: DataLoader<TenantId, Tenant | undefined>;
  readonly domains: DataLoader<TenantId, readonly Domain[]>;
  readonly labels: DataLoader<TenantId, readonly Label[]>;
  readonly health: DataLoader<TenantId, TenantHealth | undefined>;
  readonly openFindings: DataLoader<TenantId, readonly RecordedFinding[]>;
  readonly server: DataLoader<ServerId, DatabaseServer | undefined>;
  readonly tenantCount: DataLoader<ServerId, number>;
  readonly warmReady: DataLoader<ServerId, number>;
  readonly job: DataLoader<JobId, Job | undefined>;
  readonly testRun: DataLoader<JobId, TestRun | undefined>;
  readonly schedule: DataLoader<ScheduleId, Schedule | undefined>;
  readonly domain: DataLoader<DomainId, Domain | undefined>;
  readonly apiKey: DataLoader<ApiKeyId, ApiKey | undefined>;
  readonly auditEntry: DataLoader<AuditEntryId, AuditEntry | undefined>;
}

/**
 * The loaders of one operation.
 * @param remember whether a key is read once per operation; false for subscriptions, which live on while rows change
 */
export function createLoaders(services: Services, remember: boolean): Loaders {
  const { tenants, servers, jobs, testRuns, apiKeys, audit, schedules } = services;
  const loader = <Key extends string, Value>(read: (keys: readonly Key[]) => Promise<(key: Key) => Value>) =>
    new DataLoader<Key, Value>(async (keys) => keys.map(await read([...new Set(keys)])), {
      maxBatchSize,
      cache: remember,
    });
  return {
    tenant: loader(async (ids) => byKey(await tenants.findMany(ids), (tenant) => tenant.id)),
    domains: loader(async (ids) => groupedBy(await tenants.domainsOf(ids), (domain) => domain.tenantId)),
    labels: loader(async (ids) => {
      const labels = await tenants.labelsOf(ids);
      return (id: TenantId) => labels.get(id) ?? [];
    }),
    health: loader(async (ids) => byKey(await tenants.healthOf(ids), (health) => health.tenantId)),
    openFindings: loader(async (ids) =>
      groupedBy(await services.findings.openOf(ids), (finding): TenantId | undefined => finding.tenantId),
    ),
    server: loader(async (ids) => byKey(await servers.findMany(ids), (server) => server.id)),
    tenantCount: loader(async (ids) => {
      const counts = await servers.tenantCounts(ids);
      return (id: ServerId) => counts.get(id) ?? 0;
    }),
    warmReady: loader(async (ids) => {
      const counts = await services.warmPool.readyCounts(ids);
      return (id: ServerId) => counts.get(id) ?? 0;
    }),
    job: loader(async (ids) => byKey(await jobs.findMany(ids), (job) => job.id)),
    testRun: loader(async (ids) => byKey(await testRuns.findMany(ids), (run) => run.id)),
    schedule: loader(async (ids) => byKey(await schedules.findMany(ids), (schedule) => schedule.id)),
    domain: loader(async (ids) => byKey(await tenants.findDomains(ids), (domain) => domain.id)),
    apiKey: loader(async (ids) => byKey(await apiKeys.findMany(ids), (key) => key.id)),
    auditEntry: loader(async (ids) => byKey(await audit.findMany(ids), (entry) => entry.id)),
  };
}

function byKey<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): (key: Key) => Value | undefined {
  const map = new Map(values.map((value) => [keyOf(value), value]));
  return (key) => map.get(key);
}

function groupedBy<Key, Value>(values: readonly Value[], keyOf: (value: Value) => Key): (key: Key) => readonly Value[] {
  const groups = new Map<Key, Value[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return (key) => groups.get(key) ?? [];
}
