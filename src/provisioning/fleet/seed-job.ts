import type { JobError, JobKind } from "../../jobs/job.ts";
import { type JobContext, type JobHandler, type JobOutcome, outcomeOfItems } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { withDeadline } from "../../kit/deadline.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantLifecycleStore } from "../../tenants/tenant-lifecycle-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { FleetScope } from "./fleet-scope.ts";
import { FleetTally } from "./fleet-tally.ts";
import { FleetWalk, type Settle } from "./fleet-walk.ts";

/** Rows of different databases do not wait for each other; more would only queue for connections. */
const parallel = 4;

const seededBefore: JobError = {
  code: "ALREADY_SEEDED",
  message: "The seed had run already, or there is none.",
  retryable: false,
};

/** What {@link SeedJob} works with. */
export interface SeedParts {
  readonly jobs: Pick<JobStore, "addItems" | "pendingItems" | "settleItems" | "itemCounts">;
  readonly tenants: Pick<TenantStore, "scan" | "findMany" | "occupyMany" | "letGo">;
  readonly lifecycle: Pick<TenantLifecycleStore, "noteFailure">;
  readonly migrator: TenantMigrator;
  readonly failpoints: Failpoints;
  /** For one tenant, in milliseconds. */
  readonly deadlineMs: number;
}

/** Runs the seed for tenants, once for each: the tenant's own journal says whether it ran. */
export class SeedJob implements JobHandler {
  readonly kind: JobKind = "SEED_TENANTS";

  constructor(private readonly parts: SeedParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { jobs, tenants } = this.parts;
    await new FleetScope(tenants, jobs).complete(context);
    const counts = await jobs.itemCounts(context.job.id);
    const tally = new FleetTally(counts.total, counts, "seeding", context);
    const walk = new FleetWalk(this.parts, context, tally, {
      needsNothing: () => undefined,
      work: (tenant) => this.#seed(tenant, context),
      halted: () => false,
    });
    await walk.run(() => ({ parallel }));
    const { total, failed, succeeded, skipped, pending } = await jobs.itemCounts(context.job.id);
    const message = `${succeeded} of ${total} tenants were seeded, ${skipped} left out, ${failed} failed.`;
    return outcomeOfItems({ failed, total, pending }, message);
  }

  async #seed({ id: tenantId, serverId, databaseName, slug }: Tenant, { lease, signal }: JobContext): Promise<Settle> {
    const { migrator, jobs, failpoints, deadlineMs } = this.parts;
    const target = { tenantId, serverId, databaseName };
    const what = `The seed of "${slug}"`;
    const ran = await withDeadline(what, deadlineMs, signal, (until) => migrator.seed(target, until));
    await failpoints.hit("seed:run", signal);
    return async (durationMs) => {
      if (!ran) return { skipped: seededBefore };
      await jobs.settleItems(lease, [{ tenantId, status: "SUCCEEDED", durationMs }]);
      await failpoints.hit("seed:written", signal);
      return `${slug} is seeded.`;
    };
  }
}
