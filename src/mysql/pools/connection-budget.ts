import { QueueTimeout, Semaphore } from "../../kit/concurrency.ts";

/** Connections that we may hold of a server with this `max_connections`: a quarter, at most 40, at least 8. */
export function budgetFor(maxConnections: number): number {
  return Math.max(8, Math.min(40, Math.floor(maxConnections / 4)));
}

interface PlaceWish {
  readonly interactive: boolean;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** How many connections to one server may be in use. Bulk work leaves a share free for what a person waits for. */
export class ConnectionBudget {
  readonly #all: Semaphore;
  readonly #bulk: Semaphore;
  #refusedTotal = 0;
  #waitedMsTotal = 0;

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
  /** Pieces of work that wait for a place. */
  get waiting(): number {
    return this.#all.waiting + this.#bulk.waiting;
  }
  /** Since the start: pieces of work that waited in vain. */
  get refusedTotal(): number {
    return this.#refusedTotal;
  }
  /** Since the start: the time that all of them waited together. */
  get waitedMsTotal(): number {
    return this.#waitedMsTotal;
  }

  resize(size: number): void {
    if (size === this.size) return;
    this.size = size;
    this.#all.resize(size);
    this.#bulk.resize(bulkShare(size));
  }

  /** @returns a function that gives the place back, once. @throws QueueTimeout, or the signal's reason */
  async acquire(wish: PlaceWish): Promise<() => void> {
    const startedAt = performance.now();
    try {
      return await this.#enter(wish, startedAt);
    } catch (error) {
      if (error instanceof QueueTimeout) this.#refusedTotal += 1;
      throw error;
    } finally {
      this.#waitedMsTotal += performance.now() - startedAt;
    }
  }

  async #enter({ interactive, signal, timeoutMs }: PlaceWish, startedAt: number): Promise<() => void> {
    const leaveBulk = interactive ? () => undefined : await this.#bulk.acquire({ signal, timeoutMs });
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
