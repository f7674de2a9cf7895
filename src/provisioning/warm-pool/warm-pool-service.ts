import type { Job, JobKind } from "../../jobs/job.ts";
import type { JobEvents } from "../../jobs/job-feed.ts";
import type { JobRetrier } from "../../jobs/job-retrier.ts";
import type { JobRunner } from "../../jobs/job-runner.ts";
import type { JobStore, NewJob } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import { InvalidInput } from "../../kit/domain-error.ts";
import type { Ids, ServerId, TenantId } from "../../kit/ids.ts";
import type { TenantMigrator } from "../../migrations/tenant-migrator.ts";
import type { WarmPoolStore } from "./warm-pool-store.ts";

const maxTarget = 1_000;

/** What {@link WarmPoolService} works with. */
export interface WarmPoolServiceParts {
  readonly store: Pick<WarmPoolStore, "setTarget" | "readyCounts">;
  readonly jobs: Pick<JobStore, "enqueue">;
  readonly migrator: Pick<TenantMigrator, "folderChecksum">;
  readonly ids: Ids;
  readonly feed: Pick<JobEvents, "publish">;
  /** Told that a job was entered, and that others are to end. */
  readonly runner: Pick<JobRunner, "cancel" | "wake">;
}

/** What the edges may ask of the pools of ready-made databases. It touches no tenant server. */
export class WarmPoolService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["FILL_WARM_POOL"];

  constructor(private readonly parts: WarmPoolServiceParts) {}

  /** Says how many a server keeps, 0..1000, and enters the job that sees to it, in the place of an earlier one; or leaves it to the one that is at the same. @throws InvalidInput, NotFound */
  async setTarget(wish: { readonly serverId: ServerId; readonly target: number }, origin: Origin): Promise<Job> {
    const { serverId, target } = wish;
    if (!Number.isInteger(target) || target < 0 || target > maxTarget) {
      throw new InvalidInput(`The target is 0 to ${maxTarget}.`, { field: ["input", "target"] });
    }
    const job = this.#job({ serverId, target }, origin, "setWarmPoolTarget");
    const { store, feed, runner } = this.parts;
    const entered = await store.setTarget(serverId, target, job, origin);
    for (const event of entered.cancelled) {
      feed.publish(event);
      runner.cancel(event.jobId);
    }
    runner.wake();
    return entered.job;
  }

  /** How many of each server may be claimed now. */
  readyCounts(serverIds: readonly ServerId[]): Promise<ReadonlyMap<ServerId, number>> {
    const { store, migrator } = this.parts;
    return store.readyCounts(serverIds, migrator.folderChecksum());
  }

  retry(job: Job, _tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    return this.parts.jobs.enqueue(this.#job(job.input, origin, "retryJob"), origin);
  }

  #job(input: NewJob["input"], origin: Origin, action: string): NewJob {
    const id = this.parts.ids.next<"Job">();
    return { id, kind: "FILL_WARM_POOL", input, requestedBy: origin.actor, action, items: [] };
  }
}
