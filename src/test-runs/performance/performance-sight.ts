import { LatencyHistogram } from "../../kit/histogram.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { PerformanceTestResult, TestResult, TestSummary } from "../test-run.ts";

/** A run as its stored results show it. */
export class PerformanceSight {
  readonly results: readonly PerformanceTestResult[];
  readonly latency = new LatencyHistogram();
  readonly operations: number;
  readonly errors: number;
  /** Beside the operations: sent, and broken off with the run. */
  readonly brokenOff: number;

  /** Results of other kinds are left out. */
  constructor(results: readonly TestResult[]) {
    this.results = results.filter((result) => result.kind === "PERFORMANCE");
    for (const { histogram, operations } of this.results) {
      if (operations > 0) this.latency.merge(LatencyHistogram.decode(histogram));
    }
    this.operations = sum(this.results, ({ operations }) => operations);
    this.errors = sum(this.results, ({ errors }) => errors);
    this.brokenOff = sum(this.results, ({ brokenOff = 0 }) => brokenOff);
  }

  get counts(): { readonly passed: number; readonly failed: number; readonly inconclusive: number } {
    const of = (verdict: TestResult["verdict"]) => this.results.filter((result) => result.verdict === verdict).length;
    return { passed: of("PASS"), failed: of("FAIL"), inconclusive: of("INCONCLUSIVE") };
  }

  get tenantIds(): readonly TenantId[] {
    return this.results.map(({ tenantId }) => tenantId);
  }

  summary(): TestSummary {
    const seconds = Math.max(0, ...this.results.map((result) => result.seconds));
    const { operations, errors } = this;
    return {
      ...this.counts,
      successRate: operations === 0 ? 0 : (operations - errors) / operations,
      operations,
      operationsPerSecond: seconds > 0.05 ? Math.round((operations / seconds) * 10) / 10 : undefined,
      errors,
      latency: this.latency.stats(),
    };
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
