import type { Job, JobKind } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { Origin } from "../kit/actor.ts";
import type { TenantId } from "../kit/ids.ts";
import { type FleetJobParts, FleetJobs } from "./fleet-jobs.ts";
import { type MigrateTenants, parseMigrationManner } from "./fleet-wish.ts";
import type { TenantStatus } from "./tenant.ts";
import type { TenantFilter } from "./tenant-store.ts";

/** Whom work on the fleet takes: those whose database is in order. */
export const fleetStatuses: readonly TenantStatus[] = ["ACTIVE", "SUSPENDED"];

/** Work on many tenants: it enters the job, which finds out its scope when it starts. */
export class FleetService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["MIGRATE_TENANTS", "SEED_TENANTS"];

  readonly #fleet: FleetJobs;

  constructor(parts: FleetJobParts) {
    this.#fleet = new FleetJobs(parts, fleetStatuses);
  }

  /** Brings tenants to the newest migration. @throws InvalidInput */
  async migrate(wish: MigrateTenants, origin: Origin): Promise<Job> {
    const manner = parseMigrationManner(wish);
    const filter = await this.#fleet.check(wish.filter);
    return this.#fleet.enter("MIGRATE_TENANTS", "migrateTenants", { ...manner, filter }, origin);
  }

  /** Runs the seed, once for each tenant. @throws InvalidInput */
  async seed(wanted: TenantFilter, origin: Origin): Promise<Job> {
    const filter = await this.#fleet.check(wanted);
    return this.#fleet.enter("SEED_TENANTS", "seedTenants", { filter }, origin);
  }

  retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    return this.#fleet.again(job, tenantIds, origin);
  }
}
