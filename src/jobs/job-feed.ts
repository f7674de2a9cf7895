import type { Clock } from "../kit/clock.ts";
import { DomainError, NotFound } from "../kit/domain-error.ts";
import type { JobId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import { isFinal, type JobEvent } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import { JobSubscription, type SubscriptionSource } from "./job-subscription.ts";
import { JobTopic } from "./job-topic.ts";

/** Told of events after they were committed. Never throws, never waits. */
export interface JobEvents {
  publish(event: JobEvent): void;
  /** Events up to this sequence were committed, by somebody who does not hold them. */
  announce(jobId: JobId, sequence: number): void;
}

export interface FeedOptions {
  /** Newest events kept per followed job, for all its followers together. */
  readonly tailLength: number;
  /** Rows read at a time by a follower who is behind the tail. */
  readonly pageLength: number;
  /** Pause between two looks for events whose publication was missed. */
  readonly rereadMs: number;
  /** Tries of a follower's read while the registry is out of reach, `rereadMs` apart. */
  readonly patience: number;
}

export const defaultFeedOptions: FeedOptions = { tailLength: 128, pageLength: 100, rereadMs: 3_000, patience: 10 };

interface Followed {
  readonly topic: JobTopic;
  /** The look-up under way or done, shared by all who follow. */
  opened: Promise<JobTopic> | undefined;
  /** The reading of missing rows under way. */
  catchingUp: Promise<void> | undefined;
}

/**
 * The events of jobs: replays rows, then follows the live end, and ends after the final event. Events are rows first, so a
 * follower can come late, drop out and resume without missing one. Followers at the live end share its newest events and cost no SQL.
 */
export class JobFeed implements JobEvents {
  readonly #followed = new Map<JobId, Followed>();
  readonly #loop: Loop;

  constructor(
    private readonly store: Pick<JobStore, "findMany" | "events">,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly options: FeedOptions = defaultFeedOptions,
  ) {
    this.#loop = new Loop(
      "job feed",
      () => this.runOnce(),
      () => options.rereadMs,
      clock,
      logger,
    );
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Jobs that somebody follows now. */
  get followedJobs(): number {
    return this.#followed.size;
  }

  publish(event: JobEvent): void {
    const followed = this.#followed.get(event.jobId);
    if (!followed) return;
    followed.topic.add(event);
    void this.#catchUp(followed);
  }

  announce(jobId: JobId, sequence: number): void {
    const followed = this.#followed.get(jobId);
    if (!followed) return;
    followed.topic.announce(sequence);
    void this.#catchUp(followed);
  }

  /**
   * The events after `after`, oldest first, up to and with the final one; at or past the end of an ended job it completes at once.
   * Ends quietly when the signal aborts. Iterating @throws NotFound for an unknown job
   */
  follow(jobId: JobId, after: number, signal: AbortSignal): AsyncIterableIterator<JobEvent> {
    return new JobSubscription(Math.max(0, after), this.#source(jobId), signal);
  }

  /** Looks for events of followed jobs whose publication was missed. */
  async runOnce(): Promise<void> {
    const live = [...this.#followed.values()].filter(({ topic }) => !topic.ended);
    for (let at = 0; at < live.length; at += 500) {
      const jobs = await this.store.findMany(live.slice(at, at + 500).map(({ topic }) => topic.jobId));
      for (const job of jobs) this.announce(job.id, job.lastSequence);
    }
    await Promise.all(live.map(({ catchingUp }) => catchingUp));
  }

  #source(jobId: JobId): SubscriptionSource {
    const closing = new AbortController();
    let followed: Followed | undefined;
    return {
      open: () => {
        followed = this.#join(jobId);
        return this.#open(followed);
      },
      read: (after) => this.#read(jobId, after, closing.signal),
      close: () => {
        closing.abort();
        if (followed) this.#leave(followed);
        followed = undefined;
      },
    };
  }

  #join(jobId: JobId): Followed {
    let followed = this.#followed.get(jobId);
    if (!followed) {
      followed = { topic: new JobTopic(jobId, this.options.tailLength), opened: undefined, catchingUp: undefined };
      this.#followed.set(jobId, followed);
    }
    followed.topic.followers += 1;
    return followed;
  }

  #leave(followed: Followed): void {
    followed.topic.followers -= 1;
    if (followed.topic.followers === 0) this.#followed.delete(followed.topic.jobId);
  }

  #open(followed: Followed): Promise<JobTopic> {
    followed.opened ??= this.#lookUp(followed).catch((error: unknown) => {
      // The next one to come asks again.
      followed.opened = undefined;
      throw error;
    });
    return followed.opened;
  }

  async #lookUp(followed: Followed): Promise<JobTopic> {
    const { topic } = followed;
    const [job] = await this.store.findMany([topic.jobId]);
    if (!job) throw new NotFound("There is no such job.");
    topic.open(job.lastSequence, isFinal(job.status));
    void this.#catchUp(followed);
    return topic;
  }

  /** Reads the rows that are missing at the live end, once for all followers. Never rejects: the next look tries again. */
  #catchUp(followed: Followed): Promise<void> {
    const { topic } = followed;
    if (!topic.opened || !topic.behind) return Promise.resolve();
    followed.catchingUp ??= this.#readMissing(followed);
    return followed.catchingUp;
  }

  async #readMissing(followed: Followed): Promise<void> {
    const { topic } = followed;
    try {
      while (topic.behind && topic.followers > 0) {
        const events = await this.store.events(topic.jobId, topic.newest, this.options.pageLength);
        if (events.length === 0) return;
        for (const event of events) topic.add(event);
      }
    } catch (error) {
      this.logger.warn({ jobId: topic.jobId, err: error }, "job events not read, will be tried again");
    } finally {
      // Not in a later turn: whoever announces from now on must find that nobody is reading.
      followed.catchingUp = undefined;
    }
  }

  /** A follower outlives a registry that is out of reach for a while. */
  async #read(jobId: JobId, after: number, signal: AbortSignal): Promise<readonly JobEvent[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.store.events(jobId, after, this.options.pageLength);
      } catch (error) {
        const mayHeal = error instanceof DomainError && error.retryable && attempt < this.options.patience;
        if (!mayHeal || signal.aborted) throw error;
        await this.clock.sleep(this.options.rereadMs, signal);
      }
    }
  }
}
