import { beforeEach, describe, expect, it } from "vitest";
import { noProgress, type Progress } from "../../src/jobs/job.ts";
import type { ProgressUpdate } from "../../src/jobs/job-handler.ts";
import { type JobStep, LeaseLost } from "../../src/jobs/job-store.ts";
import { ProgressReporter } from "../../src/jobs/progress-reporter.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { ManualClock, settle } from "./manual-clock.ts";

interface Row extends JobStep {
  readonly atMs: number;
}

let clock: ManualClock;
let rows: Row[];
let failWith: Error | undefined;

beforeEach(() => {
  clock = new ManualClock();
  rows = [];
  failWith = undefined;
});

function reporterFrom(start: Progress = noProgress): ProgressReporter {
  const write = async (step: JobStep) => {
    if (failWith) throw failWith;
    rows.push({ ...step, atMs: clock.monotonicMs() });
  };
  return new ProgressReporter(start, write, clock, silentLogger);
}

function update(done: number, more: Partial<ProgressUpdate> = {}): ProgressUpdate {
  return { phase: "testing", total: 1_000, done, failed: 0, skipped: 0, message: `${done} done`, ...more };
}

describe("the progress reporter", () => {
  it("writes the first state at once", async () => {
    reporterFrom().report(update(1));
    await settle();
    expect(rows).toMatchObject([{ atMs: 0, message: "1 done", progress: { done: 1, total: 1_000, percent: 0.1 } }]);
  });

  it("writes at most seven rows in any second, which leaves room for start and end within ten, the newest state each time", async () => {
    const reporter = reporterFrom();
    for (let done = 1; done <= 1_000; done += 1) {
      reporter.report(update(done));
      await clock.advance(5);
    }
    const flushed = reporter.flush();
    await clock.advance(1_000);
    await flushed;
    expect(rows.at(-1)).toMatchObject({ message: "1000 done" });
    for (const row of rows) {
      const withinASecond = rows.filter(({ atMs }) => atMs >= row.atMs && atMs < row.atMs + 1_000);
      expect(withinASecond.length).toBeLessThanOrEqual(7);
    }
    expect(rows.length).toBeGreaterThan(25);
  });

  it("has at most one write under way and one state waiting while the registry is slow", async () => {
    const gates: (() => void)[] = [];
    const written: string[] = [];
    const reporter = new ProgressReporter(
      noProgress,
      (step) =>
        new Promise((resolve) => {
          written.push(step.message);
          gates.push(resolve);
        }),
      clock,
      silentLogger,
    );
    reporter.report(update(1));
    await settle();
    for (let done = 2; done <= 100; done += 1) reporter.report(update(done));
    await clock.advance(10_000);
    expect(written).toEqual(["1 done"]);
    gates[0]?.();
    await clock.advance(1_000);
    expect(written).toEqual(["1 done", "100 done"]);
  });

  it("keeps the percent from falling, over phases and over restarts, and below 100", async () => {
    const reporter = reporterFrom({ ...noProgress, percent: 40 });
    reporter.report(update(100));
    expect(reporter.progress.percent).toBe(40);
    reporter.report(update(800));
    expect(reporter.progress.percent).toBe(80);
    reporter.report(update(0, { phase: "verifying", total: 10 }));
    expect(reporter.progress.percent).toBe(80);
    reporter.report(update(10, { phase: "verifying", total: 10 }));
    expect(reporter.progress.percent).toBe(99.9);
  });

  it("works out the rate from the last seconds, and what remains from the rate", async () => {
    const reporter = reporterFrom();
    for (let second = 0; second <= 30; second += 1) {
      reporter.report(update(second < 20 ? second * 10 : 200 + (second - 20) * 40));
      await clock.advance(1_000);
    }
    // The window is ten seconds: of the slow beginning nothing is left.
    reporter.report(update(640));
    expect(reporter.progress.ratePerSecond).toBeGreaterThan(38);
    expect(reporter.progress.ratePerSecond).toBeLessThanOrEqual(40);
    expect(reporter.progress.etaSeconds).toBeCloseTo(360 / (reporter.progress.ratePerSecond ?? 1), 0);
  });

  it("counts only what this start did when a job is taken up again", async () => {
    const reporter = reporterFrom({ ...noProgress, percent: 50 });
    reporter.report(update(500));
    await clock.advance(1_000);
    reporter.report(update(510));
    expect(reporter.progress.ratePerSecond).toBe(10);
    expect(reporter.progress.etaSeconds).toBe(49);
  });

  it("asks for the detail when it writes, so that nothing between two events is left out", async () => {
    const reporter = reporterFrom();
    let came: number[] = [];
    const takeDetail = () => {
      const taken = came;
      came = [];
      return taken;
    };
    for (let done = 1; done <= 5; done += 1) {
      came.push(done);
      reporter.report(update(done, { takeDetail }));
    }
    await clock.advance(1_000);
    expect(rows.flatMap(({ detail }) => detail)).toEqual([1, 2, 3, 4, 5]);
  });

  it("outlives a detail that cannot be taken", async () => {
    const reporter = reporterFrom();
    const takeDetail = () => {
      throw new TypeError("a bug of the handler");
    };
    reporter.report(update(1, { takeDetail }));
    await clock.advance(200);
    reporter.report(update(2));
    await clock.advance(200);
    expect(rows.map(({ message }) => message)).toEqual(["2 done"]);
  });

  it("tries again after trouble of the registry, with the newest state", async () => {
    const reporter = reporterFrom();
    failWith = new QueueTimeout("The registry is away.");
    reporter.report(update(1));
    await clock.advance(500);
    reporter.report(update(2));
    failWith = undefined;
    await clock.advance(1_000);
    expect(rows.map(({ message }) => message)).toEqual(["2 done"]);
  });

  it("writes nothing more once the lease is lost, and says so to who waits", async () => {
    const reporter = reporterFrom();
    failWith = new LeaseLost("Lost.");
    reporter.report(update(1));
    await expect(reporter.flush()).rejects.toThrow(LeaseLost);
    failWith = undefined;
    reporter.report(update(2));
    await clock.advance(5_000);
    expect(rows).toEqual([]);
  });

  it("drops what is waiting when it is closed, and waits for the write under way", async () => {
    const reporter = reporterFrom();
    reporter.report(update(1));
    await settle();
    reporter.report(update(2));
    await reporter.close();
    await clock.advance(5_000);
    expect(rows).toHaveLength(1);
    expect(reporter.progress.done).toBe(2);
  });

  it("never says that more was done than there is", () => {
    const reporter = reporterFrom();
    reporter.report(update(5, { total: 3 }));
    expect(reporter.progress).toMatchObject({ total: 5, done: 5 });
  });
});
