import { Semaphore } from "../../kit/concurrency.ts";

/** Connections that we may hold of a server with this `max_connections`: a quarter, at most 40, at least 8. */
export function budgetFor(maxConnections: number): number {
  return Math.max(8, Math.min(40, Math.floor(maxConnections / 4)));
}

/** How many connections to one server may be in use. Bulk work leaves a share free for what a person waits for. */
export class ConnectionBudget {
  readonly #all: Semaphore;
  readonly #bulk: Semaphore;

  constructor(private size: number) {
    this.#all = new Semaphore(size, "a connection to the database server");
    this.#bulk = new Semaphore(bulkShare(size), "a connection to the database server");
  }

  get limit(): number {
    return this.size;
  }
  get inUse(): number {
    return this.#all.held;
  }

  resize(size: number): void {
    if (size === this.size) return;
    this.size = size;
    this.#all.resize(size);
    this.#bulk.resize(bulkShare(size));
  }

  /** @returns a function that gives the place back, once. @throws QueueTimeout, or the signal's reason */
  async acquire(wish: {
    readonly interactive: boolean;
    readonly signal: AbortSignal | undefined;
    readonly timeoutMs: number;
  }): Promise<() => void> {
    const startedAt = performance.now();
    const { signal, timeoutMs } = wish;
    const leaveBulk = wish.interactive ? () => undefined : await this.#bulk.acquire({ signal, timeoutMs });
    try {
      const left = Math.max(1, timeoutMs - (performance.now() - startedAt));
      const leave = await this.#all.acquire({ signal, timeoutMs: left });
      return () => {
        leave();
        leaveBulk();
      };
    } catch (error) {
      leaveBulk();
      throw error;
    }
  }
}

/** An eighth, at least one, stays free. */
function bulkShare(size: number): number {
  return size - Math.max(1, Math.floor(size / 8));
}
