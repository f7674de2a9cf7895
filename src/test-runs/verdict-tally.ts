import type { TenantId } from "../kit/ids.ts";
import type { TestResult, TestRunDetail, TestSummary } from "./test-run.ts";
import type { VerdictCounts } from "./test-run-store.ts";

/** Newest results that an event names, at most. */
const latestLength = 20;

/** How a run over tenants stands, grown result by result. An operation is a tenant that was tried. */
export class VerdictTally {
  readonly #counts = { PASS: 0, FAIL: 0, INCONCLUSIVE: 0 };
  #latest: TenantId[] = [];

  add(results: readonly Pick<TestResult, "tenantId" | "verdict">[]): void {
    for (const { verdict, tenantId } of results) {
      this.#counts[verdict] += 1;
      this.#latest.push(tenantId);
    }
    this.#latest = this.#latest.slice(-latestLength);
  }

  get tested(): number {
    return this.#counts.PASS + this.#counts.FAIL + this.#counts.INCONCLUSIVE;
  }

  get counts(): VerdictCounts {
    return { passed: this.#counts.PASS, failed: this.#counts.FAIL, inconclusive: this.#counts.INCONCLUSIVE };
  }

  /** What an event shows; the newest results are named once. @param since this start of the run: seconds, and how many were tested */
  takeDetail(since: { readonly seconds: number; readonly tested: number }): TestRunDetail {
    const latest = this.#latest;
    this.#latest = [];
    return {
      operations: this.tested,
      operationsPerSecond: perSecond(since.tested, since.seconds),
      errors: this.#counts.FAIL,
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
    };
  }
}

function perSecond(operations: number, seconds: number): number | undefined {
  return seconds > 0.05 ? Math.round((operations / seconds) * 10) / 10 : undefined;
}
