import { setMaxListeners } from "node:events";
import type { Clock } from "../kit/clock.ts";
import { untilAborted } from "../kit/deadline.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import type { JobError, JobEvent, Progress } from "./job.ts";
import { type Ending, endingOfError, endOf } from "./job-ending.ts";
import type { JobEvents } from "./job-feed.ts";
import { type JobContext, type JobHandler, JobStopped, type StopReason } from "./job-handler.ts";
import { type ClaimedJob, type JobStep, type JobStore, LeaseLost } from "./job-store.ts";
import { type IsOver, onceEach, patiently } from "./patience.ts";
import { ProgressReporter } from "./progress-reporter.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import { takenBack } from "./taken-back.ts";

/** What every run of a job works with. */
export interface RunParts {
  readonly store: JobStore;
  readonly feed: JobEvents;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: RetryPolicy;
  readonly leaseMs: number;
  /** 0..1 */
  readonly random: () => number;
}

/** One claimed job from its claim to its end, its return to the queue, or the loss of its lease. */
export class JobRun {
  readonly #stopped = new AbortController();
  /** Nothing more may be written, or nobody waits for the handler any longer. */
  readonly #over = new AbortController();
  readonly #reporter: ProgressReporter;
  readonly #logger: Logger;
  #lost = false;
  #settled = false;
  #aliveUntilMs: number;

