import type { Clock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import type { Job, JobError, JobEvent, JobKind } from "./job.ts";
import type { JobEnd, JobLease } from "./job-store.ts";

/** What the handler knows of its progress; the percent, rate and ETA are worked out by the reporter. */
export interface ProgressUpdate {
  readonly phase: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly message: string;
  /** Shown with the event; the newest wins where events are coalesced. */
  readonly detail?: unknown;
  /** Asked for the detail when the event is written, so that it can tell what came since the last one. Wins over `detail`. */
  readonly takeDetail?: (() => unknown) | undefined;
}

/** How a handler ended. `PARTIAL_FAILURE` is the code of a job in which an item failed. */
export type JobOutcome =
  | { readonly status: "SUCCEEDED"; readonly message: string; readonly detail?: unknown }
  | { readonly status: "FAILED"; readonly error: JobError; readonly message: string; readonly detail?: unknown };

/** Why a job's signal aborted. */
export type StopReason = "CANCELLED" | "LEASE_LOST" | "SHUTTING_DOWN";

/** The reason of a job's AbortSignal. */
export class JobStopped extends Error {
  override readonly name = "JobStopped";
  constructor(readonly reason: StopReason) {
    super(`The job was stopped: ${reason}.`);
  }
}

/** What a handler is given to work with. */
export interface JobContext {
  readonly job: Job;
  readonly lease: JobLease;
  /** Aborts with a {@link JobStopped}. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Remembers the newest state; it is written at most ten times a second, and extends the lease. Never throws. */
  report(update: ProgressUpdate): void;
  /** Writes what was reported and not yet written. @throws LeaseLost */
  flush(): Promise<void>;
}

/**
 * The work of one kind of job. It may run again from the start after a crash, so each step looks before it acts.
 * Jobs on one tenant (`tenantId` is set) and fleet work run beside each other, each lane with places of its own.
 */
export interface JobHandler {
  readonly kind: JobKind;
  /** How often in a row trouble is taken. Default: the retry policy's. */
  readonly maxAttempts?: number;
  /**
   * Does the work. A retryable DomainError sends the job back into the queue with a back-off; any other error ends it FAILED.
   * When the signal aborts it stops within two seconds and rethrows the signal's reason.
   */
  run(context: JobContext): Promise<JobOutcome>;
  /**
   * The job ends FAILED or CANCELLED without the handler's own outcome: leave the world in a legal state
   * (e.g. a tenant FAILED with a reason). Runs before the final event, with a live lease.
   */
  abandon?(context: JobContext, error: JobError): Promise<void>;
  /**
   * Writes the job's end together with what must not be seen apart from it, in one transaction, and returns the final event.
   * Called instead of `JobStore.finish` for every end: the outcome's, a failure's, a cancellation's. It may change message,
   * detail and progress, never the status. @throws LeaseLost
   */
  conclude?(context: JobContext, end: JobEnd): Promise<JobEvent>;
}

/** The end of a job over items, by the contract: FAILED with PARTIAL_FAILURE when an item failed, or was not reached. */
export function outcomeOfItems(
  counts: { readonly failed: number; readonly total: number; readonly pending?: number },
  message: string,
): JobOutcome {
  const { failed, total, pending = 0 } = counts;
  if (failed + pending === 0) return { status: "SUCCEEDED", message };
  const unreached = pending === 0 ? "" : ` ${pending} were not reached.`;
  const said = `${failed} of ${total} tenants failed.${unreached}`;
  return { status: "FAILED", message, error: { code: "PARTIAL_FAILURE", message: said, retryable: true } };
}
