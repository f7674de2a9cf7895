import { holdingKinds, reservesAtEntry } from "../../../src/jobs/changing-kinds.ts";
import { isFinal, type Job, type JobEvent, type JobItem, type JobStatus, mayBecome } from "../../../src/jobs/job.ts";
import { type DoneAtEntry, jobAtEntry } from "../../../src/jobs/job-entry.ts";
import { type JobEnd, type JobLease, type JobStep, LeaseLost, type NewJob } from "../../../src/jobs/job-store.ts";
import { InvalidState } from "../../../src/kit/domain-error.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import { TenantBusy } from "../../../src/tenants/tenant-store.ts";
import type { FakeJob, FakeRegistry } from "./fake-registry.ts";

/** Refuses when another job changes one of the tenants. @throws TenantBusy */
export function refuseBusy(registry: FakeRegistry, tenantIds: readonly TenantId[]): void {
  for (const id of tenantIds) {
    const busy = registry.tenants.get(id)?.busy;
    if (busy) throw new TenantBusy(busy);
  }
}

/** The test run that has planted something in the tenant's database. */
export function holderOf(registry: FakeRegistry, id: TenantId): JobId | undefined {
  return [...registry.jobs.values()].find(
    ({ job, items }) => holdingKinds.includes(job.kind) && !isFinal(job.status) && items.get(id)?.status === "PENDING",
  )?.job.id;
}

/** Enters a job; whoever calls has made sure that nothing refuses it. */
export function enter(registry: FakeRegistry, wish: NewJob, at: Date, done?: DoneAtEntry): Job {
  const { job, events } = jobAtEntry(wish, at, done);
  const entered: FakeJob = {
    job,
    events: [...events],
    items: new Map(),
    settled: [],
    availableAtMs: 0,
    owner: undefined,
    leaseEndsAtMs: 0,
    fence: 0,
    failures: 0,
    losses: 0,
    passedMs: 0,
  };
  registry.jobs.set(job.id, entered);
  addItems(registry, entered, wish.items);
  return entered.job;
}

/** The job, if the lease on it is alive. @throws LeaseLost */
export function held(registry: FakeRegistry, lease: JobLease): FakeJob {
  const job = registry.jobs.get(lease.jobId);
  const alive =
    job && job.owner === lease.owner && job.fence === lease.fence && job.leaseEndsAtMs > registry.nowMs(job);
  if (!alive) throw new LeaseLost("The lease of the job was lost.");
  return job;
}

/** Writes the next event. */
export function writeStep(
  entry: FakeJob,
  status: JobStatus,
  { progress, message, detail }: JobStep,
  at: Date,
  part: Partial<Job> = {},
): JobEvent {
  const sequence = entry.job.lastSequence + 1;
  if (progress.percent > entry.job.progress.percent) Object.assign(entry, { failures: 0, losses: 0 });
  entry.job = { ...entry.job, ...part, status, progress, lastSequence: sequence };
  const event: JobEvent = { jobId: entry.job.id, sequence, at, status, progress, message, detail };
  entry.events.push(event);
  return event;
}

/** Ends the job and lets go of its tenants. @throws InvalidState */
export function writeEnd(registry: FakeRegistry, entry: FakeJob, end: JobEnd, at: Date): JobEvent {
  if (!mayBecome(entry.job.status, end.status) || !isFinal(end.status)) {
    throw new InvalidState(`A job that is ${entry.job.status} cannot become ${end.status}.`);
  }
  for (const tenant of registry.tenants.values()) if (tenant.busy === entry.job.id) tenant.busy = undefined;
  entry.owner = undefined;
  return writeStep(entry, end.status, end, at, { error: end.error, finishedAt: at });
}

export function addItems(registry: FakeRegistry, entry: FakeJob, tenantIds: readonly TenantId[]): void {
  const changing = reservesAtEntry(entry.job.kind);
  for (const tenantId of tenantIds) {
    if (entry.items.has(tenantId)) continue;
    entry.items.set(tenantId, { tenantId, status: "PENDING", durationMs: 0 });
    const tenant = changing ? registry.tenants.get(tenantId) : undefined;
    if (!tenant) continue;
    if (tenant.busy && tenant.busy !== entry.job.id) {
      const error = { code: "TENANT_BUSY", message: "Another job is changing this tenant.", retryable: true };
      settle(registry, entry, [{ tenantId, status: "SKIPPED", durationMs: 0, error }]);
    } else tenant.busy = entry.job.id;
  }
}

/** Settles what is pending. */
export function settle(registry: FakeRegistry, entry: FakeJob, items: readonly JobItem[]): void {
  for (const item of items) {
    if (item.status === "PENDING" || entry.items.get(item.tenantId)?.status !== "PENDING") continue;
    entry.items.set(item.tenantId, item);
    entry.settled.push(item.tenantId);
    const tenant = registry.tenants.get(item.tenantId);
    if (tenant?.busy === entry.job.id) tenant.busy = undefined;
  }
}
