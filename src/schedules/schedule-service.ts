import type { Origin } from "../kit/actor.ts";
import type { Clock } from "../kit/clock.ts";
import { InvalidInput } from "../kit/domain-error.ts";
import type { ScheduleId } from "../kit/ids.ts";
import { CronTimes } from "./cron-times.ts";
import type { Schedule } from "./schedule.ts";
import type { ScheduleStore } from "./schedule-store.ts";
import { checkRun, type ScheduledRun } from "./scheduled-run.ts";

const maxSchedules = 100;
const namePattern = /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]{1,100}$/u;

/** What a caller wishes. */
export interface UpsertSchedule {
  /** Absent: the name says which one is meant. */
  readonly id?: ScheduleId | undefined;
  readonly name: string;
  readonly run: ScheduledRun;
  /** Where the run stands in the input. */
  readonly runField: readonly string[];
  readonly cron: string;
  /** Default UTC. */
  readonly timeZone?: string | undefined;
  /** Default true. */
  readonly enabled?: boolean | undefined;
}

/** What the edges may ask of schedules. It starts nothing. */
export class ScheduleService {
  constructor(
    private readonly store: Pick<ScheduleStore, "list" | "findMany" | "put" | "remove">,
    private readonly clock: Clock,
  ) {}

  /** In order of name. */
  list(): Promise<readonly Schedule[]> {
    return this.store.list();
  }

  findMany(ids: readonly ScheduleId[]): Promise<readonly Schedule[]> {
    return this.store.findMany(ids);
  }

  /** Enters a schedule or changes one; its next time is counted from now. @throws InvalidInput, NotFound, LimitExceeded */
  upsert(wish: UpsertSchedule, origin: Origin): Promise<Schedule> {
    const { id, run, cron, timeZone = "UTC", enabled = true } = wish;
    const name = wish.name.trim();
    if (!namePattern.test(name)) {
      throw new InvalidInput("A name has 1 to 100 printable characters.", { field: ["input", "name"] });
    }
    const now = this.clock.now();
    const times = CronTimes.parse({ cron, timeZone }, now, ["input"]);
    checkRun(run, wish.runField);
    const nextRunAt = enabled ? times.next(now) : undefined;
    return this.store.put(id, { name, run, cron, timeZone, enabled, nextRunAt }, maxSchedules, origin);
  }

  /** Jobs that it has started go on. @returns what it was @throws NotFound */
  remove(id: ScheduleId, origin: Origin): Promise<Schedule> {
    return this.store.remove(id, origin);
  }
}
