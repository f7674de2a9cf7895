import { assertNever } from "../kit/assert-never.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { JobError, Progress } from "./job.ts";
import type { JobHandler, JobOutcome } from "./job-handler.ts";
import type { HandBack, JobEnd } from "./job-store.ts";
import { isLastAttempt, type RetryPolicy, retryDelayMs } from "./retry-policy.ts";

/** How one start of a job went out. DONE, FAILED and CANCELLED end the job, AGAIN sends it back into the queue, LOST writes nothing. */
export type Ending =
  | { readonly how: "DONE"; readonly outcome: JobOutcome }
  | { readonly how: "FAILED"; readonly error: JobError }
  | { readonly how: "CANCELLED" }
  | ({ readonly how: "AGAIN"; readonly message: string } & HandBack)
  | { readonly how: "LOST" };

/**
 * What becomes of a job whose handler threw: trouble that may pass is retried until the cap, everything else ends it.
 * @param failuresBefore how often in a row it met trouble without getting on
 */
export function endingOfError(
  error: unknown,
  failuresBefore: number,
  handler: Pick<JobHandler, "maxAttempts"> | undefined,
  by: { readonly policy: RetryPolicy; readonly random: () => number },
): Ending {
  if (!(error instanceof DomainError)) {
    return { how: "FAILED", error: { code: "INTERNAL", message: "An internal error ended the job.", retryable: true } };
  }
  if (!error.retryable || isLastAttempt(by.policy, failuresBefore + 1, handler?.maxAttempts)) {
    return { how: "FAILED", error: { code: error.code, message: error.message, retryable: error.retryable } };
  }
  const delayMs = retryDelayMs(by.policy, failuresBefore + 1, by.random());
  const seconds = Math.max(1, Math.round(delayMs / 1000));
  return { how: "AGAIN", delayMs, counted: true, message: `Will be tried again in ${seconds} s. ${error.message}` };
}

/** The final event of a job. Only work that came to its own end reaches 100 percent. */
export function endOf(
  ending: Extract<Ending, { how: "DONE" | "FAILED" | "CANCELLED" }>,
  last: { readonly progress: Progress },
): JobEnd {
  const still = { ...last.progress, ratePerSecond: undefined, etaSeconds: undefined };
  switch (ending.how) {
    case "DONE": {
      const { status, message, detail } = ending.outcome;
      const progress = { ...still, phase: status === "SUCCEEDED" ? "done" : "failed", percent: 100, etaSeconds: 0 };
      const error = ending.outcome.status === "FAILED" ? ending.outcome.error : undefined;
      return { status, progress, message, detail, error };
    }
    case "FAILED":
      return {
        status: "FAILED",
        progress: { ...still, phase: "failed" },
        message: ending.error.message,
        error: ending.error,
      };
    case "CANCELLED":
      return { status: "CANCELLED", progress: { ...still, phase: "cancelled" }, message: "Cancelled." };
    default:
      return assertNever(ending);
  }
}
