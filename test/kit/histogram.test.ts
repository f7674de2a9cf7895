import { build } from "hdr-histogram-js";
import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../src/kit/histogram.ts";

const durations = (count: number) => Array.from({ length: count }, (_, n) => 0.0004 + ((n * 7_919) % 10_007) * 0.37);

function histogramOf(ms: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const one of ms) histogram.record(one);
  return histogram;
}

describe("the latency histogram", () => {
  it("tells the mean that its buckets have", () => {
    const plain = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 });
    for (const ms of durations(500)) plain.recordValue(Math.max(1, Math.round(ms * 1000)));
    expect(histogramOf(durations(500)).stats()?.avg).toBe(plain.mean / 1000);
  });

  it("tells the same from its text, and of several together", () => {
    const whole = histogramOf(durations(900)).stats();
    const first = LatencyHistogram.decode(histogramOf(durations(900).slice(0, 400)).encode());
    first.merge(histogramOf(durations(900).slice(400)));
    expect(first.stats()?.avg).toBe(whole?.avg);
    expect(first.count).toBe(900);
  });

  it("says nothing of nothing", () => {
    expect(new LatencyHistogram().stats()).toBeUndefined();
  });
});
