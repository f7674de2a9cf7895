import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from "hdr-histogram-js";

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

/** One hour, in microseconds. */
const highest = 3_600_000_000;

/** HDR histogram of durations: microseconds inside, three significant digits, up to one hour. */
export class LatencyHistogram {
  readonly #histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: highest,
    numberOfSignificantValueDigits: 3,
  });

  /** Of what was recorded, each as the middle of its bucket: the histogram's own mean walks over all of them. */
  #sum = 0;

  /** What {@link encode} made, to three digits. @throws when it did not */
  static decode(text: string): LatencyHistogram {
    const histogram = new LatencyHistogram();
    const decoded = decodeFromCompressedBase64(text);
    histogram.#histogram.add(decoded);
    histogram.#sum = Math.round(decoded.mean * decoded.totalCount);
    return histogram;
  }

  get count(): number {
    return this.#histogram.totalCount;
  }

  record(ms: number): void {
    const micros = Math.min(highest, Math.max(1, Math.round(ms * 1000)));
    this.#histogram.recordValue(micros);
    this.#sum += middleOf(this.#histogram, micros);
  }

  /** Takes in all that another one recorded. */
  merge(other: LatencyHistogram): void {
    this.#histogram.add(other.#histogram);
    this.#sum += other.#sum;
  }

  /** Milliseconds; 0 when nothing was recorded. @param percentile 0..100 */
  at(percentile: number): number {
    // A percentile is the upper end of its bucket, which may lie above the greatest value that was recorded.
    return Math.min(this.#histogram.getValueAtPercentile(percentile), this.#histogram.maxValue) / 1000;
  }

  /** The whole histogram as text, a few hundred characters long. */
  encode(): string {
    return encodeIntoCompressedBase64(this.#histogram);
  }

  /** @returns undefined when nothing was recorded */
  stats(): LatencyStats | undefined {
    const h = this.#histogram;
    if (h.totalCount === 0) return undefined;
    return {
      count: h.totalCount,
      min: h.minNonZeroValue / 1000,
      avg: this.#sum / h.totalCount / 1000,
      p50: this.at(50),
      p90: this.at(90),
      p95: this.at(95),
      p99: this.at(99),
      max: h.maxValue / 1000,
    };
  }
}

/** Of the bucket that the value falls into. */
function middleOf(histogram: Histogram, value: number): number {
  return "medianEquivalentValue" in histogram && typeof histogram.medianEquivalentValue === "function"
    ? histogram.medianEquivalentValue(value)
    : value;
}
