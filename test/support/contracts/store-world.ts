import type { ApiKeyStore } from "../../../src/access/api-key.ts";
import type { AuditLog } from "../../../src/access/audit.ts";
import type { JobStore } from "../../../src/jobs/job-store.ts";
import type { Clock } from "../../../src/kit/clock.ts";
import type { JobId } from "../../../src/kit/ids.ts";
import type { WarmPoolStore } from "../../../src/provisioning/warm-pool/warm-pool-store.ts";
import type { ServerStore } from "../../../src/servers/database-server.ts";
import type { ScratchStore } from "../../../src/servers/scratch-store.ts";
import type { TenantChange, TenantStore } from "../../../src/tenants/tenant-store.ts";
import type { TestRunStore } from "../../../src/test-runs/test-run-store.ts";

/** What can be seen of an audit row. */
export interface AuditRow {
  readonly actorId: string;
  readonly action: string;
  readonly subject?: string | undefined;
  readonly result: string;
}

/** All stores over one registry, and what the contracts need to look at them from outside. */
export interface StoreWorld {
  readonly tenants: TenantStore;
  readonly jobs: JobStore;
  readonly testRuns: TestRunStore;
  readonly servers: ServerStore;
  readonly apiKeys: ApiKeyStore;
  readonly audit: AuditLog;
  readonly scratch: ScratchStore;
  readonly warmPool: WarmPoolStore;
  /** The service's clock; each look finds it a millisecond later. */
  readonly clock: TickingClock;
  /** What was published, in order. */
  readonly changes: TenantChange[];
  /** In the order of writing. */
  auditRows(): Promise<readonly AuditRow[]>;
  /** The database's clock goes on, as far as a job's lease and waiting are concerned. */
  passTime(jobId: JobId, ms: number): Promise<void>;
  /** Everything is gone. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

export type OpenWorld = () => Promise<StoreWorld>;

/** A clock whose every look is a millisecond after the one before, so that what is written has an order. */
export class TickingClock implements Clock {
  #ms = Date.UTC(2026, 0, 1);

  now(): Date {
    this.#ms += 1;
    return new Date(this.#ms);
  }
  monotonicMs(): number {
    return this.#ms;
  }
  sleep(): Promise<void> {
    return Promise.resolve();
  }
}
