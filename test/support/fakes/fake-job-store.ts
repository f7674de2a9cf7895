import { changesTenants } from "../../../src/jobs/changing-kinds.ts";
import {
  type Job,
  type JobEvent,
  type JobItem,
  type JobItemCounts,
  type JobItemStatus,
  type JobKind,
  type JobStatus,
  mayBecome,
} from "../../../src/jobs/job.ts";
import type {
  ClaimedJob,
  HandBack,
  JobEnd,
  JobFilter,
  JobLease,
  JobStep,
  JobStore,
  NewJob,
} from "../../../src/jobs/job-store.ts";
import type { Origin } from "../../../src/kit/actor.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import type { Page, PageRequest } from "../../../src/kit/page.ts";
import { addItems, enter, held, refuseBusy, settle, writeEnd, writeStep } from "./fake-job-writes.ts";
import { by, type FakeJob, type FakeRegistry, fakePage } from "./fake-registry.ts";

/** Jobs in memory. */
export class FakeJobStore implements JobStore {
  constructor(private readonly registry: FakeRegistry) {}

  async enqueue(job: NewJob, origin: Origin): Promise<Job> {
    if (job.tenantId !== undefined && changesTenants(job.kind)) refuseBusy(this.registry, [job.tenantId]);
    const entered = enter(this.registry, job, this.registry.clock.now());
    const tenant = job.tenantId === undefined ? undefined : this.registry.tenants.get(job.tenantId);
    if (tenant && changesTenants(job.kind)) tenant.busy = job.id;
    const usual = job.kind.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
    this.#audit(origin, job.action ?? usual, job.id);
    return entered;
  }

  async find(id: JobId): Promise<Job | undefined> {
    return this.registry.jobs.get(id)?.job;
  }

  async findMany(ids: readonly JobId[]): Promise<readonly Job[]> {
    return [...new Set(ids)].flatMap((id) => this.registry.jobs.get(id)?.job ?? []);
  }

