import type { JobError } from "./job.ts";
import type { Ending } from "./job-ending.ts";
import { type IsOver, mayHeal, type Patience } from "./patience.ts";

/** An outage of a server may last some minutes; who cancelled shall hear in the end that it was not taken back. */
const withinMs = 300_000;
const cancelled: JobError = { code: "CANCELLED", message: "The job was cancelled.", retryable: true };

type Unfinished = Extract<Ending, { readonly how: "FAILED" | "CANCELLED" }>;

/**
 * Takes back what a job has begun that ends without success. A cancelled one that cannot do so waits a while for what is in
 * the way, not for ever: then it is abandoned as a failed one, and ends as FAILED with that trouble's code. The registry
 * is waited for, since nothing can be ended without it.
 * @throws what stands in the way of a failed job, LeaseLost, or the signal's reason
 */
export async function takenBack(
  ending: Unfinished,
  abandon: (error: JobError, isOver?: IsOver) => Promise<void>,
  { clock, signal }: Patience,
): Promise<Unfinished> {
  if (ending.how === "FAILED") {
    await abandon(ending.error);
    return ending;
  }
  const untilMs = clock.monotonicMs() + withinMs;
  try {
    await abandon(cancelled, ({ code }) => code !== "SERVICE_UNAVAILABLE" && clock.monotonicMs() >= untilMs);
    return ending;
  } catch (failure) {
    if (signal.aborted || !mayHeal(failure)) throw failure;
    const message = `The job was cancelled, and what it had begun could not be taken back. ${failure.message}`;
    const error: JobError = { code: failure.code, message, retryable: false };
    await abandon(error);
    return { how: "FAILED", error };
  }
}
