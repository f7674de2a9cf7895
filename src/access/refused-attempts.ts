import type { Clock } from "../kit/clock.ts";
import { AttemptWindow } from "./attempt-window.ts";
import type { AuditLog, AuditNote } from "./audit.ts";

/** Windows that are kept in memory; the oldest goes first. */
const maxWindows = 1_000;

/**
 * Writes refused attempts down: each of them as long as they are few, then how many there were. A loop must not fill a log that is
 * kept for ever, and nothing may be hidden behind one.
 */
export class RefusedAttempts {
  /** By actor and action. */
  readonly #windows = new Map<string, AttemptWindow>();

  constructor(
    private readonly log: AuditLog,
    private readonly clock: Pick<Clock, "monotonicMs">,
  ) {}

  async note(attempt: AuditNote): Promise<void> {
    const { window, forgotten } = this.#windowOf(attempt);
    if (forgotten) await this.#writeCounted(forgotten);
    const taken = window.take(attempt);
    if (!taken) return;
    try {
      await this.log.append(taken.row);
    } catch (error) {
      taken.giveBack();
      throw error;
    }
  }

  /** Ends the windows whose time is over. What cannot be written down now stays counted. */
  async runOnce(): Promise<void> {
    for (const [key, window] of this.#windows) {
      if (!window.isOver(this.clock.monotonicMs())) continue;
      await this.#writeCounted(window);
      const next = window.next(this.clock.monotonicMs());
      // Meanwhile it may have been forgotten, or have made room for another.
      if (this.#windows.get(key) !== window) continue;
      if (next) this.#windows.set(key, next);
      else this.#windows.delete(key);
    }
  }

  /** Writes down what is only counted so far. */
  async close(): Promise<void> {
    for (const window of this.#windows.values()) await this.#writeCounted(window);
  }

  #windowOf({ origin, action }: AuditNote): { readonly window: AttemptWindow; readonly forgotten?: AttemptWindow } {
    const key = JSON.stringify([origin.actor.id, action]);
    const known = this.#windows.get(key);
    if (known) return { window: known };
    const window = new AttemptWindow(this.clock.monotonicMs());
    const [oldest] = this.#windows.size < maxWindows ? [] : this.#windows;
    if (oldest) this.#windows.delete(oldest[0]);
    this.#windows.set(key, window);
    return oldest ? { window, forgotten: oldest[1] } : { window };
  }

  async #writeCounted(window: AttemptWindow): Promise<void> {
    for (const { row, giveBack } of window.counted()) {
      try {
        await this.log.append(row);
      } catch (error) {
        giveBack();
        throw error;
      }
    }
  }
}
