import { LatencyHistogram } from "../../kit/histogram.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { TestResult, TestRunDetail, TestSummary } from "../test-run.ts";

/** Newest results that an event names, at most. */
const latestLength = 20;

/** Connect plus first query, in milliseconds; undefined for who did not get in. */
export function latencyOf(result: TestResult): number | undefined {
  if (result.kind !== "CONNECTION") return undefined;
  const { connectMs, queryMs } = result;
  return connectMs === undefined || queryMs === undefined ? undefined : connectMs + queryMs;
}

/** The figures of a connection test, grown result by result. An operation is a tenant that was tried. */
export class ConnectionFigures {
  readonly #latency = new LatencyHistogram();
  readonly #counts = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
  #latest: TenantId[] = [];

  add(results: readonly TestResult[]): void {
    for (const result of results) {
      this.#counts[result.verdict] += 1;
      const latencyMs = latencyOf(result);
      if (latencyMs !== undefined) this.#latency.record(latencyMs);
      this.#latest.push(result.tenantId);
    }
    this.#latest = this.#latest.slice(-latestLength);
  }

  get tested(): number {
    return this.#counts.PASS + this.#counts.FAIL + this.#counts.INCONCLUSIVE;
  }

  get counts(): { readonly passed: number; readonly failed: number; readonly inconclusive: number } {
    return { passed: this.#counts.PASS, failed: this.#counts.FAIL, inconclusive: this.#counts.INCONCLUSIVE };
  }

  /** What an event shows; the newest results are named once. @param seconds since this start of the run, and `tested` how many since then */
  takeDetail(since: { readonly seconds: number; readonly tested: number }): TestRunDetail {
    const latest = this.#latest;
    this.#latest = [];
    return {
      operations: this.tested,
      operationsPerSecond: perSecond(since.tested, since.seconds),
      errors: this.#counts.FAIL,
      latency: this.#latency.stats(),
      latest,
    };
  }

  summary(seconds: number): TestSummary {
    return {
      ...this.counts,
      successRate: this.tested === 0 ? 0 : this.#counts.PASS / this.tested,
      operations: this.tested,
      operationsPerSecond: perSecond(this.tested, seconds),
      errors: this.#counts.FAIL,
      latency: this.#latency.stats(),
    };
  }
}

function perSecond(operations: number, seconds: number): number | undefined {
  return seconds > 0.05 ? Math.round((operations / seconds) * 10) / 10 : undefined;
}
