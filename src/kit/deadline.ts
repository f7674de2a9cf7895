import { DomainError } from "./domain-error.ts";

/** Work did not end in time; what it was is in the message. */
export class DeadlineExceeded extends DomainError {
  readonly code = "DEADLINE_EXCEEDED";
  override readonly retryable = true;
}

/**
 * Runs `work` with a signal that aborts after `ms` or when `outer` does, and stops waiting then, even when the
 * work ignores its signal. The timer is always cleared.
 * @throws DeadlineExceeded after `ms`, or the outer signal's reason
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  outer: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  outer?.throwIfAborted();
  const controller = new AbortController();
  const onOuter = () => controller.abort(outer?.reason);
  outer?.addEventListener("abort", onOuter, { once: true });
  const timer = setTimeout(() => controller.abort(new DeadlineExceeded(`${what} took longer than ${ms} ms.`)), ms);
  const { signal } = controller;
  const expiry = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  // Listening begins before the work does, which may itself bring about the abort; nobody may be left to hear of it.
  expiry.catch(() => undefined);
  try {
    return await Promise.race([work(signal), expiry]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener("abort", onOuter);
  }
}

/** Waits for work no longer than until the signal aborts; the work itself goes on unless it listens too. @throws the signal's reason */
export function untilAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
    if (signal.aborted) onAbort();
  });
}
