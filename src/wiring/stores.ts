import type { Clock } from "../kit/clock.ts";
import { type Failpoints, noFailpoints } from "../kit/failpoints.ts";
import type { Ids } from "../kit/ids.ts";
import { DrizzleApiKeyStore } from "../registry/access/drizzle-api-key-store.ts";
import { DrizzleAuditLog } from "../registry/access/drizzle-audit-log.ts";
import { DrizzleAuditTrail } from "../registry/access/drizzle-audit-trail.ts";
import type { RegistryDatabase } from "../registry/database.ts";
import { DrizzleFindingStore } from "../registry/findings/drizzle-finding-store.ts";
import { DrizzleHistoryStore } from "../registry/jobs/drizzle-history-store.ts";
import { DrizzleJobStore } from "../registry/jobs/drizzle-job-store.ts";
import { DrizzleFleetCounts } from "../registry/metrics/drizzle-fleet-counts.ts";
import { DrizzleScheduleStore } from "../registry/schedules/drizzle-schedule-store.ts";
import { DrizzleSealedSecretStore } from "../registry/secrets/drizzle-sealed-secret-store.ts";
import { DrizzleScratchStore } from "../registry/servers/drizzle-scratch-store.ts";
import { DrizzleServerStore } from "../registry/servers/drizzle-server-store.ts";
import { DrizzleTenantLifecycleStore } from "../registry/tenants/drizzle-tenant-lifecycle-store.ts";
import { DrizzleTenantStore } from "../registry/tenants/drizzle-tenant-store.ts";
import { DrizzleTestBaselineStore } from "../registry/test-runs/drizzle-test-baseline-store.ts";
import { DrizzleTestRunStore } from "../registry/test-runs/drizzle-test-run-store.ts";
import { DrizzleWarmPoolStore } from "../registry/warm-pool/drizzle-warm-pool-store.ts";
import { CachedTenantReads } from "../tenants/cached-tenant-reads.ts";
import { TenantChangeFeed } from "../tenants/tenant-change-feed.ts";
import { tellAll } from "../tenants/tenant-changes.ts";

/** Every port to the registry, and the feed that its tenant store tells of changes. */
export type Stores = ReturnType<typeof createStores>;

export function createStores(db: RegistryDatabase, clock: Clock, ids: Ids, failpoints: Failpoints = noFailpoints) {
  // The feed asks the store for labels and domains, and the store tells the feed of changes: one must come second.
  const tenantChanges: TenantChangeFeed = new TenantChangeFeed({
    labelsOf: (tenantIds) => tenants.labelsOf(tenantIds),
    domainsOf: (tenantIds) => tenants.domainsOf(tenantIds),
  });
  const tenantReads: CachedTenantReads = new CachedTenantReads(
    {
      find: (id) => tenants.find(id),
      findMany: (tenantIds) => tenants.findMany(tenantIds),
      findBySlug: (slug) => tenants.findBySlug(slug),
      findByHostname: (hostname) => tenants.findByHostname(hostname),
      domainsOf: (tenantIds) => tenants.domainsOf(tenantIds),
      list: (filter, order, page) => tenants.list(filter, order, page),
    },
    clock,
  );
  // Whoever hears of a change finds it when they read.
  const changes = tellAll(tenantReads, tenantChanges);
  const tenants = new DrizzleTenantStore(db, changes, clock, ids, failpoints);
  return {
    tenantChanges,
    tenantReads,
    tenants,
    history: new DrizzleHistoryStore(db),
    lifecycle: new DrizzleTenantLifecycleStore(db, changes, clock, ids),
    jobs: new DrizzleJobStore(db, clock, ids),
    findings: new DrizzleFindingStore(db, changes, clock, ids),
    testRuns: new DrizzleTestRunStore(db, clock, ids),
    baselines: new DrizzleTestBaselineStore(db, clock, ids),
    servers: new DrizzleServerStore(db),
    scratch: new DrizzleScratchStore(db, clock),
    warmPool: new DrizzleWarmPoolStore(db, clock, ids),
    fleetCounts: new DrizzleFleetCounts(db),
    schedules: new DrizzleScheduleStore(db, clock, ids),
    apiKeys: new DrizzleApiKeyStore(db, ids),
    auditTrail: new DrizzleAuditTrail(db),
    secrets: new DrizzleSealedSecretStore(db),
    audit: new DrizzleAuditLog(db, clock, ids),
  };
}
