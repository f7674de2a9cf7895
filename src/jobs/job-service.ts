import type { Origin } from "../kit/actor.ts";
import { InvalidState, NotFound } from "../kit/domain-error.ts";
import type { JobId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import { isFinal, type Job, type JobItem, type JobItemStatus } from "./job.ts";
import type { JobEvents } from "./job-feed.ts";
import type { JobRetrier } from "./job-retrier.ts";
import type { JobRunner } from "./job-runner.ts";
import type { JobFilter, JobStore } from "./job-store.ts";

const idField: readonly string[] = ["input", "id"];

/** What the edges may ask of jobs. It touches no tenant server. */
export class JobService {
  constructor(
    private readonly store: JobStore,
    private readonly feed: JobEvents,
    private readonly runner: Pick<JobRunner, "cancel" | "wake">,
    private readonly retriers: readonly JobRetrier[],
  ) {}

  find(id: JobId): Promise<Job | undefined> {
    return this.store.find(id);
  }

  findMany(ids: readonly JobId[]): Promise<readonly Job[]> {
    return this.store.findMany(ids);
  }

  /** Newest first. @throws InvalidCursor */
  list(filter: JobFilter, page: PageRequest): Promise<Page<Job>> {
    return this.store.list(filter, page);
  }

  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: JobFilter, cap = 10_001): Promise<number> {
    return this.store.count(filter, cap);
  }

  /** Settled items in the order they were settled. @throws InvalidCursor */
  items(id: JobId, statuses: readonly JobItemStatus[] | undefined, page: PageRequest): Promise<Page<JobItem>> {
    return this.store.items(id, statuses, page);
  }

  countItems(id: JobId, statuses: readonly JobItemStatus[] | undefined): Promise<number> {
    return this.store.countItems(id, statuses);
  }

  /** Wishes that the job ends. Repeating it is harmless; an ended job stays as it is. @returns the job as it is now @throws NotFound */
  async cancel(id: JobId, origin: Origin): Promise<Job> {
    const wished = await this.store.requestCancel(id, origin);
    if (!wished) throw new NotFound("There is no such job.", { field: idField });
    if (wished.event) this.feed.publish(wished.event);
    if (!isFinal(wished.job.status)) this.runner.cancel(id);
    return wished.job;
  }

  /** Enters a new job that takes what failed or was not reached; the ended job stays ended. @throws NotFound, InvalidState, TenantBusy */
  async retry(id: JobId, origin: Origin): Promise<Job> {
    const job = await this.store.find(id);
    if (!job) throw new NotFound("There is no such job.", { field: idField });
    if (!isFinal(job.status))
      throw new InvalidState(`The job is ${job.status}; only an ended job can be retried.`, { field: idField });
    const retrier = this.retriers.find(({ kinds }) => kinds.includes(job.kind));
    if (!retrier) throw new InvalidState(`A job of the kind ${job.kind} cannot be retried.`, { field: idField });
    const tenantIds = await this.store.unfinishedItems(id);
    if (tenantIds.length === 0 && !(await this.#endedBeforeItsScope(job))) {
      throw new InvalidState("Nothing is left to retry: every tenant of the job was done.", { field: idField });
    }
    const retried = await retrier.retry(job, tenantIds, origin);
    this.runner.wake();
    return retried;
  }

  async #endedBeforeItsScope(job: Job): Promise<boolean> {
    return job.status !== "SUCCEEDED" && (await this.store.itemCounts(job.id)).total === 0;
  }
}
