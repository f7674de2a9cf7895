import type { Job, JobInput, JobKind } from "../../jobs/job.ts";
import type { JobRetrier } from "../../jobs/job-retrier.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import { InvalidInput } from "../../kit/domain-error.ts";
import type { Ids, JobId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import { parseTenantFilter } from "../../tenants/tenant-filter.ts";
import { isOpen, refuseUnknown, scopeFilter } from "../../tenants/tenant-scope.ts";
import type { TenantFilter, TenantStore } from "../../tenants/tenant-store.ts";
import { caredStatuses } from "../validation/fleet-round.ts";
import type { FindingFilter, FindingStore, RecordedFinding } from "./finding-store.ts";

/** A wish to make true what is false. */
export interface RepairTenants {
  readonly filter: TenantFilter;
  readonly dryRun?: boolean | undefined;
  readonly confirmDataLoss?: boolean | undefined;
}

/** What {@link FindingService} works with. */
export interface FindingServiceParts {
  readonly findings: FindingStore;
  readonly tenants: Pick<TenantStore, "findMany" | "scan" | "count">;
  readonly jobs: Pick<JobStore, "enqueue">;
  readonly ids: Ids;
  /** Told that a job was entered. */
  readonly runner: { wake(): void };
}

/** What the edges may ask of validation and repair. It touches no tenant server. */
export class FindingService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["VALIDATE_TENANTS", "REPAIR_TENANTS"];

  constructor(private readonly parts: FindingServiceParts) {}

  /** Enters a job that looks. @throws InvalidInput */
  async validate(wanted: TenantFilter, origin: Origin): Promise<Job> {
    const filter = await this.#check(wanted);
    return this.#enter("VALIDATE_TENANTS", "validateTenants", { filter }, [], origin);
  }

  /** Enters a job that repairs. @throws InvalidInput */
  async repair(wish: RepairTenants, origin: Origin): Promise<Job> {
    const filter = await this.#check(wish.filter);
    const { dryRun = false, confirmDataLoss = false } = wish;
    return this.#enter("REPAIR_TENANTS", "repairTenants", { filter, dryRun, confirmDataLoss }, [], origin);
  }

  async retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    // A job that failed before it knew its tenants finds them out again.
    const input = { ...job.input, fixedScope: tenantIds.length > 0 || job.input.fixedScope === true };
    return this.#enter(job.kind, "retryJob", input, tenantIds, origin);
  }

  /** What a job saw, in the order of writing. @throws InvalidCursor */
  ofJob(jobId: JobId, filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>> {
    return this.parts.findings.ofJob(jobId, filter, page);
  }

  countOfJob(jobId: JobId, filter: FindingFilter): Promise<number> {
    return this.parts.findings.countOfJob(jobId, filter);
  }

  /** What nobody has mended yet, newest first. @throws InvalidCursor */
  open(filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>> {
    return this.parts.findings.open(filter, page);
  }

  /** Exact up to `cap`, and `cap` beyond. */
  countOpen(filter: FindingFilter, cap: number): Promise<number> {
    return this.parts.findings.countOpen(filter, cap);
  }

  openOf(tenantIds: readonly TenantId[]): Promise<readonly RecordedFinding[]> {
    return this.parts.findings.openOf(tenantIds);
  }

  /** That the fleet is empty is no mistake; that a filter means nobody is likely one. A server may hold nothing but orphans. */
  async #check(wanted: TenantFilter): Promise<TenantFilter> {
    const field = ["input", "filter"];
    const filter = parseTenantFilter(wanted, field);
    await refuseUnknown(this.parts.tenants, filter);
    const { serverId: _, ...narrowing } = filter;
    if (!isOpen(narrowing) && (await this.parts.tenants.count(scopeFilter(filter, caredStatuses), 1)) === 0) {
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
