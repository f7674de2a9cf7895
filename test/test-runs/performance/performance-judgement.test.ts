import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../../src/kit/histogram.ts";
import type { ServerId, TenantId } from "../../../src/kit/ids.ts";
import { compareRuns } from "../../../src/test-runs/comparison/run-comparison.ts";
import { judgeTenant, type TenantLoadSight } from "../../../src/test-runs/performance/performance-judgement.ts";
import {
  type AdviceContext,
  performanceRecommendations,
} from "../../../src/test-runs/performance/performance-recommendations.ts";
import { PerformanceSight } from "../../../src/test-runs/performance/performance-sight.ts";
import { defaultRatingBands } from "../../../src/test-runs/rating.ts";
import type { PerformanceTestResult, TestRun } from "../../../src/test-runs/test-run.ts";
import { aConnectionResult, anId, aTestRun } from "../../support/builders.ts";

/** Latencies from one value on, in even steps. */
function latencies(count: number, fromMs: number, stepMs = 0): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (let n = 0; n < count; n += 1) histogram.record(fromMs + n * stepMs);
  return histogram;
}

function judged(
  latency: LatencyHistogram,
  errors: Readonly<Record<string, number>> = {},
  { brokenOff = 0, ...part }: Partial<TenantLoadSight> & { readonly brokenOff?: number } = {},
): PerformanceTestResult {
  const errorsByCode = new Map(Object.entries(errors));
  const failed = [...errorsByCode.values()].reduce((sum, count) => sum + count, 0);
  const measure = { operations: latency.count, errors: failed, brokenOff, errorsByCode, latency };
  const tenantId = anId<"Tenant">();
  return judgeTenant(
    { tenantId, measure, seconds: 2, planned: latency.count, deepTests: [], ...part },
    defaultRatingBands,
  );
}

describe("the judgement of a tenant under load", () => {
  it("passes what is quick and right", () => {
    expect(judged(latencies(200, 3))).toMatchObject({
      verdict: "PASS",
      rating: "EXCELLENT",
      operations: 200,
      operationsPerSecond: 100,
      durationMs: 2_000,
    });
  });

  it("tolerates one failure in a hundred, and no more", () => {
    expect(judged(latencies(200, 3), { DEADLOCK: 2 })).toMatchObject({ verdict: "PASS", rating: "EXCELLENT" });
    expect(judged(latencies(200, 3), { DEADLOCK: 1, LOCK_TIMEOUT: 2 })).toMatchObject({
      verdict: "FAIL",
      rating: "CRITICAL",
      errorCode: "LOCK_TIMEOUT",
      message: "3 of 200 operations failed, most of them with LOCK_TIMEOUT.",
      errorsByCode: [
        { code: "LOCK_TIMEOUT", count: 2 },
        { code: "DEADLOCK", count: 1 },
      ],
    });
  });

  it("fails what is rated CRITICAL, and what is wrong however quick it is", () => {
    expect(judged(latencies(100, 600))).toMatchObject({ verdict: "FAIL", rating: "CRITICAL", errorCode: "TOO_SLOW" });
    const deepTests = [{ kind: "ROLLBACK", passed: false, evidence: "A row is still there." }] as const;
    expect(judged(latencies(100, 1), {}, { deepTests })).toMatchObject({
      verdict: "FAIL",
      errorCode: "DEEP_TEST_FAILED",
      message: "A row is still there.",
    });
  });

  it("says nothing for certain of what was not measured to the end", () => {
    expect(judged(latencies(50, 1), {}, { planned: 100 })).toMatchObject({
      verdict: "INCONCLUSIVE",
      errorCode: "INCOMPLETE",
      rating: "EXCELLENT",
    });
    const trouble = { code: "UNREACHABLE", message: "The database server did not answer." };
    expect(judged(latencies(0, 1), {}, { trouble })).toMatchObject({
      verdict: "INCONCLUSIVE",
      errorCode: "UNREACHABLE",
      rating: undefined,
      latency: { count: 0, p95: 0 },
    });
  });
});

