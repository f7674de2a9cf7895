import type { LatencyHistogram } from "../../kit/histogram.ts";
import type { TestRun } from "../test-run.ts";

export const comparedMetrics = ["P50", "P90", "P95", "P99", "SUCCESS_RATE", "OPERATIONS_PER_SECOND"] as const;
export type ComparedMetric = (typeof comparedMetrics)[number];

export const comparisonOutcomes = ["BETTER", "SAME", "WORSE"] as const;
/** SAME: no difference that could not be chance. */
export type ComparisonOutcome = (typeof comparisonOutcomes)[number];

/** One metric of two runs. Latencies in milliseconds, rates 0..1, operations per second. */
export interface MetricComparison {
  readonly metric: ComparedMetric;
  readonly base: number;
  readonly head: number;
  /** head minus base. */
  readonly change: number;
  /** The same as a share of the base; absent where the base is 0. */
  readonly relativeChange?: number | undefined;
  readonly outcome: ComparisonOutcome;
  /** Whether the change is greater than what two runs of the same thing differ by. */
  readonly beyondNoise: boolean;
}

/** Two runs beside each other. */
export interface RunComparison {
  readonly base: TestRun;
  readonly head: TestRun;
  readonly metrics: readonly MetricComparison[];
  /** WORSE if any metric is, else BETTER if any is, else SAME. */
  readonly outcome: ComparisonOutcome;
}

/** A run and the latencies that were measured in it. */
export interface ComparedRun {
  readonly run: TestRun;
  readonly latency: LatencyHistogram;
}

/** Quantiles of the normal distribution for 99 %: six metrics are compared at once, and one false alarm in a hundred looks is enough. */
const z = 2.576;
/** Differences below these are of no interest even when they are real: a share, and milliseconds. */
const least = { share: 0.1, ms: 0.5 } as const;

const percentiles = { P50: 50, P90: 90, P95: 95, P99: 99 } as const;

/** What became better, worse or stayed the same from the one run to the other. */
export function compareRuns(base: ComparedRun, head: ComparedRun): RunComparison {
  const metrics = [
    ...(["P50", "P90", "P95", "P99"] as const).flatMap((metric) =>
      comparePercentile(metric, base.latency, head.latency),
    ),
    ...compareSuccess(base.run, head.run),
    ...compareThroughput(base.run, head.run),
  ];
  const has = (outcome: ComparisonOutcome) => metrics.some((metric) => metric.outcome === outcome);
  const outcome = has("WORSE") ? "WORSE" : has("BETTER") ? "BETTER" : "SAME";
  return { base: base.run, head: head.run, metrics, outcome };
}

/** Without assumptions about how latencies are distributed: the intervals in which the true percentiles lie must not meet. */
function comparePercentile(
  metric: keyof typeof percentiles,
  base: LatencyHistogram,
  head: LatencyHistogram,
): readonly MetricComparison[] {
  if (base.count === 0 || head.count === 0) return [];
  const of = (histogram: LatencyHistogram) => intervalOf(histogram, percentiles[metric]);
  const [was, is] = [of(base), of(head)];
  const apart = was.high < is.low || is.high < was.low;
  const change = is.value - was.value;
  const matters = Math.abs(change) >= Math.max(least.ms, least.share * was.value);
  return [compared(metric, was.value, is.value, apart && matters, "LESS_IS_BETTER")];
}

/** Where too few were measured to see beyond an end of what was, there is no bound on that side. */
function intervalOf(histogram: LatencyHistogram, percentile: number) {
  const share = percentile / 100;
  const spread = 100 * z * Math.sqrt((share * (1 - share)) / histogram.count);
  const [from, to] = [percentile - spread, percentile + spread];
  return {
    value: histogram.at(percentile),
    low: from < 0 ? 0 : histogram.at(from),
    high: to > 100 ? Number.POSITIVE_INFINITY : histogram.at(to),
  };
}

/** Two shares differ when their difference is too great for chance (two-proportion z-test). */
function compareSuccess(base: TestRun, head: TestRun): readonly MetricComparison[] {
  const size = ({ summary, kind }: TestRun) =>
    kind === "PERFORMANCE" ? summary.operations : summary.passed + summary.failed + summary.inconclusive;
  const [before, after] = [size(base), size(head)];
  if (before === 0 || after === 0) return [];
  const [was, is] = [base.summary.successRate, head.summary.successRate];
  const pooled = (was * before + is * after) / (before + after);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / before + 1 / after));
  return [compared("SUCCESS_RATE", was, is, deviation > 0 && Math.abs(is - was) > z * deviation, "MORE_IS_BETTER")];
}

/** An open load's rate is its plan's, so that runs with other plans say nothing here. */
function compareThroughput(base: TestRun, head: TestRun): readonly MetricComparison[] {
  const { operationsPerSecond: was } = base.summary;
  const { operationsPerSecond: is } = head.summary;
  if (was === undefined || is === undefined || !samePlan(base, head)) return [];
  return [compared("OPERATIONS_PER_SECOND", was, is, Math.abs(is - was) > least.share * was, "MORE_IS_BETTER")];
}

function samePlan(base: TestRun, head: TestRun): boolean {
  const seconds = ({ options }: TestRun) => options.durationSeconds;
  return base.budget.plannedOperations === head.budget.plannedOperations && seconds(base) === seconds(head);
}

function compared(
  metric: ComparedMetric,
  base: number,
  head: number,
  beyondNoise: boolean,
  sense: "LESS_IS_BETTER" | "MORE_IS_BETTER",
): MetricComparison {
  const change = head - base;
  const better = sense === "LESS_IS_BETTER" ? change < 0 : change > 0;
  const outcome = beyondNoise ? (better ? "BETTER" : "WORSE") : "SAME";
  return { metric, base, head, change, relativeChange: base === 0 ? undefined : change / base, outcome, beyondNoise };
}
