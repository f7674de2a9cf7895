import type { JobId, ScheduleId } from "../kit/ids.ts";
import type { ScheduledRun } from "./scheduled-run.ts";

/** A test run or a validation that is started again and again. */
export interface Schedule {
  readonly id: ScheduleId;
  /** Unique. */
  readonly name: string;
  readonly run: ScheduledRun;
  /** Five fields. */
  readonly cron: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly enabled: boolean;
  /** Undefined while it is not enabled. */
  readonly nextRunAt?: Date | undefined;
  /** When the last run that was started fell due. */
  readonly lastRunAt?: Date | undefined;
  readonly lastJobId?: JobId | undefined;
  /** When the last run that did not come about fell due. */
  readonly lastMissedAt?: Date | undefined;
  /** A machine-readable code, then a sentence. */
  readonly lastMissedReason?: string | undefined;
  readonly missedTotal: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Runs that did not come about. */
export interface MissedRuns {
  /** When the last of them fell due. */
  readonly at: Date;
  readonly count: number;
  /** `NOT_RUNNING`, `OVERLAPPED`, `INTERRUPTED`, or what the start was refused with. */
  readonly code: string;
  /** A sentence for people. */
  readonly message: string;
}
