import { DeadlineExceeded, withDeadline } from "../kit/deadline.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { ServerId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { BaselineSource, Folding } from "./baseline.ts";
import type { MigrationFolder } from "./migration-folder.ts";

/** Folding runs all migrations up to three times in scratch databases. */
const foldDeadlineMs = 120_000;
/** How long a stop waits for scratch databases to be dropped; those of a server that does not answer are remembered. */
const closePatienceMs = 2_000;

/** The service stops while migrations are being folded. */
export class FoldingStopped extends DomainError {
  readonly code = "FOLDING_STOPPED";
  override readonly retryable = true;

  constructor() {
    super("The folding of the migrations was stopped.");
  }
}

/** One folder's baselines: folded at first need, once per server, kept in memory. */
export class Baselines {
  readonly #known = new Map<ServerId, Promise<Folding>>();
  readonly #closing = new AbortController();
  /** What is being folded, until it has tidied up. */
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(
    private readonly folder: MigrationFolder,
    private readonly source: BaselineSource,
    private readonly logger: Logger,
  ) {}

  /** Callers that come while it is being folded wait for the same one; a failure is not kept. @throws MigrationFailed, ServerTrouble, DeadlineExceeded */
  of(serverId: ServerId, signal: AbortSignal): Promise<Folding> {
    let folding = this.#known.get(serverId);
    if (!folding) {
      folding = this.#fold(serverId);
      this.#known.set(serverId, folding);
      folding.catch(() => this.#known.delete(serverId));
    }
    const shared = folding;
    // The folding goes on for the others when one who waits is cancelled.
    return withDeadline("Folding the migrations", foldDeadlineMs, signal, () => shared);
  }

  /** Stops what is being folded, and waits a moment for it to tidy up. */
  async close(): Promise<void> {
    this.#closing.abort(new FoldingStopped());
    try {
      await withDeadline("Tidying up", closePatienceMs, undefined, () => Promise.allSettled(this.#underWay));
    } catch (error) {
      // What is left is remembered, and taken away by the reaper of a next start.
      if (!(error instanceof DeadlineExceeded)) throw error;
    }
  }

  async #fold(serverId: ServerId): Promise<Folding> {
    const folding = await withDeadline("Folding the migrations", foldDeadlineMs, this.#closing.signal, (signal) => {
      const work = this.source.fold(serverId, this.folder, signal);
      this.#underWay.add(work);
      const forget = () => this.#underWay.delete(work);
      work.then(forget, forget);
      return work;
    });
    const facts = { serverId, folder: this.folder.checksum.slice(0, 12) };
    if (folding.kind === "FOLDED") {
      this.logger.info({ ...facts, tables: folding.baseline.tables.length }, "tenant migrations folded");
    } else {
      this.logger.warn(
        { ...facts, reason: folding.reason },
        "tenant migrations cannot be folded, applied step by step",
      );
    }
    return folding;
  }
}
