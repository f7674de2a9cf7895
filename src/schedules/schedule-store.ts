import type { Origin } from "../kit/actor.ts";
import type { JobId, ScheduleId } from "../kit/ids.ts";
import type { MissedRuns, Schedule } from "./schedule.ts";
import type { ScheduledRun } from "./scheduled-run.ts";

/** What a schedule is to be. */
export interface ScheduleWish {
  readonly name: string;
  readonly run: ScheduledRun;
  readonly cron: string;
  readonly timeZone: string;
  readonly enabled: boolean;
  /** Undefined when it is not enabled. */
  readonly nextRunAt: Date | undefined;
}

/** A run that was claimed, and of which nobody has said yet what became of it. */
export interface StartingRun {
  readonly schedule: Schedule;
  readonly dueAt: Date;
}

/** A schedule that fell due is taken by exactly one: it must still be due at the time that was read. */
export interface DueStep {
  readonly id: ScheduleId;
  readonly dueAt: Date;
  readonly nextRunAt: Date | undefined;
  /** Runs that did not come about are written into the audit log, too. */
  readonly missed?: MissedRuns | undefined;
}

/** The registry, as far as schedules are concerned. Each method is one transaction. */
export interface ScheduleStore {
  /** In order of name. */
  list(): Promise<readonly Schedule[]>;
  findMany(ids: readonly ScheduleId[]): Promise<readonly Schedule[]>;
  /**
   * Enters the schedule, or changes the one with this id, or without an id the one with this name. @param limit of schedules in all
   * @throws NotFound, InvalidInput when another one has the name, LimitExceeded
   */
  put(id: ScheduleId | undefined, wish: ScheduleWish, limit: number, origin: Origin): Promise<Schedule>;
  /** @returns what it was @throws NotFound */
  remove(id: ScheduleId, origin: Origin): Promise<Schedule>;

  /** Those that are due, the longest first. */
  due(now: Date, limit: number): Promise<readonly Schedule[]>;
  /** Moves on to the next time, and remembers that a run is being started. @returns false when somebody was quicker */
  claim(step: DueStep, origin: Origin): Promise<boolean>;
  /** Moves on to the next time without a run. @returns false when somebody was quicker */
  skip(step: DueStep, origin: Origin): Promise<boolean>;
  /** What became of a claimed run. */
  started(id: ScheduleId, dueAt: Date, jobId: JobId): Promise<void>;
  failed(id: ScheduleId, missed: MissedRuns, origin: Origin): Promise<void>;
  /** Runs that were claimed, and whose start nobody has ended. */
  starting(): Promise<readonly StartingRun[]>;
}
