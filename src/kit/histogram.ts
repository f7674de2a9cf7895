import { build, type Histogram } from "hdr-histogram-js";

/** Milliseconds. */
export interface LatencyStats {
  readonly count: number;
  readonly min: number;
  readonly avg: number;
  readonly p50: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

/** HDR histogram of durations: microseconds inside, three significant digits, up to one hour. */
export class LatencyHistogram {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000,
    numberOfSignificantValueDigits: 3,
  });

  record(ms: number): void {
    this.#histogram.recordValue(Math.min(3_600_000_000, Math.max(1, Math.round(ms * 1000))));
  }

  /** @returns undefined when nothing was recorded */
  stats(): LatencyStats | undefined {
    const h = this.#histogram;
    if (h.totalCount === 0) return undefined;
    const at = (percentile: number) => h.getValueAtPercentile(percentile) / 1000;
    return {
      count: h.totalCount,
      min: h.minNonZeroValue / 1000,
      avg: h.mean / 1000,
      p50: at(50),
      p90: at(90),
      p95: at(95),
      p99: at(99),
      max: h.maxValue / 1000,
    };
  }
}
