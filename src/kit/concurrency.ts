import { DomainError } from "./domain-error.ts";

/** Nobody gave a place back in time. */
export class QueueTimeout extends DomainError {
  readonly code = "QUEUE_TIMEOUT";
  override readonly retryable = true;
}

interface Waiter {
  readonly enter: () => void;
  readonly behind: boolean;
}

/** How somebody waits for a place. */
interface Patience {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /** Lets everybody else go first. */
  readonly behind?: boolean;
}

/** At most `limit` at a time; the others wait in order of arrival, with a deadline. */
export class Semaphore {
  #held = 0;
  readonly #waiters: Waiter[] = [];

  constructor(
    private limit: number,
    private readonly name = "a place",
  ) {}

  get held(): number {
    return this.#held;
  }
  get waiting(): number {
    return this.#waiters.length;
  }

  /** Changes the limit; places already held stay held. */
  resize(limit: number): void {
    this.limit = limit;
    while (this.#held < this.limit && this.#waiters.length > 0) this.#waiters.shift()?.enter();
  }

  /** @returns a function that gives the place back, once. @throws QueueTimeout, or the signal's reason */
  acquire(options: Patience = {}): Promise<() => void> {
    const { signal, timeoutMs, behind = false } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#held < this.limit) return Promise.resolve(this.#enter());
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const leaveQueue = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
        const at = this.#waiters.indexOf(waiter);
        if (at >= 0) this.#waiters.splice(at, 1);
      };
      const onAbort = () => {
        leaveQueue();
        reject(signal?.reason);
      };
      const waiter: Waiter = {
        behind,
        enter: () => {
          leaveQueue();
          resolve(this.#enter());
        },
      };
      const firstBehind = behind ? -1 : this.#waiters.findIndex((other) => other.behind);
      this.#waiters.splice(firstBehind < 0 ? this.#waiters.length : firstBehind, 0, waiter);
      signal?.addEventListener("abort", onAbort, { once: true });
      if (timeoutMs !== undefined) {
        timer = setTimeout(() => {
          leaveQueue();
          reject(new QueueTimeout(`Waited ${timeoutMs} ms for ${this.name}.`));
        }, timeoutMs);
      }
    });
  }

  async use<T>(work: () => Promise<T>, options: Patience = {}): Promise<T> {
    const release = await this.acquire(options);
    try {
      return await work();
    } finally {
      release();
    }
  }

  #enter(): () => void {
    this.#held += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#held -= 1;
      if (this.#held < this.limit) this.#waiters.shift()?.enter();
    };
  }
}

/**
 * Runs `work` for each item, at most `limit` at a time, in order. The first rejection stops the taking of new items,
 * is thrown after those under way have ended, and nothing is left running.
 */
export async function forEachBounded<T>(
  items: Iterable<T> | AsyncIterable<T>,
  limit: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const source = oneByOne(items);
  const takeAll = async () => {
    try {
      while (failures.length === 0 && !signal.aborted) {
        const { done, value } = await source.next();
        if (done || failures.length > 0 || signal.aborted) return;
        await work(value);
      }
    } catch (error) {
      failures.push(error);
    }
  };
  // Whoever reads an error may count on silence: all have ended by then.
  await Promise.all(Array.from({ length: limit }, takeAll));
  await source.return(undefined);
  if (failures.length > 0) throw failures[0];
  signal.throwIfAborted();
}

/** A generator answers those who ask at the same time one after the other, which other iterators need not. */
async function* oneByOne<T>(items: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T, undefined> {
  yield* items;
  return undefined;
}
