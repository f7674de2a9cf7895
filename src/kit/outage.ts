import type { Clock } from "./clock.ts";
import type { Logger } from "./logger.ts";

/** Between two lines that say that it still goes on. Milliseconds. */
const remindMs = 60_000;

/**
 * Trouble that everything meets at once, told once: a line when something goes away, at most one a minute while it is away, and
 * one when it is back. What met it is told at the level of debugging.
 */
export class Outage {
  #sinceMs: number | undefined;
  #toldAtMs = 0;
  #untold = 0;
  #metLately = false;

  /** @param what is away: said in the lines @param means whether trouble means it @param to where the lines go */
  constructor(
    private readonly what: string,
    private readonly means: (error: unknown) => boolean,
    private readonly clock: Clock,
    private readonly to: Logger,
  ) {}

  /** For everybody who may meet it: leaves out the lines that would say it again. */
  get logger(): Logger {
    return this.#leavingOut(this.to);
  }

  /**
   * It answered. That counts when nobody met trouble since the answer before, so that what answers one in two does not come and
   * go in the log; so it is for somebody who asks in regular turns.
   */
  answered(): void {
    if (this.#sinceMs === undefined) return;
    if (this.#metLately) {
      this.#metLately = false;
      return;
    }
    const ms = Math.round(this.clock.monotonicMs() - this.#sinceMs);
    this.to.info({ ms, linesLeftOut: this.#untold }, `${this.what} answers again`);
    this.#sinceMs = undefined;
  }

  #leavingOut(logger: Logger): Logger {
    return {
      debug: (data, event) => logger.debug(data, event),
      info: (data, event) => logger.info(data, event),
      warn: (data, event) => (this.#isIt(data) ? this.#met(logger, data, event) : logger.warn(data, event)),
      error: (data, event) => logger.error(data, event),
      child: (bindings) => this.#leavingOut(logger.child(bindings)),
    };
  }

  #isIt(data: object): boolean {
    return "err" in data && this.means(data.err);
  }

  #met(logger: Logger, data: object, event: string): void {
    const nowMs = this.clock.monotonicMs();
    this.#metLately = true;
    if (this.#sinceMs === undefined) {
      this.#sinceMs = nowMs;
      this.#toldAtMs = nowMs;
      this.#untold = 0;
      logger.warn({ ...data, met: event }, `${this.what} does not answer`);
      return;
    }
    this.#untold += 1;
    logger.debug(data, event);
    if (nowMs - this.#toldAtMs < remindMs) return;
    this.#toldAtMs = nowMs;
    const ms = Math.round(nowMs - this.#sinceMs);
    this.to.warn({ ms, linesLeftOut: this.#untold }, `${this.what} still does not answer`);
  }
}