describe("the sight of a run", () => {
  it("puts the tenants' latencies together exactly", () => {
    const seen = new PerformanceSight([judged(latencies(50, 1, 1)), judged(latencies(50, 51, 1))]);
    const { max, ...rest } = latencies(100, 1, 1).stats() ?? {};
    expect(seen.latency.stats()).toMatchObject(rest);
    expect(seen.latency.stats()?.max).toBeCloseTo(max ?? 0, 0);
    expect(seen.summary()).toMatchObject({
      passed: 2,
      operations: 100,
      operationsPerSecond: 50,
      errors: 0,
      successRate: 1,
    });
  });

  it("is empty without results, and leaves out those of other kinds", () => {
    const seen = new PerformanceSight([aConnectionResult()]);
    expect(seen.summary()).toMatchObject({ operations: 0, successRate: 0, latency: undefined });
  });
});

describe("the advice after a load", () => {
  function advice(results: readonly PerformanceTestResult[], part: Partial<AdviceContext> = {}): readonly string[] {
    const serverId: ServerId = anId<"DatabaseServer">();
    const tenants = new Map<TenantId, { readonly slug: string; readonly serverId: ServerId }>(
      results.map(({ tenantId }, at) => [tenantId, { slug: `tenant-${at}`, serverId }]),
    );
    const { budget } = aTestRun();
    return performanceRecommendations(new PerformanceSight(results), {
      budget,
      bands: defaultRatingBands,
      tenants,
      serverNames: new Map([[serverId, "eu"]]),
      cutShort: undefined,
      baseline: [],
      ...part,
    });
  }

  it("is none when all is well", () => {
    expect(advice([judged(latencies(200, 2)), judged(latencies(200, 3))])).toEqual([]);
  });

  it("names failures with their numbers, the most telling first", () => {
    const all = advice([judged(latencies(100, 2), { DEADLOCK: 3, UNREACHABLE: 1 })]);
    expect(all[0]).toMatch(/^UNREACHABLE: 1 of 100 operations: /);
    expect(all[1]).toMatch(/^DEADLOCK: 3 of 100 operations: /);
  });

  it("tells a slow server from a slow tenant", () => {
    expect(advice([judged(latencies(100, 200)), judged(latencies(100, 220))])).toEqual([
      'Server "eu" is slow for every tenant that was tried: look at its load, disk and network first.',
    ]);
    const quick = [judged(latencies(100, 4)), judged(latencies(100, 4)), judged(latencies(100, 5))];
    expect(advice([...quick, judged(latencies(100, 90))])).toEqual([
      "Much slower than the others, whose p95 is 4.0 ms in the middle: tenant-3 (90 ms).",
    ]);
  });

  it("points out stalls that a p95 hides", () => {
    const latency = latencies(196, 3);
    for (let n = 0; n < 4; n += 1) latency.record(900);
    expect(advice([judged(latency)]).join(" ")).toContain("look for stalls");
  });

  it("says what the plan and the end left out", () => {
    const budget = {
      requestedOperations: 48_000,
      maxOperations: 1_500,
      plannedOperations: 1_500,
      maxConcurrency: 18,
      limitedBy: ["MAX_OPERATIONS", "CONNECTIONS"],
    } as const;
    expect(advice([judged(latencies(100, 2))], { budget, cutShort: "it was cancelled" })).toEqual([
      "No more than 100 of 1500 operations were done because it was cancelled.",
      "48000 operations were asked for; the limit of one run made them 1500.",
      "The connection budget made the users at work at once 18.",
    ]);
    expect(advice([], { budget: { ...budget, limitedBy: [] }, cutShort: "it failed (INTERRUPTED)" })).toEqual([
      "No measurement was kept because it failed (INTERRUPTED).",
    ]);
    const lost = { budget: { ...budget, limitedBy: [] }, cutShort: "it failed (INTERRUPTED)", counted: 28 };
    expect(advice([], lost)).toEqual([
      "No more than 28 of 1500 operations were done because it failed (INTERRUPTED).",
      "The figures are those of its last event; of single tenants none were kept. Retry its job to measure anew.",
    ]);
    const cancelled = judged(latencies(100, 2), {}, { planned: 750, brokenOff: 4 });
    expect(cancelled.message).toBe("100 of 750 operations were done before the run ended, and 4 more were broken off.");
    expect(advice([cancelled], { budget: { ...budget, limitedBy: [] }, cutShort: "it was cancelled" })).toEqual([
      "No more than 100 of 1500 operations were done, and 4 more were sent and broken off because it was cancelled.",
    ]);
  });
});

