import type { LatencyStats } from "../../kit/histogram.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { Rating } from "../../tenants/tenant.ts";
import type { LoadMeasure } from "../load/load-figures.ts";
import { type RatingBands, rateLatency } from "../rating.ts";
import type { DeepTest, PerformanceTestResult, Verdict } from "../test-run.ts";

/** Share of operations that may fail, 0..1: one in a hundred. */
const tolerated = 0.01;

const noLatency: LatencyStats = { count: 0, min: 0, avg: 0, p50: 0, p90: 0, p95: 0, p99: 0, max: 0 };

/** What there is to judge of one tenant. */
export interface TenantLoadSight {
  readonly tenantId: TenantId;
  readonly measure: LoadMeasure;
  /** Seconds that the load took. */
  readonly seconds: number;
  /** Operations that were meant for it. */
  readonly planned: number;
  readonly deepTests: readonly DeepTest[];
  /** What kept the tenant from being measured, or from being tested to the end. */
  readonly trouble?: { readonly code: string; readonly message: string } | undefined;
}

/** By p95; CRITICAL with more errors than are tolerated. @returns undefined where nothing was measured */
export function rateLoad(
  p95Ms: number | undefined,
  load: { readonly operations: number; readonly errors: number },
  bands: RatingBands,
): Rating | undefined {
  if (load.operations === 0 || p95Ms === undefined) return undefined;
  return load.errors > load.operations * tolerated ? "CRITICAL" : rateLatency(p95Ms, bands);
}

/** The result of a tenant: FAIL by what was seen, else INCONCLUSIVE where not all was seen that was meant to be. */
export function judgeTenant(sight: TenantLoadSight, bands: RatingBands): PerformanceTestResult {
  const { tenantId, measure, seconds, deepTests } = sight;
  const { operations, errors, latency } = measure;
  const stats = latency.stats();
  const rating = rateLoad(stats?.p95, measure, bands);
  return {
    kind: "PERFORMANCE",
    tenantId,
    ...verdictOf(sight, rating),
    durationMs: Math.round(seconds * 1_000_000) / 1000,
    operations,
    errors,
    brokenOff: measure.brokenOff,
    operationsPerSecond: seconds > 0 ? Math.round((operations / seconds) * 10) / 10 : 0,
    latency: stats ?? noLatency,
    rating,
    errorsByCode: byFrequency(measure.errorsByCode),
    deepTests,
    seconds,
    histogram: latency.encode(),
  };
}

type Judged = Pick<PerformanceTestResult, "verdict" | "errorCode" | "message">;

function verdictOf(sight: TenantLoadSight, rating: Rating | undefined): Judged {
  const { measure, deepTests, trouble, planned } = sight;
  const { operations, errors } = measure;
  const wrong = deepTests.filter(({ passed }) => !passed);
  const [worst] = byFrequency(measure.errorsByCode);
  if (wrong.length > 0) return judged("FAIL", "DEEP_TEST_FAILED", wrong.map(({ evidence }) => evidence).join(" "));
  if (worst && errors > operations * tolerated) {
    return judged("FAIL", worst.code, `${errors} of ${operations} operations failed, most of them with ${worst.code}.`);
  }
  if (rating === "CRITICAL") {
    const p95 = Math.round(measure.latency.at(95));
    return judged("FAIL", "TOO_SLOW", `One operation in twenty took longer than ${p95} ms.`);
  }
  if (trouble) return judged("INCONCLUSIVE", trouble.code, trouble.message);
  if (operations < planned) {
    const broken = measure.brokenOff === 0 ? "" : `, and ${measure.brokenOff} more were broken off`;
    const done = `${operations} of ${planned} operations were done before the run ended${broken}.`;
    return judged("INCONCLUSIVE", "INCOMPLETE", done);
  }
  return { verdict: "PASS" };
}

function judged(verdict: Verdict, errorCode: string, message: string): Judged {
  return { verdict, errorCode, message };
}

function byFrequency(errors: ReadonlyMap<string, number>): PerformanceTestResult["errorsByCode"] {
  return [...errors]
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}
