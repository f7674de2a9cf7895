import { asc, eq, sql } from "drizzle-orm";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { DrizzleApiKeyStore } from "../../src/registry/access/drizzle-api-key-store.ts";
import { DrizzleAuditLog } from "../../src/registry/access/drizzle-audit-log.ts";
import { DrizzleJobStore } from "../../src/registry/jobs/drizzle-job-store.ts";
import { DrizzleScratchStore } from "../../src/registry/servers/drizzle-scratch-store.ts";
import { DrizzleServerStore } from "../../src/registry/servers/drizzle-server-store.ts";
import { apiKeys } from "../../src/registry/tables/api-keys.ts";
import { auditEntries } from "../../src/registry/tables/audit-entries.ts";
import { domains } from "../../src/registry/tables/domains.ts";
import { idempotencyKeys } from "../../src/registry/tables/idempotency-keys.ts";
import { jobEvents } from "../../src/registry/tables/job-events.ts";
import { jobItems } from "../../src/registry/tables/job-items.ts";
import { jobs } from "../../src/registry/tables/jobs.ts";
import { pendingPasswords } from "../../src/registry/tables/pending-passwords.ts";
import { scratchObjects } from "../../src/registry/tables/scratch-objects.ts";
import { servers } from "../../src/registry/tables/servers.ts";
import { tenantHealth } from "../../src/registry/tables/tenant-health.ts";
import { tenantLabels } from "../../src/registry/tables/tenant-labels.ts";
import { tenants } from "../../src/registry/tables/tenants.ts";
import { testResults } from "../../src/registry/tables/test-results.ts";
import { testRuns } from "../../src/registry/tables/test-runs.ts";
import { warmDatabases } from "../../src/registry/tables/warm-databases.ts";
import { DrizzleTenantStore } from "../../src/registry/tenants/drizzle-tenant-store.ts";
import { DrizzleTestRunStore } from "../../src/registry/test-runs/drizzle-test-run-store.ts";
import { DrizzleWarmPoolStore } from "../../src/registry/warm-pool/drizzle-warm-pool-store.ts";
import type { TenantChange } from "../../src/tenants/tenant-store.ts";
import { type StoreWorld, TickingClock } from "../support/contracts/store-world.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

const tables = [
  pendingPasswords,
  tenants,
  domains,
  tenantLabels,
  tenantHealth,
  servers,
  jobs,
  jobEvents,
  jobItems,
  testRuns,
  testResults,
  apiKeys,
  auditEntries,
  idempotencyKeys,
  scratchObjects,
  warmDatabases,
];

/** The real stores, over a registry of their own. */
export async function openDrizzleWorld(): Promise<StoreWorld & { readonly registry: FreshRegistry }> {
  const registry = await freshRegistry();
  const { db } = registry;
  const clock = new TickingClock();
  const changes: TenantChange[] = [];
  return {
    registry,
    clock,
    changes,
    tenants: new DrizzleTenantStore(db, { publish: (change) => void changes.push(change) }, clock, uuidv7Ids),
    jobs: new DrizzleJobStore(db, clock, uuidv7Ids),
    testRuns: new DrizzleTestRunStore(db, clock, uuidv7Ids),
    servers: new DrizzleServerStore(db),
    apiKeys: new DrizzleApiKeyStore(db, uuidv7Ids),
    audit: new DrizzleAuditLog(db, clock, uuidv7Ids),
    scratch: new DrizzleScratchStore(db, clock),
    warmPool: new DrizzleWarmPoolStore(db, clock, uuidv7Ids),
    auditRows: async () => {
      const rows = await db.orm.select().from(auditEntries).orderBy(asc(auditEntries.at), asc(auditEntries.id));
      return rows.map(({ actorId, action, subject, result }) => ({
        actorId,
        action,
        subject: subject ?? undefined,
        result,
      }));
    },
    passTime: async (jobId, ms) => {
      const earlier = sql`INTERVAL ${ms * 1_000} MICROSECOND`;
      await db.orm
        .update(jobs)
        .set({
          availableAt: sql`${jobs.availableAt} - ${earlier}`,
          leaseExpiresAt: sql`${jobs.leaseExpiresAt} - ${earlier}`,
        })
        .where(eq(jobs.id, jobId));
    },
    reset: async () => {
      changes.length = 0;
      for (const table of tables) await db.orm.delete(table);
    },
    close: registry.close,
  };
}
