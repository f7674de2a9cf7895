import { and, asc, eq, inArray, isNotNull, notInArray } from "drizzle-orm";
import { holdingKinds } from "../../jobs/changing-kinds.ts";
import { isFinal, type JobStatus, jobStatuses } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Occupied } from "../../tenants/tenant-store.ts";
import { isAmong, parts } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { release, reserve } from "../jobs/busy-tenants.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { pendingPasswords } from "../tables/pending-passwords.ts";
import { tenants } from "../tables/tenants.ts";
import { lockTenant, tenantColumns, toTenant } from "./tenant-rows.ts";

const ended: readonly JobStatus[] = jobStatuses.filter(isFinal);

/** Gives a tenant to a job, unless another one has it or has planted something in it. @throws LeaseLost, NotFound */
export async function occupy(tx: Orm, lease: JobLease, id: TenantId): Promise<"TAKEN" | JobId> {
  const job = await lockForHolder(tx, lease);
  // First, so that a test that begins at the same time sees the reservation or is seen here.
  await lockTenant(tx, id);
  const holder = (await holderOf(tx, id)) ?? (await reserve(tx, job.id, [id])).get(id);
  return holder ?? "TAKEN";
}

/** The same for many at once; one that does not exist is not told of. @throws LeaseLost */
export async function occupyMany(tx: Orm, lease: JobLease, ids: readonly TenantId[]): Promise<Occupied> {
  const job = await lockForHolder(tx, lease);
  if (ids.length === 0) return { taken: [], busy: new Map() };
  const rows = await tx
    .select(tenantColumns)
    .from(tenants)
    .where(inArray(tenants.id, [...ids]))
    .orderBy(asc(tenants.id))
    .for("update");
  const busy = new Map(await holdersOf(tx, ids));
  const open = rows.map(({ id }) => id).filter((id) => !busy.has(id));
  for (const [id, holder] of await reserve(tx, job.id, open)) busy.set(id, holder);
  return { taken: rows.filter(({ id }) => !busy.has(id)).map(toTenant), busy };
}

/** Takes from a job what it was given and did not touch. @throws LeaseLost */
export async function letGo(tx: Orm, lease: JobLease, ids: readonly TenantId[]): Promise<void> {
  const job = await lockForHolder(tx, lease);
  await release(tx, job.id, ids);
}

/** The test run whose item of this locked tenant is open, where its kind plants something in the tenant's database. */
export async function holderOf(tx: Orm, id: TenantId): Promise<JobId | undefined> {
  return (await holdersOf(tx, [id])).get(id);
}

async function holdersOf(tx: Orm, ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>> {
  const rows = await tx
    .select({ id: jobItems.tenantId, jobId: jobs.id })
    .from(jobItems)
    .innerJoin(jobs, eq(jobs.id, jobItems.jobId))
    .where(
      and(
        inArray(jobItems.tenantId, [...ids]),
        eq(jobItems.status, "PENDING"),
        inArray(jobs.kind, [...holdingKinds]),
        notInArray(jobs.status, [...ended]),
      ),
    );
  return new Map(rows.map(({ id, jobId }) => [id, jobId]));
}

/** Which jobs change these tenants. Locks their rows for a moment, so that an admission under way is waited for. */
export async function busyJobs(tx: Orm, ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>> {
  const busy = new Map<TenantId, JobId>();
  for (const part of parts(ids)) {
    const rows = await tx
      .select({ id: tenants.id, jobId: tenants.busyJobId })
      .from(tenants)
      .where(and(isAmong(tenants.id, part), isNotNull(tenants.busyJobId)))
      .for("update");
    for (const { id, jobId } of rows) if (jobId) busy.set(id, jobId);
  }
  return busy;
}

/** Whether the tenant's password is being changed, or a change of it was left unfinished. */
export async function rotationOf(orm: Orm, id: TenantId): Promise<{ readonly jobId?: JobId | undefined } | undefined> {
  const [row] = await orm
    .select({ pending: pendingPasswords.tenantId, jobId: tenants.busyJobId, kind: jobs.kind })
    .from(tenants)
    .leftJoin(pendingPasswords, eq(pendingPasswords.tenantId, tenants.id))
    .leftJoin(jobs, eq(jobs.id, tenants.busyJobId))
    .where(eq(tenants.id, id));
  if (!row || (row.pending === null && row.kind !== "ROTATE_CREDENTIALS")) return undefined;
  return { jobId: row.jobId ?? undefined };
}
