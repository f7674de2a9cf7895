import type { Clock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import type { JobEvents } from "./job-feed.ts";
import type { JobRunner } from "./job-runner.ts";
import type { JobStore } from "./job-store.ts";

/** Pause between two looks, in milliseconds: well below the lease, so that lost work is back soon after its lease ran out. */
const pauseMs = 3_000;

/** Returns jobs to the queue that nobody works on any more: at the start what a predecessor held, later what lost its lease. */
export class JobRescuer {
  readonly #loop: Loop;

  /** @param owner the runner's */
  constructor(
    private readonly store: Pick<JobStore, "returnLost">,
    private readonly feed: JobEvents,
    private readonly runner: Pick<JobRunner, "wake">,
    private readonly owner: string,
    by: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#loop = new Loop(
      "job rescuer",
      () => this.runOnce(),
      () => pauseMs,
      by.clock,
      by.logger,
    );
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async runOnce(): Promise<void> {
    const events = await this.store.returnLost(this.owner);
    for (const event of events) this.feed.publish(event);
    if (events.length > 0) this.runner.wake();
  }
}
