import type { JobItemCounts } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";

/** How an item ended. */
export type ItemEnd = "SUCCEEDED" | "FAILED" | "SKIPPED";

/** Counts what became of a job's tenants, from where an earlier start left off, and reports it. */
export class FleetTally {
  #ended: Record<ItemEnd, number>;

  constructor(
    private readonly total: number,
    counts: JobItemCounts,
    private readonly phase: string,
    private readonly context: Pick<JobContext, "report">,
  ) {
    this.#ended = { SUCCEEDED: counts.succeeded, FAILED: counts.failed, SKIPPED: counts.skipped };
    this.#report(counts.pending === 1 ? "One tenant is left." : `${counts.pending} tenants are left.`);
  }

  /** Tenants that were worked on. */
  get finished(): number {
    return this.#ended.SUCCEEDED + this.#ended.FAILED;
  }

  get failed(): number {
    return this.#ended.FAILED;
  }

  count(end: ItemEnd, tenants: number, message: string): void {
    this.#ended[end] += tenants;
    this.#report(message);
  }

  #report(message: string): void {
    const { SUCCEEDED: done, FAILED: failed, SKIPPED: skipped } = this.#ended;
    this.context.report({ phase: this.phase, total: this.total, done, failed, skipped, message });
  }
}
