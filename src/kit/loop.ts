import type { Clock } from "./clock.ts";
import { DomainError } from "./domain-error.ts";
import type { Logger } from "./logger.ts";

/** Background work: `runOnce` again and again, with a pause that `wake` cuts short. Started and stopped by the composition root only. */
export class Loop {
  #controller: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();
  #wake: (() => void) | undefined;
  #woken = false;

  constructor(
    readonly name: string,
    private readonly runOnce: (signal: AbortSignal) => Promise<void>,
    private readonly pauseMs: () => number,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  start(): void {
    if (this.#controller) return;
    const controller = new AbortController();
    this.#controller = controller;
    this.#done = this.#run(controller.signal);
  }

  /** Cuts the present pause short, or skips the next one. */
  wake(): void {
    this.#woken = true;
    this.#wake?.();
  }

  /** Ends the pause and the work's signal, and waits for the work to end. */
  async stop(): Promise<void> {
    this.#controller?.abort();
    this.#controller = undefined;
    await this.#done;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      try {
        await this.runOnce(signal);
      } catch (error) {
        // A loop outlives its failures: the next turn is the retry, and the log says what happened.
        if (!signal.aborted) this.#tell(error);
      }
      if (!signal.aborted && !this.#woken) await this.#pause(signal);
    }
  }

  #tell(error: unknown): void {
    const data = { loop: this.name, err: error };
    if (error instanceof DomainError && error.retryable) this.logger.warn(data, "loop turn failed");
    else this.logger.error(data, "loop turn failed");
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const onStop = () => wake.abort();
    signal.addEventListener("abort", onStop, { once: true });
    this.#wake = () => wake.abort();
    await this.clock.sleep(this.pauseMs(), wake.signal).catch(() => undefined);
    this.#wake = undefined;
    signal.removeEventListener("abort", onStop);
  }
}