  async list(filter: JobFilter, page: PageRequest): Promise<Page<Job>> {
    const order = { name: "jobs", descending: true };
    return fakePage(this.#matching(filter), (job) => [job.createdAt.getTime(), job.id], page, order);
  }

  async count(filter: JobFilter, cap: number): Promise<number> {
    return Math.min(cap, this.#matching(filter).length);
  }

  async claim(
    owner: string,
    leaseMs: number,
    ofOne: readonly JobKind[],
    ofMany = ofOne,
  ): Promise<ClaimedJob | undefined> {
    const [entry] = [...this.registry.jobs.values()]
      .filter((one) => this.#isDue(one, one.job.tenantId === undefined ? ofMany : ofOne))
      .sort(older);
    if (!entry) return undefined;
    const cancelling = entry.job.status === "CANCELLING";
    const at = this.registry.clock.now();
    entry.owner = owner;
    entry.fence += 1;
    entry.leaseEndsAtMs = this.registry.nowMs(entry) + leaseMs;
    const progress = { ...entry.job.progress, phase: cancelling ? "cancelling" : "starting" };
    const step = { progress, message: cancelling ? "Cleaning up." : "Started." };
    writeStep(entry, cancelling ? "CANCELLING" : "RUNNING", step, at, {
      attempts: entry.job.attempts + 1,
      startedAt: entry.job.startedAt ?? at,
    });
    const { job, failures, losses, fence } = entry;
    return { job, failures, losses, lease: { jobId: job.id, owner, fence } };
  }

  async record(lease: JobLease, step: JobStep, leaseMs: number): Promise<JobEvent> {
    const entry = held(this.registry, lease);
    entry.leaseEndsAtMs = this.registry.nowMs(entry) + leaseMs;
    return writeStep(entry, entry.job.status, step, this.registry.clock.now());
  }

  async extend(lease: JobLease, leaseMs: number): Promise<JobStatus> {
    const entry = held(this.registry, lease);
    entry.leaseEndsAtMs = this.registry.nowMs(entry) + leaseMs;
    return entry.job.status;
  }

  async finish(lease: JobLease, end: JobEnd): Promise<JobEvent> {
    return writeEnd(this.registry, held(this.registry, lease), end, this.registry.clock.now());
  }

  async handBack(lease: JobLease, step: JobStep, { delayMs, counted }: HandBack): Promise<JobEvent> {
    const entry = held(this.registry, lease);
    if (!counted) entry.job = { ...entry.job, attempts: entry.job.attempts - 1 };
    entry.owner = undefined;
    entry.availableAtMs = this.registry.nowMs(entry) + delayMs;
    const status = entry.job.status === "CANCELLING" ? "CANCELLING" : "QUEUED";
    const event = writeStep(entry, status, step, this.registry.clock.now());
    if (counted) {
      entry.failures += 1;
      entry.losses = 0;
    }
    return event;
  }

  async requestCancel(
    id: JobId,
    origin: Origin,
  ): Promise<{ readonly job: Job; readonly event?: JobEvent | undefined } | undefined> {
    const entry = this.registry.jobs.get(id);
    if (!entry) return undefined;
    if (!mayBecome(entry.job.status, "CANCELLING")) return { job: entry.job };
    const step = { progress: entry.job.progress, message: "Asked to cancel." };
    entry.availableAtMs = 0;
    const event = writeStep(entry, "CANCELLING", step, this.registry.clock.now());
    this.#audit(origin, "cancelJob", id);
    return { job: entry.job, event };
  }

  async returnLost(liveOwner: string): Promise<readonly JobEvent[]> {
    const events: JobEvent[] = [];
    for (const entry of [...this.registry.jobs.values()].sort(older)) {
      const foreign = entry.owner !== liveOwner;
      if (entry.job.status === "CANCELLING" && foreign) entry.owner = undefined;
      if (entry.job.status !== "RUNNING") continue;
      if (!foreign && entry.leaseEndsAtMs > this.registry.nowMs(entry)) continue;
      entry.owner = undefined;
      if (foreign) entry.losses += 1;
      entry.availableAtMs = 0;
      const why = foreign ? "The process that ran it is gone" : "Its lease ran out";
      const step = { progress: entry.job.progress, message: `${why}; it will be taken up again.` };
      events.push(writeStep(entry, "QUEUED", step, this.registry.clock.now()));
    }
    return events;
  }

  async events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]> {
    const events = this.registry.jobs.get(id)?.events ?? [];
    return events.filter(({ sequence }) => sequence > after).slice(0, limit);
  }

  async addItems(lease: JobLease, tenantIds: readonly TenantId[]): Promise<void> {
    addItems(this.registry, held(this.registry, lease), tenantIds);
  }

  async pendingItems(id: JobId, limit: number, afterTenant?: TenantId): Promise<readonly TenantId[]> {
    const items = this.#items(id);
    const start = items.findIndex(({ tenantId }) => tenantId === afterTenant) + 1;
    const pending = items.slice(start).filter(({ status }) => status === "PENDING");
    return pending.slice(0, limit).map(({ tenantId }) => tenantId);
  }

  async settleItems(lease: JobLease, items: readonly JobItem[]): Promise<void> {
    settle(this.registry, held(this.registry, lease), items);
  }

  async itemCounts(id: JobId): Promise<JobItemCounts> {
    const items = this.#items(id);
    const of = (status: JobItemStatus) => items.filter((item) => item.status === status).length;
    return {
      total: items.length,
      pending: of("PENDING"),
      succeeded: of("SUCCEEDED"),
      failed: of("FAILED"),
      skipped: of("SKIPPED"),
    };
  }

  async items(id: JobId, statuses: readonly JobItemStatus[] | undefined, page: PageRequest): Promise<Page<JobItem>> {
    const place = new Map(this.registry.jobs.get(id)?.settled.map((tenantId, at) => [tenantId, at]));
    return fakePage(this.#settled(id, statuses), ({ tenantId }) => [place.get(tenantId) ?? 0, ""], page, {
      name: "items",
    });
  }

  async countItems(id: JobId, statuses: readonly JobItemStatus[] | undefined): Promise<number> {
    return this.#settled(id, statuses).length;
  }

  async unfinishedItems(id: JobId): Promise<readonly TenantId[]> {
    const unfinished = ({ status, error }: JobItem) =>
      status === "PENDING" || status === "FAILED" || (status === "SKIPPED" && error?.retryable === true);
    return this.#items(id)
      .filter(unfinished)
      .map(({ tenantId }) => tenantId);
  }

  #items(id: JobId): readonly JobItem[] {
    return [...(this.registry.jobs.get(id)?.items.values() ?? [])];
  }

  #settled(id: JobId, statuses: readonly JobItemStatus[] | undefined): readonly JobItem[] {
    return this.#items(id).filter(({ status }) => status !== "PENDING" && (statuses?.includes(status) ?? true));
  }

  #matching({ kinds, statuses, tenantId }: JobFilter): readonly Job[] {
    return [...this.registry.jobs.values()]
      .filter(({ job }) => (kinds?.includes(job.kind) ?? true) && (statuses?.includes(job.status) ?? true))
      .filter(({ job, items }) => tenantId === undefined || job.tenantId === tenantId || items.has(tenantId))
      .map(({ job }) => job);
  }

  #isDue(entry: FakeJob, kinds: readonly JobKind[]): boolean {
    const now = this.registry.nowMs(entry);
    const { job } = entry;
    const waits = job.status === "CANCELLING" || (job.status === "QUEUED" && kinds.includes(job.kind));
    const free = entry.owner === undefined || entry.leaseEndsAtMs <= now;
    return waits && free && entry.availableAtMs <= now;
  }

  #audit(origin: Origin, action: string, id: JobId): void {
    this.registry.audit.push({ origin, action, subject: `Job:${id}`, result: "OK" });
  }
}

function older(a: FakeJob, b: FakeJob): number {
  return a.job.createdAt.getTime() - b.job.createdAt.getTime() || by(a.job.id, b.job.id);
}
