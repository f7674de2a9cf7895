import type { Clock } from "../kit/clock.ts";
import type { TestResult } from "./test-run.ts";

/** How results are gathered into transactions. */
export interface WriterPace {
  /** Milliseconds that the first of a batch waits for company. */
  readonly gatherMs: number;
  /** Results that are written without waiting, and at most together. */
  readonly batch: number;
  /** Results that may wait; whoever brings more waits too. */
  readonly bound: number;
}

const defaultPace: WriterPace = { gatherMs: 100, batch: 200, bound: 1_000 };

/** Gathers results and writes them in batches, one batch at a time, beside the probing. */
export class ResultWriter<Result extends TestResult> {
  readonly #waiting: Result[] = [];
  #writing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #hurry = new AbortController();
  #closed = false;

  constructor(
    private readonly write: (results: readonly Result[]) => Promise<void>,
    private readonly clock: Clock,
    private readonly pace: WriterPace = defaultPace,
  ) {}

  /** @throws what an earlier write threw */
  async add(result: Result): Promise<void> {
    this.#throwFailure();
    this.#waiting.push(result);
    // An abort with no reason of its own makes an exception with its stack each time.
    if (this.#waiting.length >= this.pace.batch && !this.#hurry.signal.aborted) this.#hurry.abort();
    this.#writing ??= this.#run();
    if (this.#waiting.length >= this.pace.bound) await this.#writing;
  }

  /** Writes what is left. @throws what a write threw */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hurry.abort();
    await this.#writing;
    this.#throwFailure();
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        await this.clock.sleep(this.pace.gatherMs, this.#hurry.signal).catch(() => undefined);
        await this.write(this.#waiting.splice(0, this.pace.batch));
        // A closed writer stays in a hurry; otherwise the next batch gathers anew.
        if (this.#waiting.length < this.pace.batch && !this.#closed) this.#hurry = new AbortController();
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      this.#writing = undefined;
    }
  }

  #throwFailure(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
