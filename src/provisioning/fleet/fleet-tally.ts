import type { JobItemCounts } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";

/** How an item ended. */
export type ItemEnd = "SUCCEEDED" | "FAILED" | "SKIPPED";

/** Counts what became of a job's tenants, from where an earlier start left off, and reports it. */
export class FleetTally {
  #ended: Record<ItemEnd, number>;
  #settling = 0;

  constructor(
    private readonly total: number,
    counts: JobItemCounts,
    private readonly phase: string,
    private readonly context: Pick<JobContext, "report">,
  ) {
    this.#ended = { SUCCEEDED: counts.succeeded, FAILED: counts.failed, SKIPPED: counts.skipped };
    this.#report(counts.pending === 1 ? "One tenant is left." : `${counts.pending} tenants are left.`);
  }

  /** Tenants that were worked on, also those whose end is only about to be written. */
  get finished(): number {
    return this.#ended.SUCCEEDED + this.#ended.FAILED + this.#settling;
  }

  get failed(): number {
    return this.#ended.FAILED;
  }

  /** One was worked on; `settle` writes what became of it. */
  async settling<T>(settle: () => Promise<T>): Promise<T> {
    this.#settling += 1;
    try {
      return await settle();
    } finally {
      this.#settling -= 1;
    }
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
