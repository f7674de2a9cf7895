import type { JobItemCounts } from "../jobs/job.ts";
import type { JobContext } from "../jobs/job-handler.ts";
import type { TestResult, TestRunDetail } from "./test-run.ts";

/** Figures that grow result by result. */
export interface LiveFigures {
  readonly tested: number;
  add(results: readonly TestResult[]): void;
  takeDetail(since: { readonly seconds: number; readonly tested: number }): TestRunDetail;
}

/** How far a run over tenants has come: what became of its items, and its live figures; each step is reported. */
export class RunProgress {
  readonly #startedAtMs: number;
  readonly #testedBefore: number;
  readonly #settled: { done: number; failed: number; skipped: number };

  /** @param start where an earlier start of the same run left off */
  constructor(
    private readonly context: Pick<JobContext, "clock" | "report">,
    private readonly start: { readonly figures: LiveFigures; readonly items: JobItemCounts },
  ) {
    const { succeeded, failed, skipped } = start.items;
    this.#startedAtMs = context.clock.monotonicMs();
    this.#testedBefore = start.figures.tested;
    this.#settled = { done: succeeded, failed, skipped };
  }

  /** These results were written. */
  add(results: readonly TestResult[]): void {
    this.start.figures.add(results);
    for (const { verdict } of results) {
      if (verdict === "PASS") this.#settled.done += 1;
      else if (verdict === "FAIL") this.#settled.failed += 1;
      else this.#settled.skipped += 1;
    }
    this.report();
  }

  /** So many items were settled without a result. */
  skip(items: number): void {
    this.#settled.skipped += items;
    this.report();
  }

  /** The live figures, with the results that were not named before. */
  takeDetail(): TestRunDetail {
    const { figures } = this.start;
    const seconds = (this.context.clock.monotonicMs() - this.#startedAtMs) / 1000;
    return figures.takeDetail({ seconds, tested: figures.tested - this.#testedBefore });
  }

  report(): void {
    const { total } = this.start.items;
    const { done, failed, skipped } = this.#settled;
    this.context.report({
      phase: "testing",
      total,
      done,
      failed,
      skipped,
      message: `${done + failed + skipped} of ${total} tenants done.`,
      takeDetail: () => this.takeDetail(),
    });
  }
}
