import type { Clock } from "../kit/clock.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import type { Progress } from "./job.ts";
import type { ProgressUpdate } from "./job-handler.ts";
import { type JobStep, LeaseLost } from "./job-store.ts";
import { ProgressRate } from "./progress-rate.ts";

/** Pace of the rows of one job. Times in milliseconds. */
export interface ReporterPace {
  /** From the end of one write to the start of the next: seven rows in a second, and room for the entering, a start and an end within ten. */
  readonly gapMs: number;
  /** The same after the registry was out of reach. */
  readonly troubleGapMs: number;
  /** Window of the rate. */
  readonly windowMs: number;
}

export const defaultReporterPace: ReporterPace = { gapMs: 150, troubleGapMs: 1_000, windowMs: 10_000 };

/** Highest percent before the final event. */
const almostDone = 99.9;

/**
 * Turns what a handler reports into rows: coalesces before it writes, the newest state wins, at most one write is under way and
 * at most one state waits. Percent never falls, also over restarts.
 */
export class ProgressReporter {
  #pending: ProgressUpdate | undefined;
  #progress: Progress;
  #message = "";
  #pump: Promise<void> | undefined;
  #notBeforeMs = 0;
  #lost: LeaseLost | undefined;
  readonly #closing = new AbortController();
  readonly #rate: ProgressRate;

  /** @param start the job's progress when it was claimed @param write stores a row and tells of it */
  constructor(
    start: Progress,
    private readonly write: (step: JobStep) => Promise<void>,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly pace: ReporterPace = defaultReporterPace,
  ) {
    this.#progress = start;
    this.#rate = new ProgressRate(pace.windowMs);
  }

  /** The newest state, written or not. */
  get progress(): Progress {
    return this.#progress;
  }

  /** The newest message, empty before the first. */
  get message(): string {
    return this.#message;
  }

  report(update: ProgressUpdate): void {
    if (this.#closing.signal.aborted) return;
    this.#progress = this.#advance(update);
    this.#message = update.message;
    this.#pending = update;
    this.#pump ??= this.#run();
  }

  /** Waits until what was reported is written. @throws LeaseLost */
  async flush(): Promise<void> {
    while (this.#pump) await this.#pump;
    if (this.#lost) throw this.#lost;
  }

  /** Takes no more, drops what is not written (the final event says it), and waits for the write under way. */
  async close(): Promise<void> {
    this.#closing.abort();
    while (this.#pump) await this.#pump;
  }

  async #run(): Promise<void> {
    try {
      while (this.#pending && (await this.#untilDue())) {
        const update = this.#pending;
        this.#pending = undefined;
        const written = await this.#store(update);
        this.#notBeforeMs = this.clock.monotonicMs() + (written ? this.pace.gapMs : this.pace.troubleGapMs);
        // The registry was out of reach: the state waits for its next turn, unless a newer one came.
        if (!written) this.#pending ??= update;
      }
    } finally {
      this.#pump = undefined;
    }
  }

  /** @returns false when the reporter was closed meanwhile */
  async #untilDue(): Promise<boolean> {
    const { signal } = this.#closing;
    for (;;) {
      const waitMs = this.#notBeforeMs - this.clock.monotonicMs();
      if (signal.aborted || waitMs <= 0) return !signal.aborted;
      await this.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** @returns false when it should be tried again */
  async #store(update: ProgressUpdate): Promise<boolean> {
    try {
      const detail = update.takeDetail ? update.takeDetail() : update.detail;
      await this.write({ progress: this.#progress, message: update.message, detail });
      return true;
    } catch (error) {
      if (error instanceof LeaseLost) {
        this.#lost = error;
        this.#closing.abort();
        return true;
      }
      if (error instanceof DomainError && error.retryable) {
        this.logger.warn({ err: error }, "progress not written, will be tried again");
        return false;
      }
      this.logger.error({ err: error }, "progress not written");
      return true;
    }
  }

  #advance(update: ProgressUpdate): Progress {
    const processed = update.done + update.failed + update.skipped;
    const total = Math.max(update.total, processed);
    const now = this.clock.monotonicMs();
    this.#rate.add(now, processed);
    const rate = this.#rate.perSecond(now, processed);
    const reached = total === 0 ? 0 : Math.floor((processed * 1000) / total) / 10;
    return {
      phase: update.phase,
      total,
      done: update.done,
      failed: update.failed,
      skipped: update.skipped,
      percent: Math.max(this.#progress.percent, Math.min(almostDone, reached)),
      ratePerSecond: rate === undefined ? undefined : Math.round(rate * 10) / 10,
      etaSeconds: rate ? Math.round(((total - processed) / rate) * 10) / 10 : undefined,
    };
  }
}
