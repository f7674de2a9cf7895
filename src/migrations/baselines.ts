import { withDeadline } from "../kit/deadline.ts";
import type { ServerId } from "../kit/ids.ts";
import type { Logger } from "../kit/logger.ts";
import type { BaselineSource, Folding } from "./baseline.ts";
import type { MigrationFolder } from "./migration-folder.ts";

/** Folding runs all migrations up to three times in scratch databases. */
const foldDeadlineMs = 120_000;

/** One folder's baselines: folded at first need, once per server, kept in memory. */
export class Baselines {
  readonly #known = new Map<ServerId, Promise<Folding>>();

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

  async #fold(serverId: ServerId): Promise<Folding> {
    const folding = await withDeadline("Folding the migrations", foldDeadlineMs, undefined, (signal) =>
      this.source.fold(serverId, this.folder, signal),
    );
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
