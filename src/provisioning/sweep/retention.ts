import type { Clock } from "../../kit/clock.ts";
import type { Logger } from "../../kit/logger.ts";

const dayMs = 86_400_000;
/** Small, so that nobody waits for a lock that a clean-up holds. */
const batch = 100;
/** A turn has an end; the next one goes on. */
const batchesPerTurn = 50;
/** Rows of jobs, which are many and small. */
const jobRows = 2_000;

/** The registry, as far as what is over is concerned. Each method is one transaction. */
export interface HistoryStore {
  /**
   * Deletes the oldest jobs that ended before an instant: first their results, items and events, then themselves. At most
   * `limit` rows, so that a large one goes little by little; accepted baselines stay. @returns how many; 0: nothing is left
   */
  deleteEndedJobs(before: Date, limit: number): Promise<number>;
  /** Deletes findings that were observed before an instant and are open no more, at most `limit`. @returns how many */
  deleteClosedFindings(before: Date, limit: number): Promise<number>;
  /** Deletes the oldest idempotency keys that were used before an instant, at most `limit`. @returns how many */
  deleteKeys(before: Date, limit: number): Promise<number>;
}

/** Deletes what is older than it has to be kept, in small portions. Audit log and tombstones stay. */
export class Retention {
  constructor(
    private readonly store: HistoryStore,
    private readonly days: number,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    const now = this.clock.now().getTime();
    const before = new Date(now - this.days * dayMs);
    // A repeated request must be known for a day, however little is kept.
    const keysBefore = new Date(Math.min(before.getTime(), now - dayMs));
    const keys = await this.#inBatches(signal, batch, (limit) => this.store.deleteKeys(keysBefore, limit));
    const jobRowsGone = await this.#inBatches(signal, jobRows, (limit) => this.store.deleteEndedJobs(before, limit));
    const findings = await this.#inBatches(signal, batch, (limit) => this.store.deleteClosedFindings(before, limit));
    if (keys + jobRowsGone + findings > 0)
      this.logger.info({ jobRows: jobRowsGone, keys, findings, before }, "old history deleted");
  }

  async #inBatches(
    signal: AbortSignal,
    limit: number,
    deleteSome: (limit: number) => Promise<number>,
  ): Promise<number> {
    let deleted = 0;
    for (let turn = 0; turn < batchesPerTurn && !signal.aborted; turn += 1) {
      const some = await deleteSome(limit);
      deleted += some;
      if (some === 0) break;
    }
    return deleted;
  }
}
