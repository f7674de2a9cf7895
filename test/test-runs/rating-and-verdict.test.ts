import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultRatingBands, rateLatency, rateRun } from "../../src/test-runs/rating.ts";
import { spreadSample } from "../../src/test-runs/sampling.ts";
import { verdictOfRun } from "../../src/test-runs/verdict.ts";

describe("a rating", () => {
  it("includes the upper end of each band", () => {
    const rated = [0, 25, 25.001, 50, 50.1, 100, 101, 500, 500.1].map((ms) => rateLatency(ms, defaultRatingBands));
    expect(rated).toEqual(["EXCELLENT", "EXCELLENT", "GOOD", "GOOD", "FAIR", "FAIR", "SLOW", "SLOW", "CRITICAL"]);
  });

  it("follows the bands that are configured", () => {
    expect(rateLatency(5, { excellent: 1, good: 2, fair: 3, slow: 4 })).toBe("CRITICAL");
  });

  it("of a run is CRITICAL with errors, follows the p95 without, and is absent when nothing was measured", () => {
    expect(rateRun(3, 1, defaultRatingBands)).toBe("CRITICAL");
    expect(rateRun(30, 0, defaultRatingBands)).toBe("GOOD");
    expect(rateRun(undefined, 0, defaultRatingBands)).toBeUndefined();
  });
});

describe("the verdict of a run", () => {
  it("is FAIL as soon as one failed, whatever else happened", () => {
    expect(verdictOfRun({ passed: 9, failed: 1, inconclusive: 5 }, false)).toBe("FAIL");
  });

  it("is INCONCLUSIVE when something could not be carried out, was cut short, or saw nothing", () => {
    expect(verdictOfRun({ passed: 9, failed: 0, inconclusive: 1 }, true)).toBe("INCONCLUSIVE");
    expect(verdictOfRun({ passed: 9, failed: 0, inconclusive: 0 }, false)).toBe("INCONCLUSIVE");
    expect(verdictOfRun({ passed: 0, failed: 0, inconclusive: 0 }, true)).toBe("INCONCLUSIVE");
  });

  it("is PASS only when everything passed", () => {
    expect(verdictOfRun({ passed: 9, failed: 0, inconclusive: 0 }, true)).toBe("PASS");
  });
});

describe("a sample", () => {
  const list = Array.from({ length: 1_000 }, (_, index) => index);

  it("is the whole list when that is short enough", () => {
    expect(spreadSample(list, 1_000, "seed")).toEqual(list);
    expect(spreadSample(list, undefined, "seed")).toEqual(list);
  });

  it("is the same for the same seed, and another one for another", () => {
    expect(spreadSample(list, 50, "a")).toEqual(spreadSample(list, 50, "a"));
    expect(spreadSample(list, 50, "a")).not.toEqual(spreadSample(list, 50, "b"));
  });

  it("has as many as were wanted, in order, one of each stretch of the list", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.string(),
        (size, wanted, seed) => {
          const items = list.slice(0, size);
          const sample = spreadSample(items, wanted, seed);
          expect(sample).toHaveLength(Math.min(size, wanted));
          expect(new Set(sample).size).toBe(sample.length);
          expect(sample).toEqual([...sample].sort((a, b) => a - b));
          const stretch = size / sample.length;
          for (const [at, item] of sample.entries()) expect(Math.abs(item - at * stretch)).toBeLessThan(stretch + 1);
        },
      ),
    );
  });
});
