/** How trouble is retried. Times in milliseconds. */
export interface RetryPolicy {
  /** Starts after which trouble ends the job, unless its handler says otherwise. */
  readonly maxAttempts: number;
  /** Starts after which the job ends even though nobody saw an error: what it does takes the process down. */
  readonly maxStarts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Tries for about a minute and a half; no pause is longer than what a recovery may take. */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 8,
  maxStarts: 40,
  firstDelayMs: 1_000,
  maxDelayMs: 20_000,
};

/**
 * Exponential back-off with jitter: between half of the step and all of it, so that jobs that failed together do not return together.
 * @param attempt starts so far, from 1 @param random 0..1
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const step = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(step * (0.5 + random / 2));
}

/** Whether trouble in this start is the last that is taken. */
export function isLastAttempt(policy: RetryPolicy, attempt: number, handlerMax: number | undefined): boolean {
  return attempt >= (handlerMax ?? policy.maxAttempts);
}
