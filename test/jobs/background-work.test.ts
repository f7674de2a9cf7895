import { describe, expect, it } from "vitest";
import { forEachBounded, QueueTimeout } from "../../src/kit/concurrency.ts";
import { DeadlineExceeded, withDeadline } from "../../src/kit/deadline.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { Loop } from "../../src/kit/loop.ts";
import { ManualClock, settle } from "./manual-clock.ts";
import { gate, go } from "./workshop.ts";

describe("bounded work", () => {
  it("leaves nothing running when the source of items fails", async () => {
    const finish = gate();
    const ended: number[] = [];
    async function* items() {
      yield 1;
      yield 2;
      throw new RangeError("no more");
    }
    const work = forEachBounded(items(), 8, go, async (item) => {
      await finish.opened;
      ended.push(item);
    });
    let over = false;
    const watched = work.finally(() => {
      over = true;
    });
    watched.catch(() => undefined);
    await settle();
    expect(over).toBe(false);
    finish.open();
    await expect(watched).rejects.toThrow("no more");
    expect(ended).toEqual([1, 2]);
  });

  it("stops taking items after a failure, and says what failed when the others have ended", async () => {
    const begun: number[] = [];
    const work = forEachBounded([1, 2, 3, 4, 5], 2, go, async (item) => {
      begun.push(item);
      if (item === 2) throw new RangeError("two");
      await settle();
    });
    await expect(work).rejects.toThrow("two");
    expect(begun).toEqual([1, 2]);
  });
});

describe("a deadline", () => {
  it("ends the waiting for work that ignores its signal", async () => {
    await expect(withDeadline("Nothing", 1, undefined, () => new Promise(() => undefined))).rejects.toThrow(
      DeadlineExceeded,
    );
  });

  it("hears an abort that the work itself brings about before it first waits", async () => {
    const outer = new AbortController();
    const work = withDeadline("Work", 60_000, outer.signal, () => {
      outer.abort(new RangeError("enough"));
      return new Promise(() => undefined);
    });
    await expect(work).rejects.toThrow("enough");
  });
});

describe("a loop", () => {
  it("turns again after a pause, after a wake, and after a failure; what heals itself is no error", async () => {
    const clock = new ManualClock();
    const told: string[] = [];
    const logger = { ...silentLogger, warn: () => told.push("warn"), error: () => told.push("error") };
    let turns = 0;
    const turn = async () => {
      turns += 1;
      if (turns === 2) throw new QueueTimeout("The registry is away.");
      if (turns === 3) throw new TypeError("a bug");
    };
    const loop = new Loop("test", turn, () => 1_000, clock, logger);
    loop.start();
    await settle();
    expect(turns).toBe(1);
    await clock.advance(1_000);
    expect(turns).toBe(2);
    loop.wake();
    await settle();
    expect(turns).toBe(3);
    expect(told).toEqual(["warn", "error"]);
    await loop.stop();
    await clock.advance(10_000);
    expect(turns).toBe(3);
    expect(clock.sleepers).toBe(0);
  });
});