describe("the comparison of two runs", () => {
  const run = (latency: LatencyHistogram, part: Partial<TestRun["summary"]> = {}) => {
    const summary = { ...aTestRun().summary, operations: latency.count, successRate: 1, ...part };
    return { run: aTestRun({ kind: "PERFORMANCE", verdict: "PASS", summary }), latency };
  };
  const outcomes = (base: ReturnType<typeof run>, head: ReturnType<typeof run>) =>
    Object.fromEntries(compareRuns(base, head).metrics.map(({ metric, outcome }) => [metric, outcome]));

  it("finds two runs of the same thing the same, whatever chance did", () => {
    const base = run(latencies(500, 1, 0.02));
    const head = run(latencies(500, 1.1, 0.0201));
    expect(compareRuns(base, head).outcome).toBe("SAME");
    expect(compareRuns(base, base).metrics.every(({ beyondNoise }) => !beyondNoise)).toBe(true);
  });

  it("finds what became slower, by how much, and that it is beyond noise", () => {
    const comparison = compareRuns(run(latencies(500, 5, 0.01)), run(latencies(500, 20, 0.01)));
    expect(comparison.outcome).toBe("WORSE");
    const p50 = comparison.metrics.find(({ metric }) => metric === "P50");
    expect(p50).toMatchObject({ outcome: "WORSE", beyondNoise: true });
    expect(p50?.change).toBeCloseTo(15, 0);
    expect(p50?.relativeChange).toBeCloseTo(2, 0);
    expect(compareRuns(run(latencies(500, 20, 0.01)), run(latencies(500, 5, 0.01))).outcome).toBe("BETTER");
  });

  it("does not trust a tail that few operations made", () => {
    const base = latencies(60, 5, 0.01);
    const head = latencies(59, 5, 0.01);
    head.record(400);
    expect(outcomes(run(base), run(head))).toMatchObject({ P50: "SAME", P99: "SAME" });
  });

  it("says of no percentile what too few operations cannot show", () => {
    const compared = (count: number) => outcomes(run(latencies(count, 5, 0.01)), run(latencies(count, 300, 0.01)));
    expect(compared(1)).toMatchObject({ P50: "SAME", P90: "SAME", P95: "SAME", P99: "SAME" });
    expect(compared(100)).toMatchObject({ P50: "WORSE", P90: "WORSE", P95: "SAME", P99: "SAME" });
    expect(compared(700)).toMatchObject({ P50: "WORSE", P90: "WORSE", P95: "WORSE", P99: "WORSE" });
  });

  it("tells a success rate that fell from one that chance moved", () => {
    const latency = latencies(1_000, 5);
    expect(outcomes(run(latency), run(latency, { successRate: 0.999 }))).toMatchObject({ SUCCESS_RATE: "SAME" });
    expect(outcomes(run(latency), run(latency, { successRate: 0.95 }))).toMatchObject({ SUCCESS_RATE: "WORSE" });
  });

  it("compares throughput only of runs with the same plan", () => {
    const [base, head] = [
      run(latencies(10, 5), { operationsPerSecond: 100 }),
      run(latencies(10, 5), { operationsPerSecond: 50 }),
    ];
    expect(outcomes(base, head)).toMatchObject({ OPERATIONS_PER_SECOND: "WORSE" });
    const other = { ...head, run: { ...head.run, budget: { ...head.run.budget, plannedOperations: 99 } } };
    expect(outcomes(base, other)).not.toHaveProperty("OPERATIONS_PER_SECOND");
  });
});
