import { isFinal } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ScratchRemover } from "../../servers/scratch-remover.ts";
import { jobOfScratch, type ScratchObject, type ScratchStore } from "../../servers/scratch-store.ts";
import { sparesTenant } from "../troubles.ts";

/** Nothing of the service's own that no job made takes longer to be taken away by whoever made it, while that process lives. */
const graceMs = 10 * 60_000;
const perPage = 500;

/** What {@link ScratchReaper} works with. */
export interface ReaperParts {
  readonly scratch: Pick<ScratchStore, "listOlderThan" | "forgetAll">;
  readonly remover: ScratchRemover;
  readonly jobs: Pick<JobStore, "findMany">;
  readonly clock: Clock;
  readonly logger: Logger;
  /** When this process began. One process serves a registry: what no job made before was left by one that is gone. */
  readonly servesSince: Date;
}

/** Takes away what the service made for its own use and a crash has left. It knows names only from what was remembered, never from looking. */
export class ScratchReaper {
  constructor(private readonly parts: ReaperParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    const { scratch, clock, servesSince } = this.parts;
    const now = clock.now();
    const oldMs = Math.max(now.getTime() - graceMs, servesSince.getTime());
    const silent = new Set<ServerId>();
    // To the end: what cannot be taken away now must not hide what can.
    for (let after: ScratchObject | undefined; ; ) {
      const made = await scratch.listOlderThan(now, perPage, after);
      const left = await this.#leftBehind(made, oldMs);
      for (const serverId of new Set(left.map((object) => object.serverId))) {
        signal.throwIfAborted();
        if (silent.has(serverId)) continue;
        const names = left.filter((object) => object.serverId === serverId).map(({ name }) => name);
        if (await this.#remove(serverId, names, signal)) silent.add(serverId);
      }
      after = made.at(-1);
      if (made.length < perPage) return;
    }
  }

  /** What a job that has not ended made is still that job's; what one that has ended made is nobody's, however young. */
  async #leftBehind(objects: readonly ScratchObject[], oldMs: number): Promise<readonly ScratchObject[]> {
    const owners = new Set(objects.flatMap((object) => jobOfScratch(object) ?? []));
    const jobs = await this.parts.jobs.findMany([...owners]);
    const ended = new Map(jobs.map(({ id, status }) => [id, isFinal(status)]));
    return objects.filter((object) => {
      const owner = jobOfScratch(object);
      return (owner && ended.get(owner)) ?? object.createdAt.getTime() < oldMs;
    });
  }

  /** Takes them away. @returns whether their server is in trouble as a whole, so that nothing else will go there either */
  async #remove(serverId: ServerId, names: readonly string[], signal: AbortSignal): Promise<boolean> {
    const { remover, scratch, logger } = this.parts;
    try {
      await remover.remove(serverId, names, signal);
      await scratch.forgetAll(names);
      logger.warn({ serverId, objects: names.length }, "scratch objects of a crash taken away");
      return false;
    } catch (error) {
      signal.throwIfAborted();
      // They stay remembered; the next turn is the retry.
      if (!(error instanceof DomainError)) throw error;
      logger.warn({ serverId, objects: names.length, err: error }, "scratch objects not taken away");
      return sparesTenant(error);
    }
  }
}
