import { describe, expect, it } from "vitest";
import { endingOfError } from "../../src/jobs/job-ending.ts";
import { defaultRetryPolicy, isLastAttempt, retryDelayMs } from "../../src/jobs/retry-policy.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { InvalidState, NotFound } from "../../src/kit/domain-error.ts";

describe("the retry policy", () => {
  it("doubles the pause up to a limit, and spreads it over the upper half of each step", () => {
    const policy = { ...defaultRetryPolicy, firstDelayMs: 1_000, maxDelayMs: 20_000 };
    expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => retryDelayMs(policy, attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
    expect([1, 5, 60].map((attempt) => retryDelayMs(policy, attempt, 0))).toEqual([500, 8_000, 10_000]);
  });

  it("never pauses longer than a recovery may take", () => {
    expect(retryDelayMs(defaultRetryPolicy, 1_000, 1)).toBeLessThan(30_000);
  });

  it("lets a handler say how many attempts its trouble is worth", () => {
    expect(isLastAttempt({ ...defaultRetryPolicy, maxAttempts: 8 }, 7, undefined)).toBe(false);
    expect(isLastAttempt({ ...defaultRetryPolicy, maxAttempts: 8 }, 8, undefined)).toBe(true);
    expect(isLastAttempt({ ...defaultRetryPolicy, maxAttempts: 8 }, 2, 2)).toBe(true);
  });
});

describe("what becomes of a job whose handler threw", () => {
  const by = { policy: { ...defaultRetryPolicy, maxAttempts: 3 }, random: () => 1 };

  it("goes back into the queue after trouble that may pass", () => {
    const ending = endingOfError(new QueueTimeout("Waited."), 1, undefined, by);
    expect(ending).toEqual({
      how: "AGAIN",
      delayMs: 2_000,
      counted: true,
      message: "Will be tried again in 2 s. Waited.",
    });
  });

  it("fails with the trouble's code once the attempts are used up", () => {
    const ending = endingOfError(new QueueTimeout("Waited."), 2, undefined, by);
    expect(ending).toEqual({
      how: "FAILED",
      error: { code: "QUEUE_TIMEOUT", message: "Waited.", retryable: true },
    });
  });

  it("fails at once after a refusal", () => {
    expect(endingOfError(new NotFound("Gone."), 0, undefined, by)).toMatchObject({
      how: "FAILED",
      error: { code: "NOT_FOUND", retryable: false },
    });
    expect(endingOfError(new InvalidState("No."), 0, undefined, by)).toMatchObject({ how: "FAILED" });
  });

  it("shows nothing of a bug", () => {
    const ending = endingOfError(new TypeError("SELECT * FROM secrets"), 0, undefined, by);
    expect(ending).toMatchObject({ how: "FAILED", error: { code: "INTERNAL" } });
    expect(JSON.stringify(ending)).not.toContain("secrets");
  });
});
