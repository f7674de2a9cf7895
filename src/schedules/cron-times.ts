import { Cron } from "croner";
import { InvalidInput } from "../kit/domain-error.ts";

const maxLength = 100;
/** So many missed times are counted one by one at most. */
const maxCounted = 1_000;

/**
 * When a cron expression of five fields falls due in a time zone. A time of day that the clock skips in spring falls due right
 * after the gap, one that comes twice in autumn falls due once; expressions with intervals follow the clock.
 */
export class CronTimes {
  private constructor(private readonly cron: Cron) {}

  /** @param after it must fall due after this at least once @throws InvalidInput that names `cron` or `timeZone` below the field */
  static parse(
    wish: { readonly cron: string; readonly timeZone: string },
    after: Date,
    field: readonly string[],
  ): CronTimes {
    if (!isTimeZone(wish.timeZone)) {
      const message = "There is no such time zone; they are named like Europe/Berlin or UTC.";
      throw new InvalidInput(message, { field: [...field, "timeZone"] });
    }
    const refuse = (message: string, cause?: unknown) =>
      new InvalidInput(message, { field: [...field, "cron"], cause });
    if (wish.cron.length > maxLength || !/^[ -~]+$/.test(wish.cron)) {
      throw refuse(`A cron expression has at most ${maxLength} characters of ASCII.`);
    }
    let times: CronTimes;
    try {
      times = CronTimes.of(wish);
    } catch (error) {
      throw refuse("A cron expression has five fields: minute, hour, day of month, month, day of week.", error);
    }
    if (!times.next(after)) throw refuse("The cron expression never falls due.");
    return times;
  }

  /** For what was parsed before. */
  static of({ cron, timeZone }: { readonly cron: string; readonly timeZone: string }): CronTimes {
    return new CronTimes(new Cron(cron, { timezone: timeZone, mode: "5-part", paused: true }));
  }

  /** The first time after this one. */
  next(after: Date): Date | undefined {
    return this.cron.nextRun(after) ?? undefined;
  }

  /** The times from one that fell due until now, in order; at most a thousand, and the last one always. */
  due(first: Date, now: Date): readonly Date[] {
    const times = [first];
    for (let next = this.next(first); next && next <= now; next = this.next(next)) {
      times.push(next);
      if (times.length < maxCounted) continue;
      const [last] = this.cron.previousRuns(1, new Date(now.getTime() + 1));
      return last ? [...times, last] : times;
    }
    return times;
  }
}

function isTimeZone(name: string): boolean {
  // Offsets such as +01:00 are taken by newer versions of Node only.
  if (!/^[A-Za-z][\w+/-]{0,63}$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
