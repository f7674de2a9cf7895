import { describe, expect, it } from "vitest";
import type { JobError } from "../../src/jobs/job.ts";
import { type IsOver, patiently } from "../../src/jobs/patience.ts";
import { takenBack } from "../../src/jobs/taken-back.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { DomainError } from "../../src/kit/domain-error.ts";

class ServerGone extends DomainError {
  readonly code = "UNREACHABLE";
  override readonly retryable = true;
}

/** Whoever sleeps by it wakes at once, later. */
function quickClock() {
  let ms = 0;
  const sleep = async (pauseMs: number) => {
    ms += pauseMs;
  };
  return { ...systemClock, now: systemClock.now, monotonicMs: () => ms, sleep };
}

/** Takes back what a job did whose server is gone for some tries. */
function abandoning(goneFor: number) {
  const patience = { clock: quickClock(), signal: new AbortController().signal };
  const told: string[] = [];
  const abandon = (error: JobError, isOver?: IsOver) =>
    patiently(
      async () => {
        told.push(error.code);
        if (error.code === "CANCELLED" && told.length <= goneFor) throw new ServerGone("The server does not answer.");
      },
      { ...patience, isOver },
    );
  return { patience, told, abandon };
}

describe("what a cancelled job has begun", () => {
  it("is taken back when its server comes back within minutes", async () => {
    const { patience, told, abandon } = abandoning(20);
    expect(await takenBack({ how: "CANCELLED" }, abandon, patience)).toEqual({ how: "CANCELLED" });
    expect(told).toHaveLength(21);
  });

  it("is given up as that of a failed one when it does not, and the job says what was in the way", async () => {
    const { patience, told, abandon } = abandoning(Number.POSITIVE_INFINITY);
    const ending = await takenBack({ how: "CANCELLED" }, abandon, patience);
    expect(ending).toMatchObject({ how: "FAILED", error: { code: "UNREACHABLE", retryable: false } });
    expect(told.at(-1)).toBe("UNREACHABLE");
    expect(patience.clock.monotonicMs()).toBeLessThan(310_000);
  });
});
