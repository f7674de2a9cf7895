import type { JobEvent } from "./job.ts";
import type { JobTopic } from "./job-topic.ts";

/** Where a subscription gets what it needs; the feed. */
export interface SubscriptionSource {
  /** The job's topic, looked up. @throws NotFound */
  open(): Promise<JobTopic>;
  /** Rows after a sequence, a bounded number. */
  read(after: number): Promise<readonly JobEvent[]>;
  /** Called once, when the subscription is over. */
  close(): void;
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One who follows a job: a cursor, and at most one page of rows. Nothing queues for it while it does not ask.
 * `return()` ends it at once, also while a `next()` is pending.
 */
export class JobSubscription implements AsyncIterableIterator<JobEvent> {
  #cursor: number;
  #page: readonly JobEvent[] = [];
  #over = false;
  #topic: JobTopic | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #interrupt: (() => void) | undefined;
  readonly #onAbort = () => this.#finish();

  constructor(
    after: number,
    private readonly source: SubscriptionSource,
    private readonly signal: AbortSignal,
  ) {
    this.#cursor = after;
    if (signal.aborted) this.#finish();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws NotFound for an unknown job; when it throws the subscription is over */
  next(): Promise<IteratorResult<JobEvent, undefined>> {
    const result = this.#turn.then(() => this.#step());
    this.#turn = result.catch(() => undefined);
    return result;
  }

  return(): Promise<IteratorResult<JobEvent, undefined>> {
    this.#finish();
    return Promise.resolve(end);
  }

  throw(error?: unknown): Promise<IteratorResult<JobEvent, undefined>> {
    this.#finish();
    return Promise.reject(error);
  }

  async #step(): Promise<IteratorResult<JobEvent, undefined>> {
    try {
      const event = await this.#nextEvent();
      if (!event || this.#over) {
        this.#finish();
        return end;
      }
      this.#cursor = event.sequence;
      return { done: false, value: event };
    } catch (error) {
      if (this.#over) return end;
      this.#finish();
      throw error;
    }
  }

  async #nextEvent(): Promise<JobEvent | undefined> {
    if (this.#over) return undefined;
    this.#topic ??= await this.#orOver(this.source.open());
    while (this.#topic && !this.#over) {
      const topic: JobTopic = this.#topic;
      if (this.#cursor >= topic.newest) {
        if (topic.ended) return undefined;
        await this.#change(topic);
        continue;
      }
      const known = topic.at(this.#cursor + 1) ?? this.#page.find(({ sequence }) => sequence > this.#cursor);
      if (known) return known;
      const goal = topic.newest;
      this.#page = (await this.#orOver(this.source.read(this.#cursor))) ?? [];
      // Rows that are gone for good (retention) are passed over, so that nobody asks for them for ever.
      if (this.#page.length === 0) this.#cursor = goal;
    }
    return undefined;
  }

  #change(topic: JobTopic): Promise<void> {
    return new Promise((resolve) => {
      const forget = topic.onChange(() => {
        this.#interrupt = undefined;
        resolve();
      });
      this.#interrupt = () => {
        forget();
        resolve();
      };
    });
  }

  /** What `work` brings, or undefined at once when the subscription ends meanwhile. */
  #orOver<T>(work: Promise<T>): Promise<T | undefined> {
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        // Before the waiting goes on, which may set an interrupt of its own.
        this.#interrupt = undefined;
        settled();
      };
      this.#interrupt = () => resolve(undefined);
      work.then(
        (value) => settle(() => resolve(value)),
        (error: unknown) => settle(() => reject(error)),
      );
    });
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#page = [];
    this.signal.removeEventListener("abort", this.#onAbort);
    this.#interrupt?.();
    this.#interrupt = undefined;
    this.source.close();
  }
}