  /** @param claimedAtMs monotonic time just before the claim: from there the lease runs */
  constructor(
    readonly claimed: ClaimedJob,
    private readonly handler: JobHandler | undefined,
    private readonly parts: RunParts,
    claimedAtMs: number,
  ) {
    const { job } = claimed;
    // A handler works on many tenants at once, and each listens.
    setMaxListeners(0, this.#stopped.signal, this.#over.signal);
    this.#logger = parts.logger.child({ jobId: job.id, kind: job.kind });
    this.#aliveUntilMs = claimedAtMs + parts.leaseMs;
    this.#reporter = new ProgressReporter(job.progress, (step) => this.#record(step), parts.clock, this.#logger);
  }

  /** What is left to do is to clean up, which may wait for long. */
  get isCancelled(): boolean {
    const { reason } = this.#stopped.signal;
    return reason instanceof JobStopped && reason.reason === "CANCELLED";
  }

  /** Does the work and writes its end. Never rejects. */
  async run(): Promise<void> {
    const { job } = this.claimed;
    this.parts.feed.announce(job.id, job.lastSequence);
    try {
      const ending = await this.#work();
      await this.#reporter.close();
      await this.#settle(ending);
    } catch (error) {
      // What could not be written is taken up by the rescuer once the lease has run out.
      this.#tellUnwritten(error);
    } finally {
      this.#settled = true;
      await this.#reporter.close();
    }
  }

  /** Tells the handler to stop. The first reason counts, except that a lost lease always does. */
  stop(reason: StopReason): void {
    if (this.#settled) return;
    if (reason === "LEASE_LOST") {
      this.#lost = true;
      void this.#reporter.close();
    }
    this.#stopped.abort(new JobStopped(reason));
    if (this.#lost) this.#over.abort(new JobStopped(reason));
  }

  /** Stops waiting for a handler that does not heed its signal; the lease is handed back all the same. */
  giveUp(): void {
    this.#over.abort(new JobStopped("SHUTTING_DOWN"));
  }

  /** Extends the lease; hears of a wish to cancel and of a lost lease. Never rejects. */
  async beat(): Promise<void> {
    if (this.#settled || this.#lost) return;
    const askedAtMs = this.parts.clock.monotonicMs();
    try {
      const status = await this.parts.store.extend(this.claimed.lease, this.parts.leaseMs);
      this.#aliveUntilMs = askedAtMs + this.parts.leaseMs;
      if (status === "CANCELLING") this.stop("CANCELLED");
    } catch (error) {
      if (this.#settled) return;
      const expired = this.parts.clock.monotonicMs() >= this.#aliveUntilMs;
      this.#logger.warn({ err: error, expired }, "lease not extended");
      if (error instanceof LeaseLost || expired) this.stop("LEASE_LOST");
    }
  }

  async #work(): Promise<Ending> {
    const { job } = this.claimed;
    if (job.status === "CANCELLING") return { how: "CANCELLED" };
    if (!this.handler) {
      return { how: "FAILED", error: { code: "INTERNAL", message: "Nobody does such jobs.", retryable: false } };
    }
    const { losses } = this.claimed;
    if (losses >= this.parts.policy.maxLosses) {
      const message = `The job was started ${losses} times in a row and never got on: each time its process was gone.`;
      return { how: "FAILED", error: { code: "TOO_MANY_STARTS", message, retryable: true } };
    }
    try {
      const outcome = await untilAborted(this.#over.signal, this.handler.run(this.#context(this.#stopped.signal)));
      return this.#lost ? { how: "LOST" } : { how: "DONE", outcome };
    } catch (error) {
      return this.#judge(error);
    }
  }

  #judge(error: unknown): Ending {
    const { reason } = this.#stopped.signal;
    const stop: StopReason | undefined = reason instanceof JobStopped ? reason.reason : undefined;
    if (this.#lost || error instanceof LeaseLost) return { how: "LOST" };
    if (stop === "CANCELLED") return { how: "CANCELLED" };
    if (stop) return { how: "AGAIN", delayMs: 0, counted: false, message: "Handed back: the service is stopping." };
    const { job, failures } = this.claimed;
    const gotOn = this.#reporter.progress.percent > job.progress.percent;
    const ending = endingOfError(error, gotOn ? 0 : failures, this.handler, this.parts);
    if (error instanceof DomainError) this.#logger.warn({ err: error, how: ending.how }, "job met trouble");
    else this.#logger.error({ err: error }, "job failed by a bug");
    return ending;
  }

  async #settle(ending: Ending): Promise<void> {
    const { store } = this.parts;
    const { lease } = this.claimed;
    if (ending.how === "LOST") {
      this.#logger.warn({}, "job left: its lease was lost");
      return;
    }
    if (ending.how === "AGAIN") {
      const step = { progress: this.#reporter.progress, message: ending.message };
      await this.#persist(() => store.handBack(lease, step, ending));
      return;
    }
    const last =
      ending.how === "DONE"
        ? ending
        : await takenBack(ending, (error, isOver) => this.#abandon(error, isOver), this.#patience());
    const end = endOf(last, { progress: await this.#lastProgress(last) });
    await this.#persist(async () => {
      if (!this.handler?.conclude) return store.finish(lease, end);
      try {
        return await untilAborted(this.#over.signal, this.handler.conclude(this.#context(this.#over.signal), end));
      } catch (error) {
        if (error instanceof DomainError || this.#over.signal.aborted) throw error;
        // A bug in the conclusion must not keep the job alive for ever.
        this.#logger.error({ err: error }, "job not concluded by its handler");
        const message = "The conclusion could not be drawn.";
        return store.finish(lease, {
          ...end,
          status: "FAILED",
          error: { code: "INTERNAL", message, retryable: false },
        });
      }
    });
    this.#logger.info({ status: end.status, code: end.error?.code }, "job ended");
  }

  /** What was abandoned settled its items after the last report: the final event counts them too. */
  async #lastProgress(ending: Ending): Promise<Progress> {
    const { progress } = this.#reporter;
    if (ending.how === "DONE" || !this.handler?.abandon || this.handler.conclude) return progress;
    const counts = await patiently(() => this.parts.store.itemCounts(this.claimed.job.id), this.#patience());
    if (counts.total === 0) return progress;
    const { total, succeeded: done, failed, skipped } = counts;
    return { ...progress, total, done, failed, skipped };
  }

  async #abandon(error: JobError, isOver?: IsOver): Promise<void> {
    const { handler } = this;
    if (!handler?.abandon) return;
    try {
      const context = this.#context(this.#over.signal);
      const abandon = () => untilAborted(this.#over.signal, Promise.resolve(handler.abandon?.(context, error)));
      const met = onceEach((message) => this.#record({ progress: this.#reporter.progress, message }));
      await patiently(abandon, { ...this.#patience(), isOver, met });
    } catch (failure) {
      if (failure instanceof DomainError || this.#over.signal.aborted) throw failure;
      this.#logger.error({ err: failure }, "job not abandoned cleanly");
    }
  }

  async #persist(write: () => Promise<JobEvent>): Promise<void> {
    const event = await patiently(write, this.#patience());
    this.#settled = true;
    this.parts.feed.publish(event);
  }

  /** For the registry, while it is out of reach and the lease is alive. */
  #patience() {
    return { clock: this.parts.clock, signal: this.#over.signal };
  }

  async #record(step: JobStep): Promise<void> {
    const askedAtMs = this.parts.clock.monotonicMs();
    try {
      const event = await this.parts.store.record(this.claimed.lease, step, this.parts.leaseMs);
      this.#aliveUntilMs = askedAtMs + this.parts.leaseMs;
      this.parts.feed.publish(event);
      if (event.status === "CANCELLING") this.stop("CANCELLED");
    } catch (error) {
      if (error instanceof LeaseLost) this.stop("LEASE_LOST");
      throw error;
    }
  }

  #context(signal: AbortSignal): JobContext {
    const { job, lease } = this.claimed;
    return {
      job,
      lease,
      signal,
      clock: this.parts.clock,
      logger: this.#logger,
      report: (update) => this.#reporter.report(update),
      flush: () => this.#reporter.flush(),
    };
  }

  #tellUnwritten(error: unknown): void {
    if (error instanceof LeaseLost || error instanceof JobStopped) {
      this.#logger.warn({ err: error }, "job left: its end was not written");
    } else {
      this.#logger.error({ err: error }, "job left: its end could not be written");
    }
  }
}
