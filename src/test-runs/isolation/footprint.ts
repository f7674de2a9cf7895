import { QueueTimeout } from "../../kit/concurrency.ts";
import type { JobId, ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ScratchRemover } from "../../servers/scratch-remover.ts";
import { type ScratchStore, scratchPurpose } from "../../servers/scratch-store.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";

/** Milliseconds for removing while nobody is in a hurry. */
const removeMs = 30_000;

/** Everything that one run has on the servers: remembered before it is made, forgotten when it is gone. */
export class Footprint {
  readonly #purpose: string;

  constructor(
    private readonly store: ScratchStore,
    private readonly remover: ScratchRemover,
    runId: JobId,
    private readonly logger: Logger,
  ) {
    this.#purpose = scratchPurpose("isolation", runId);
  }

  /** To be called before the things are made. */
  remember(serverId: ServerId, names: readonly string[]): Promise<void> {
    return this.store.rememberAll(names, serverId, this.#purpose);
  }

  /** Removes and forgets. What its server does not let go of now stays remembered, for a reaper. @param signal cuts it short */
  async clear(serverId: ServerId, names: readonly string[], signal: AbortSignal): Promise<void> {
    const patience = AbortSignal.any([signal, AbortSignal.timeout(removeMs)]);
    try {
      await this.remover.remove(serverId, names, patience);
    } catch (error) {
      const trouble = error instanceof ServerTrouble || error instanceof QueueTimeout;
      if (!trouble && !patience.aborted) throw error;
      this.logger.warn(
        { serverId, objects: names.length, err: error },
        "isolation run could not clear up, will be tried again",
      );
      return;
    }
    await this.store.forgetAll(names);
  }

  /** Removes whatever an earlier start of the run has left. */
  async clearAll(signal: AbortSignal): Promise<void> {
    const left = await this.store.listByPurpose(this.#purpose);
    for (const serverId of new Set(left.map((object) => object.serverId))) {
      const names = left.filter((object) => object.serverId === serverId).map(({ name }) => name);
      await this.clear(serverId, names, signal);
    }
  }
}
