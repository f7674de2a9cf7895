import { LatencyHistogram } from "../../kit/histogram.ts";
import type { TestResult, TestRunDetail, TestSummary } from "../test-run.ts";
import type { VerdictCounts } from "../test-run-store.ts";
import { VerdictTally } from "../verdict-tally.ts";

/** Connect plus first query, in milliseconds; undefined for who did not get in. */
export function latencyOf(result: TestResult): number | undefined {
  if (result.kind !== "CONNECTION") return undefined;
  const { connectMs, queryMs } = result;
  return connectMs === undefined || queryMs === undefined ? undefined : connectMs + queryMs;
}

/** The figures of a connection test, grown result by result. */
export class ConnectionFigures {
  readonly #latency = new LatencyHistogram();
  readonly #tally = new VerdictTally();

  add(results: readonly TestResult[]): void {
    this.#tally.add(results);
    for (const result of results) {
      const latencyMs = latencyOf(result);
      if (latencyMs !== undefined) this.#latency.record(latencyMs);
    }
  }

  get tested(): number {
    return this.#tally.tested;
  }

  get counts(): VerdictCounts {
    return this.#tally.counts;
  }

  /** What an event shows; the newest results are named once. @param since this start of the run: seconds, and how many were tested */
  takeDetail(since: { readonly seconds: number; readonly tested: number }): TestRunDetail {
    return { ...this.#tally.takeDetail(since), latency: this.#latency.stats() };
  }

  summary(seconds: number): TestSummary {
    return { ...this.#tally.summary(seconds), latency: this.#latency.stats() };
  }
}
