import type { TenantChange } from "../../../src/tenants/tenant-store.ts";
import { type StoreWorld, TickingClock } from "../contracts/store-world.ts";
import { FakeJobStore } from "./fake-job-store.ts";
import { FakeRegistry } from "./fake-registry.ts";
import { FakeApiKeyStore, FakeAuditLog, FakeScratchStore, FakeServerStore } from "./fake-small-stores.ts";
import { FakeTenantStore } from "./fake-tenant-store.ts";
import { FakeTestRunStore } from "./fake-test-run-store.ts";
import { FakeWarmPoolStore } from "./fake-warm-pool-store.ts";

/** The fakes of all stores, over one registry in memory. */
export async function openFakeWorld(): Promise<StoreWorld> {
  const clock = new TickingClock();
  const registry = new FakeRegistry(clock);
  const changes: TenantChange[] = [];
  return {
    clock,
    changes,
    tenants: new FakeTenantStore(registry, { publish: (change) => void changes.push(change) }),
    jobs: new FakeJobStore(registry),
    testRuns: new FakeTestRunStore(registry),
    servers: new FakeServerStore(registry),
    apiKeys: new FakeApiKeyStore(registry),
    audit: new FakeAuditLog(registry),
    scratch: new FakeScratchStore(registry),
    warmPool: new FakeWarmPoolStore(registry),
    auditRows: async () =>
      registry.audit.map(({ origin, action, subject, result }) => ({
        actorId: origin.actor.id,
        action,
        subject,
        result,
      })),
    passTime: async (jobId, ms) => {
      const job = registry.jobs.get(jobId);
      if (job) job.passedMs += ms;
    },
    reset: async () => {
      changes.length = 0;
      registry.clear();
    },
    close: async () => undefined,
  };
}
