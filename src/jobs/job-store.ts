import type { Actor, Origin } from "../kit/actor.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { JobId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type {
  FinalJobStatus,
  Job,
  JobError,
  JobEvent,
  JobInput,
  JobItem,
  JobItemCounts,
  JobItemStatus,
  JobKind,
  JobStatus,
  Progress,
} from "./job.ts";

/** A job to be entered. Stores that admit something slow enter it in the same transaction, with the event of sequence 1. */
export interface NewJob {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly tenantId?: TenantId | undefined;
  readonly input: JobInput;
  readonly requestedBy: Actor;
  /** Name of the mutation, for the audit log of `enqueue`. Absent: made from the kind. */
  readonly action?: string | undefined;
  /** The tenants it works on, entered as PENDING items in this order. May be completed later with `addItems`. */
  readonly items: readonly TenantId[];
}

/** The right to work on a job. Each write names it; after the lease was lost no write changes anything. */
export interface JobLease {
  readonly jobId: JobId;
  /** The process that holds it. */
  readonly owner: string;
  /** Grows with each claim. */
  readonly fence: number;
}

export interface ClaimedJob {
  /** RUNNING, or CANCELLING when what is left to do is to clean up. */
  readonly job: Job;
  readonly lease: JobLease;
  /** Starts in a row that ended in trouble, none of which got the job on: its percent did not grow. */
  readonly failures: number;
  /** Starts in a row whose process was gone before the job got on or went back into the queue with trouble. */
  readonly losses: number;
}

/** One step to write down. */
export interface JobStep {
  readonly progress: Progress;
  readonly message: string;
  readonly detail?: unknown;
}

export interface JobEnd extends JobStep {
  readonly status: FinalJobStatus;
  readonly error?: JobError | undefined;
}

export interface JobFilter {
  readonly kinds?: readonly JobKind[] | undefined;
  readonly statuses?: readonly JobStatus[] | undefined;
  readonly tenantId?: TenantId | undefined;
}

/** How a job goes back into the queue. */
export interface HandBack {
  /** Milliseconds until it may be claimed again. */
  readonly delayMs: number;
  /** Whether it was trouble: then the start stays among its `attempts`, is a failure, and ends a row of losses. One that only the service's own stop cut short is none. */
  readonly counted: boolean;
}

/** The lease ran out and somebody else may hold it: stop at once, write nothing. */
export class LeaseLost extends DomainError {
  readonly code = "LEASE_LOST";
  override readonly retryable = true;
}

/** The registry, as far as jobs are concerned. Each method is one transaction; times of leases are the database's. */
export interface JobStore {
  /**
   * Enters a job with its first event, its items and an audit row. One that changes its only tenant is refused while another
   * one does (TenantBusy); of a fleet the busy tenants' items are SKIPPED with TENANT_BUSY, also when they are added later.
   */
  enqueue(job: NewJob, origin: Origin): Promise<Job>;
  find(id: JobId): Promise<Job | undefined>;
  findMany(ids: readonly JobId[]): Promise<readonly Job[]>;
  /** Newest first. @throws InvalidCursor */
  list(filter: JobFilter, page: PageRequest): Promise<Page<Job>>;
  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: JobFilter, cap: number): Promise<number>;

  /**
   * Takes the oldest job that is due: QUEUED → RUNNING, or CANCELLING without a live lease. Compare-and-set; `attempts`
   * and the fence grow. A start is an event. A CANCELLING job needs no room: it is taken whatever it is.
   * @param ofOne of which kinds there is room for jobs on one tenant: their `tenantId` is set
   * @param ofMany the same for all other jobs; absent: the same kinds @returns undefined when none is due
   */
  claim(
    owner: string,
    leaseMs: number,
    ofOne: readonly JobKind[],
    ofMany?: readonly JobKind[],
  ): Promise<ClaimedJob | undefined>;
  /** Writes an event and the progress, and extends the lease. What got on has neither failures nor losses. @returns the event @throws LeaseLost */
  record(lease: JobLease, step: JobStep, leaseMs: number): Promise<JobEvent>;
  /** Extends the lease. @returns the job's status, which tells of a wish to cancel @throws LeaseLost */
  extend(lease: JobLease, leaseMs: number): Promise<JobStatus>;
  /** Writes the final event and the end; releases the lease. @throws LeaseLost */
  finish(lease: JobLease, end: JobEnd): Promise<JobEvent>;
  /** Back into the queue, with an event; a CANCELLING job stays CANCELLING. @throws LeaseLost */
  handBack(lease: JobLease, step: JobStep, back: HandBack): Promise<JobEvent>;
  /** QUEUED or RUNNING → CANCELLING, with an event and an audit row; an ended or CANCELLING job is returned as it is. @returns undefined for an unknown id */
  requestCancel(
    id: JobId,
    origin: Origin,
  ): Promise<{ readonly job: Job; readonly event?: JobEvent | undefined } | undefined>;
  /** RUNNING jobs whose lease ran out, or that another process than `liveOwner` holds, go back into the queue with an event; those of another process with a loss more. @returns those events */
  returnLost(liveOwner: string): Promise<readonly JobEvent[]>;

  /** Events after a sequence, in order, at most `limit`. */
  events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]>;

  /** Adds tenants to the job's scope; those that are in it already stay as they are. @throws LeaseLost */
  addItems(lease: JobLease, tenantIds: readonly TenantId[]): Promise<void>;
  /** The next PENDING items in the order they were added, at most `limit`, after the item of `afterTenant`. */
  pendingItems(id: JobId, limit: number, afterTenant?: TenantId): Promise<readonly TenantId[]>;
  /** Writes what became of items; an item that is settled stays so. @throws LeaseLost */
  settleItems(lease: JobLease, items: readonly JobItem[]): Promise<void>;
  itemCounts(id: JobId): Promise<JobItemCounts>;
  /** Settled items in the order they were settled. @throws InvalidCursor */
  items(id: JobId, statuses: readonly JobItemStatus[] | undefined, page: PageRequest): Promise<Page<JobItem>>;
  countItems(id: JobId, statuses: readonly JobItemStatus[] | undefined): Promise<number>;
  /** What a retry takes: tenants whose items are PENDING, FAILED, or SKIPPED with a retryable error; in order. */
  unfinishedItems(id: JobId): Promise<readonly TenantId[]>;
}
