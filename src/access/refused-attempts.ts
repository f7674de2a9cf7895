import type { Clock } from "../kit/clock.ts";
import type { AuditLog, AuditNote } from "./audit.ts";

/** Attempts at the same, refused for the same reason, that are written down of an actor in a minute: a loop must not fill a log that is kept for ever. */
const maxWritten = 20;
const minuteMs = 60_000;
/** Minutes of actors that are kept in memory; the oldest goes first. */
const maxMinutes = 5_000;

interface Minute {
  readonly beganAtMs: number;
  written: number;
  /** Those that were not written down, of this minute. */
  unwritten: number;
}

/** Writes refused attempts down: each of them as long as they are few, then how many there were. */
export class RefusedAttempts {
  readonly #minutes = new Map<string, Minute>();

  constructor(
    private readonly log: AuditLog,
    private readonly clock: Pick<Clock, "monotonicMs">,
  ) {}

  async note(attempt: AuditNote): Promise<void> {
    const { minute, missing } = this.#minuteOf(attempt);
    if (minute.written === maxWritten) {
      minute.unwritten += 1;
      return;
    }
    minute.written += 1;
    const remarks = [
      attempt.note,
      missing > 0 ? `Before it ${missing} more were refused that are not written down.` : "",
      minute.written === maxWritten ? "Further ones of this minute are only counted." : "",
    ].filter((remark) => remark);
    await this.log.append({ ...attempt, note: remarks.join(" ") || undefined });
  }

  /** Of what else somebody does another minute is kept: no attempt can be hidden behind many others. @returns `missing` of the minute before, when a new one begins */
  #minuteOf({ origin, action, result }: AuditNote): { readonly minute: Minute; readonly missing: number } {
    const nowMs = this.clock.monotonicMs();
    const key = JSON.stringify([origin.actor.id, action, result]);
    const known = this.#minutes.get(key);
    if (known && nowMs - known.beganAtMs < minuteMs) return { minute: known, missing: 0 };
    const minute = { beganAtMs: nowMs, written: 0, unwritten: 0 };
    this.#minutes.delete(key);
    this.#minutes.set(key, minute);
    const oldest = this.#minutes.size > maxMinutes ? this.#minutes.keys().next().value : undefined;
    if (oldest !== undefined) this.#minutes.delete(oldest);
    return { minute, missing: known?.unwritten ?? 0 };
  }
}
