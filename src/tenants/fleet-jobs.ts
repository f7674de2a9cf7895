import type { Job, JobInput, JobKind } from "../jobs/job.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { Ids, TenantId } from "../kit/ids.ts";
import type { ServerStore } from "../servers/database-server.ts";
import type { TenantStatus } from "./tenant.ts";
import { parseTenantFilter } from "./tenant-filter.ts";
import { isOpen, refuseUnknown, scopeFilter } from "./tenant-scope.ts";
import type { TenantFilter, TenantStore } from "./tenant-store.ts";

/** What {@link FleetJobs} works with. */
export interface FleetJobParts {
  readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">;
  readonly servers: Pick<ServerStore, "findMany">;
  readonly jobs: Pick<JobStore, "enqueue">;
  readonly ids: Ids;
  /** Told that a job was entered. */
  readonly runner: { wake(): void };
}

/** Enters jobs over many tenants, each of which finds out its scope when it starts. */
export class FleetJobs {
  /** @param takes the states that such jobs work on */
  constructor(
    private readonly parts: FleetJobParts,
    private readonly takes: readonly TenantStatus[],
  ) {}

  /**
   * That the fleet is empty is no mistake; that a filter means nobody is likely one.
   * @param isOpenTo a filter that may mean nobody @returns the filter as a job keeps it @throws NotFound, InvalidInput
   */
  async check(wanted: TenantFilter, isOpenTo: (filter: TenantFilter) => boolean = isOpen): Promise<TenantFilter> {
    const field = ["input", "filter"];
    const filter = parseTenantFilter(wanted, field);
    await refuseUnknown(this.parts.tenants, this.parts.servers, filter);
    if (!isOpenTo(filter) && (await this.parts.tenants.count(scopeFilter(filter, this.takes), 1)) === 0) {
      throw new InvalidInput("No tenant matches the filter.", { field });
    }
    return filter;
  }

  async enter(
    kind: JobKind,
    action: string,
    input: JobInput,
    origin: Origin,
    items: readonly TenantId[] = [],
  ): Promise<Job> {
    const { jobs, ids, runner } = this.parts;
    const id = ids.next<"Job">();
    const job = await jobs.enqueue({ id, kind, action, input, requestedBy: origin.actor, items }, origin);
    runner.wake();
    return job;
  }

  /** A new job for what an ended one left; one that failed before it knew its tenants finds them out again. */
  again(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    const input = { ...job.input, fixedScope: tenantIds.length > 0 || job.input.fixedScope === true };
    return this.enter(job.kind, "retryJob", input, origin, tenantIds);
  }
}
