import type { Job, JobInput, JobKind } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { Ids, TenantId } from "../kit/ids.ts";
import { type MigrateTenants, parseMigrationManner } from "./fleet-wish.ts";
import type { TenantStatus } from "./tenant.ts";
import { parseTenantFilter } from "./tenant-filter.ts";
import { isOpen, refuseUnknown, scopeFilter } from "./tenant-scope.ts";
import type { TenantFilter, TenantStore } from "./tenant-store.ts";

/** Whom work on the fleet takes: those whose database is in order. */
export const fleetStatuses: readonly TenantStatus[] = ["ACTIVE", "SUSPENDED"];

/** What {@link FleetService} works with. */
export interface FleetServiceParts {
  readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">;
  readonly jobs: Pick<JobStore, "enqueue">;
  readonly ids: Ids;
  /** Told that a job was entered. */
  readonly runner: { wake(): void };
}

/** Work on many tenants: it enters the job, which finds out its scope when it starts. */
export class FleetService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["MIGRATE_TENANTS", "SEED_TENANTS"];

  constructor(private readonly parts: FleetServiceParts) {}

  /** Brings tenants to the newest migration. @throws InvalidInput */
  async migrate(wish: MigrateTenants, origin: Origin): Promise<Job> {
    const manner = parseMigrationManner(wish);
    const filter = await this.#check(wish.filter);
    return this.#enter("MIGRATE_TENANTS", "migrateTenants", { ...manner, filter }, [], origin);
  }

  /** Runs the seed, once for each tenant. @throws InvalidInput */
  async seed(wanted: TenantFilter, origin: Origin): Promise<Job> {
    const filter = await this.#check(wanted);
    return this.#enter("SEED_TENANTS", "seedTenants", { filter }, [], origin);
  }

  async retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    // A job that failed before it knew its tenants finds them out again.
    const input = { ...job.input, fixedScope: tenantIds.length > 0 || job.input.fixedScope === true };
    return this.#enter(job.kind, "retryJob", input, tenantIds, origin);
  }

  /** That the fleet is empty is no mistake; that a filter means nobody is likely one. */
  async #check(wanted: TenantFilter): Promise<TenantFilter> {
    const field = ["input", "filter"];
    const filter = parseTenantFilter(wanted, field);
    await refuseUnknown(this.parts.tenants, filter);
    if (!isOpen(filter) && (await this.parts.tenants.count(scopeFilter(filter, fleetStatuses), 1)) === 0) {
      throw new InvalidInput("No tenant matches the filter.", { field });
    }
    return filter;
  }

  async #enter(
    kind: JobKind,
    action: string,
    input: JobInput,
    items: readonly TenantId[],
    origin: Origin,
  ): Promise<Job> {
    const { jobs, ids, runner } = this.parts;
    const id = ids.next<"Job">();
    const job = await jobs.enqueue({ id, kind, action, input, requestedBy: origin.actor, items }, origin);
    runner.wake();
    return job;
  }
}
