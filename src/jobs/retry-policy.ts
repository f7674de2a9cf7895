/** How trouble is retried. Times in milliseconds. */
export interface RetryPolicy {
  /** How often in a row trouble is taken before it ends the job, unless its handler says otherwise. Starts of the service do not count. */
  readonly maxAttempts: number;
  /** How often in a row the process may be gone before the job got on: then what it does takes the process down. */
  readonly maxLosses: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

/** Tries for about a minute and a half; no pause is longer than what a recovery may take. */
export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 8,
  maxLosses: 20,
  firstDelayMs: 1_000,
  maxDelayMs: 20_000,
};

/**
 * Exponential back-off with jitter: between half of the step and all of it, so that jobs that failed together do not return together.
 * @param attempt failures in a row, from 1 @param random 0..1
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: number): number {
  const step = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.max(0, attempt - 1));
  return Math.round(step * (0.5 + random / 2));
}

/** Whether trouble is the last that is taken. @param attempt failures in a row, this one included */
export function isLastAttempt(policy: RetryPolicy, attempt: number, handlerMax: number | undefined): boolean {
  return attempt >= (handlerMax ?? policy.maxAttempts);
}
