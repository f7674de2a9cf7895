import type { Clock } from "../../kit/clock.ts";
import type { Logger } from "../../kit/logger.ts";

const dayMs = 86_400_000;
/** Small, so that nobody waits for a lock that a clean-up holds. */
const batch = 100;
/** A turn has an end; the next one goes on. */
const batchesPerTurn = 50;

/** The registry, as far as what is over is concerned. Each method is one transaction. */
export interface HistoryStore {
  /**
   * Deletes the oldest jobs that ended before an instant, with their events, items, runs and results; at most `limit`.
   * @returns how many
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
    const keys = await this.#inBatches(signal, (limit) => this.store.deleteKeys(keysBefore, limit));
    const jobs = await this.#inBatches(signal, (limit) => this.store.deleteEndedJobs(before, limit));
    const findings = await this.#inBatches(signal, (limit) => this.store.deleteClosedFindings(before, limit));
    if (keys + jobs + findings > 0) this.logger.info({ jobs, keys, findings, before }, "old history deleted");
  }

  async #inBatches(signal: AbortSignal, deleteSome: (limit: number) => Promise<number>): Promise<number> {
    let deleted = 0;
    for (let turn = 0; turn < batchesPerTurn && !signal.aborted; turn += 1) {
      const some = await deleteSome(batch);
      deleted += some;
      if (some < batch) break;
    }
    return deleted;
  }
}
