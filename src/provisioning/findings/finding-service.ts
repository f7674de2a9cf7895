import type { Job, JobKind } from "../../jobs/job.ts";
import type { JobRetrier } from "../../jobs/job-retrier.ts";
import type { Origin } from "../../kit/actor.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import { type FleetJobParts, FleetJobs } from "../../tenants/fleet-jobs.ts";
import { isOpen } from "../../tenants/tenant-scope.ts";
import type { TenantFilter } from "../../tenants/tenant-store.ts";
import { caredStatuses } from "../validation/fleet-round.ts";
import type { FindingFilter, FindingStore, RecordedFinding } from "./finding-store.ts";

/** A wish to make true what is false. */
export interface RepairTenants {
  readonly filter: TenantFilter;
  readonly dryRun?: boolean | undefined;
  readonly confirmDataLoss?: boolean | undefined;
}

/** What {@link FindingService} works with. */
export interface FindingServiceParts extends FleetJobParts {
  readonly findings: FindingStore;
}

/** What the edges may ask of validation and repair. It touches no tenant server. */
export class FindingService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["VALIDATE_TENANTS", "REPAIR_TENANTS"];
  readonly #fleet: FleetJobs;

  constructor(private readonly parts: FindingServiceParts) {
    this.#fleet = new FleetJobs(parts, caredStatuses);
  }

  /** Enters a job that looks. @throws InvalidInput, NotFound */
  async validate(wanted: TenantFilter, origin: Origin): Promise<Job> {
    const filter = await this.#check(wanted);
    return this.#fleet.enter("VALIDATE_TENANTS", "validateTenants", { filter }, origin);
  }

  /** Enters a job that repairs. @throws InvalidInput, NotFound */
  async repair(wish: RepairTenants, origin: Origin): Promise<Job> {
    const filter = await this.#check(wish.filter);
    const { dryRun = false, confirmDataLoss = false } = wish;
    return this.#fleet.enter("REPAIR_TENANTS", "repairTenants", { filter, dryRun, confirmDataLoss }, origin);
  }

  retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    return this.#fleet.again(job, tenantIds, origin);
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

  /** A server that holds no tenant may hold orphans. */
  #check(wanted: TenantFilter): Promise<TenantFilter> {
    return this.#fleet.check(wanted, ({ serverId: _, ...narrowing }) => isOpen(narrowing));
  }
}
