import { describe, expect, it } from "vitest";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { ResultWriter } from "../../src/test-runs/result-writer.ts";
import type { TestResult } from "../../src/test-runs/test-run.ts";
import { ManualClock, settle } from "../jobs/manual-clock.ts";

const aResult = (): TestResult => {
  return { kind: "CONNECTION", tenantId: uuidv7Ids.next(), verdict: "PASS", durationMs: 1, attempts: 1 };
};

describe("the result writer", () => {
  it("gathers results for a moment and writes them together", async () => {
    const clock = new ManualClock();
    const batches: number[] = [];
    const writer = new ResultWriter(async (results) => void batches.push(results.length), clock);
    for (let n = 0; n < 30; n += 1) await writer.add(aResult());
    await settle();
    expect(batches).toEqual([]);
    await clock.advance(100);
    expect(batches).toEqual([30]);
  });

  it("does not wait when a batch is full", async () => {
    const batches: number[] = [];
    const writer = new ResultWriter(async (results) => void batches.push(results.length), new ManualClock());
    for (let n = 0; n < 450; n += 1) await writer.add(aResult());
    await settle();
    expect(batches).toEqual([200, 200]);
    await writer.close();
    expect(batches).toEqual([200, 200, 50]);
  });

  it("makes whoever brings more wait while the registry is slow", async () => {
    let letGo: () => void = () => undefined;
    const slow = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const writer = new ResultWriter(() => slow, new ManualClock(), { gatherMs: 100, batch: 2, bound: 4 });
    for (let n = 0; n < 5; n += 1) await writer.add(aResult());
    await settle();
    let added = false;
    const adding = writer.add(aResult()).then(() => {
      added = true;
    });
    await settle();
    expect(added).toBe(false);
    letGo();
    await writer.close();
    await adding;
    expect(added).toBe(true);
  });

  it("tells the next one who comes, and who closes it, what a write threw", async () => {
    const writer = new ResultWriter(() => Promise.reject(new RangeError("no")), new ManualClock());
    await writer.add(aResult());
    await expect(writer.close()).rejects.toThrow("no");
    await expect(writer.add(aResult())).rejects.toThrow("no");
  });

  it("writes what is left at its end without waiting", async () => {
    const batches: number[] = [];
    const writer = new ResultWriter(async (results) => void batches.push(results.length), new ManualClock());
    await writer.add(aResult());
    await writer.close();
    expect(batches).toEqual([1]);
  });
});
