import { isFinal } from "../jobs/job.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import type { Clock } from "../kit/clock.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { JobId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import { CronTimes } from "./cron-times.ts";
import type { MissedRuns, Schedule } from "./schedule.ts";
import type { ScheduleStore } from "./schedule-store.ts";
import type { RunOf, ScheduledRun, ScheduleKind } from "./scheduled-run.ts";

/** Starts runs of each kind, as a request would. Each throws a DomainError when it is refused. */
export type RunStarts = {
  readonly [Kind in ScheduleKind]: (options: RunOf<Kind>["options"], origin: Origin) => Promise<JobId>;
};

/** What {@link ScheduleRunner} works with. */
export interface ScheduleRunnerParts {
  readonly store: ScheduleStore;
  readonly jobs: Pick<JobStore, "find">;
  readonly starts: RunStarts;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Pause between two looks. Milliseconds. */
const pollMs = 1_000;
/** A run that fell due longer ago is not started any more: it would come at a time that nobody chose. Milliseconds. */
const graceMs = 5 * 60_000;
/** Schedules taken at a time. */
const batch = 50;

/** Starts what falls due, each time at most once, also across restarts; and says what did not come about, and why. */
export class ScheduleRunner {
  readonly #loop: Loop;

  constructor(private readonly parts: ScheduleRunnerParts) {
    const pauseMs = () => pollMs;
    this.#loop = new Loop("schedules", (signal) => this.runOnce(signal), pauseMs, parts.clock, parts.logger);
  }

  start(): void {
    this.#loop.start();
  }

  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Takes what is due now. Only one at a time may run: a start that is not ended is one that was interrupted. */
  async runOnce(signal: AbortSignal): Promise<void> {
    for (const { schedule, dueAt } of await this.parts.store.starting()) {
      const message = "The service stopped while it started this run; it may have started.";
      await this.#fail(schedule, { at: dueAt, count: 1, code: "INTERRUPTED", message });
    }
    const now = this.parts.clock.now();
    for (const schedule of await this.parts.store.due(now, batch)) {
      if (signal.aborted) return;
      await this.#take(schedule, now);
    }
  }

  async #take(schedule: Schedule, now: Date): Promise<void> {
    const { id, nextRunAt: dueAt } = schedule;
    if (!dueAt) return;
    const times = CronTimes.of(schedule);
    const due = times.due(dueAt, now);
    const last = due.at(-1) ?? dueAt;
    const step = { id, dueAt, nextRunAt: times.next(now) };
    const origin = originOf(schedule, last);
    if (now.getTime() - last.getTime() > graceMs) {
      await this.#skip(schedule, step, notRunning(last, due.length), origin);
      return;
    }
    const overlapped = await this.#overlapped(schedule, last, due.length);
    if (overlapped) {
      await this.#skip(schedule, step, overlapped, origin);
      return;
    }
    const before = due.at(-2);
    const missed = before && notRunning(before, due.length - 1);
    if (await this.parts.store.claim({ ...step, dueAt, missed }, origin)) await this.#start(schedule, last, origin);
  }

  async #start(schedule: Schedule, dueAt: Date, origin: Origin): Promise<void> {
    const { store, starts, logger } = this.parts;
    let jobId: JobId;
    try {
      jobId = await startRun(starts, schedule.run, origin);
    } catch (error) {
      // Trouble with the registry: whether something was entered is not known. The next turn says so.
      if (!(error instanceof DomainError) || error.retryable) throw error;
      await this.#fail(schedule, { at: dueAt, count: 1, code: error.code, message: error.message });
      return;
    }
    await store.started(schedule.id, dueAt, jobId);
    logger.info({ scheduleId: schedule.id, jobId }, "scheduled run started");
  }

  async #overlapped({ lastJobId }: Schedule, at: Date, count: number): Promise<MissedRuns | undefined> {
    const job = lastJobId && (await this.parts.jobs.find(lastJobId));
    if (!job || isFinal(job.status)) return undefined;
    return { at, count, code: "OVERLAPPED", message: `The run before it is still ${job.status}.` };
  }

  async #skip(
    schedule: Schedule,
    step: Parameters<ScheduleStore["skip"]>[0],
    missed: MissedRuns,
    origin: Origin,
  ): Promise<void> {
    if (await this.parts.store.skip({ ...step, missed }, origin)) this.#tell(schedule, missed);
  }

  async #fail(schedule: Schedule, missed: MissedRuns): Promise<void> {
    await this.parts.store.failed(schedule.id, missed, originOf(schedule, missed.at));
    this.#tell(schedule, missed);
  }

  #tell({ id }: Schedule, { code, count }: MissedRuns): void {
    this.parts.logger.warn({ scheduleId: id, code, count }, "scheduled run missed");
  }
}

function originOf({ id, name }: Schedule, dueAt: Date): Origin {
  const actor = { id: `schedule:${id}`, name: `schedule ${name}`, role: "OPERATOR" } as const;
  return { actor, requestId: `schedule:${id}:${dueAt.toISOString()}` };
}

function notRunning(at: Date, count: number): MissedRuns {
  return { at, count, code: "NOT_RUNNING", message: "The service was not running when it fell due." };
}

function startRun(starts: RunStarts, run: ScheduledRun, origin: Origin): Promise<JobId> {
  switch (run.kind) {
    case "CONNECTION":
      return starts.CONNECTION(run.options, origin);
    case "ISOLATION":
      return starts.ISOLATION(run.options, origin);
    case "PERFORMANCE":
      return starts.PERFORMANCE(run.options, origin);
    case "VALIDATION":
      return starts.VALIDATION(run.options, origin);
  }
}
