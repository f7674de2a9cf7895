import type { Clock } from "../kit/clock.ts";
import { DomainError } from "../kit/domain-error.ts";
import { LeaseLost } from "./job-store.ts";

const firstPauseMs = 200;
const maxPauseMs = 2_000;
/** Different things that a cleaning up says it waits for. Each is an event, and what has a figure in it may be different each time. */
const maxSaid = 32;

/** Whether trouble that may pass is not worth another try. */
export type IsOver = (trouble: DomainError) => boolean;

/** How long something is tried. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Default: never. */
  readonly isOver?: IsOver | undefined;
  /** Told of the trouble before each pause. */
  readonly met?: ((trouble: DomainError) => Promise<void>) | undefined;
}

/** Tries again while there is trouble that may pass. @throws what the last try met, or the signal's reason */
export async function patiently<T>(work: () => Promise<T>, { clock, signal, isOver, met }: Patience): Promise<T> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(maxPauseMs, pauseMs * 2)) {
    try {
      return await work();
    } catch (error) {
      if (!mayHeal(error) || signal.aborted || isOver?.(error)) throw error;
      await met?.(error);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/** Says what a cleaning up waits for, once for each thing. Where not even that can be said, the next try meets the same. */
export function onceEach(say: (message: string) => Promise<unknown>): (trouble: DomainError) => Promise<void> {
  const said = new Set<string>();
  return async ({ message }) => {
    if (said.has(message) || said.size >= maxSaid) return;
    said.add(message);
    await say(`Waits to clean up. ${message}`).catch(() => undefined);
  };
}

/** Whether it is trouble that may pass; a lost lease does not come back. */
export function mayHeal(error: unknown): error is DomainError {
  return error instanceof DomainError && error.retryable && !(error instanceof LeaseLost);
}
