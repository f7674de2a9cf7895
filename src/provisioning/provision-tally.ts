import type { JobItemCounts } from "../jobs/job.ts";
import type { JobContext } from "../jobs/job-handler.ts";

/** Counts what became of a provisioning job's tenants, from where an earlier start left off, and reports it. */
export class ProvisionTally {
  #done: number;
  #failed: number;
  #skipped: number;

  constructor(
    private readonly counts: JobItemCounts,
    private readonly context: Pick<JobContext, "report">,
  ) {
    this.#done = counts.succeeded;
    this.#failed = counts.failed;
    this.#skipped = counts.skipped;
    this.#report(counts.pending === 1 ? "Provisioning a tenant." : `Provisioning ${counts.pending} tenants.`);
  }

  done(message: string): void {
    this.#done += 1;
    this.#report(message);
  }

  failed(message: string): void {
    this.#failed += 1;
    this.#report(message);
  }

  skipped(message: string): void {
    this.#skipped += 1;
    this.#report(message);
  }

  #report(message: string): void {
    this.context.report({
      phase: "provisioning",
      total: this.counts.total,
      done: this.#done,
      failed: this.#failed,
      skipped: this.#skipped,
      message,
    });
  }
}
