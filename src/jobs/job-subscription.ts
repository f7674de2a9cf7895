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

interface Asked {
  resolve(answer: IteratorResult<JobEvent, undefined>): void;
  reject(error: unknown): void;
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * One who follows a job: a cursor, and at most one page of rows. Nothing queues for it while it does not ask, and a step costs
 * little: each event wakes all who follow. `return()` ends it at once, also while a `next()` is pending.
 */
export class JobSubscription implements AsyncIterableIterator<JobEvent> {
  #cursor: number;
  #page: readonly JobEvent[] = [];
  #over = false;
  #topic: JobTopic | undefined;
  /** Not answered yet, the oldest first. */
  readonly #asked: Asked[] = [];
  #waiting = false;
  readonly #onAbort = () => this.#end();

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
    return new Promise((resolve, reject) => {
      this.#asked.push({ resolve, reject });
      if (!this.#waiting) this.#answer();
    });
  }

  return(): Promise<IteratorResult<JobEvent, undefined>> {
    this.#end();
    return Promise.resolve(end);
  }

  throw(error?: unknown): Promise<IteratorResult<JobEvent, undefined>> {
    this.#end();
    return Promise.reject(error);
  }

  /** Answers what was asked as far as it is known, and waits for the rest. */
  readonly #answer = () => {
    this.#waiting = false;
    while (this.#asked.length > 0) {
      const known = this.#known();
      if (!known) {
        this.#wait();
        return;
      }
      this.#asked.shift()?.resolve(known);
    }
  };

  #known(): IteratorResult<JobEvent, undefined> | undefined {
    if (this.#over) return end;
    const topic = this.#topic;
    if (!topic) return undefined;
    if (this.#cursor >= topic.newest) {
      if (!topic.ended) return undefined;
      this.#finish();
      return end;
    }
    const event = topic.at(this.#cursor + 1) ?? this.#page.find(({ sequence }) => sequence > this.#cursor);
    if (!event) return undefined;
    this.#cursor = event.sequence;
    return { done: false, value: event };
  }

  #wait(): void {
    this.#waiting = true;
    const topic = this.#topic;
    if (topic && this.#cursor >= topic.newest) {
      topic.onChange(this.#answer);
      return;
    }
    const work = topic ? this.#read(topic.newest) : this.#open();
    work.then(this.#answer, (error: unknown) => this.#fail(error));
  }

  async #open(): Promise<void> {
    this.#topic = await this.source.open();
  }

  async #read(goal: number): Promise<void> {
    const page = await this.source.read(this.#cursor);
    if (this.#over) return;
    this.#page = page;
    // Rows that are gone for good (retention) are passed over, so that nobody asks for them for ever.
    if (page.length === 0) this.#cursor = goal;
  }

  #fail(error: unknown): void {
    if (!this.#over) {
      this.#finish();
      this.#asked.shift()?.reject(error);
    }
    this.#answer();
  }

  #end(): void {
    this.#finish();
    this.#answer();
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.#page = [];
    this.signal.removeEventListener("abort", this.#onAbort);
    this.#topic?.forget(this.#answer);
    this.source.close();
  }
}
