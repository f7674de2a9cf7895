import { and, eq, inArray, isNotNull, notInArray } from "drizzle-orm";
import { holdingKinds } from "../../jobs/changing-kinds.ts";
import { isFinal, type JobStatus, jobStatuses } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Orm } from "../database.ts";
import { reserve } from "../jobs/busy-tenants.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { pendingPasswords } from "../tables/pending-passwords.ts";
import { tenants } from "../tables/tenants.ts";
import { lockTenant } from "./tenant-rows.ts";

const ended: readonly JobStatus[] = jobStatuses.filter(isFinal);

/** Gives a tenant to a job, unless another one has it or has planted something in it. @throws LeaseLost, NotFound */
export async function occupy(tx: Orm, lease: JobLease, id: TenantId): Promise<"TAKEN" | JobId> {
  const job = await lockForHolder(tx, lease);
  // First, so that a test that begins at the same time sees the reservation or is seen here.
  await lockTenant(tx, id);
  const holder = (await holderOf(tx, id)) ?? (await reserve(tx, job.id, [id])).get(id);
  return holder ?? "TAKEN";
}

/** The test run whose item of this locked tenant is open, where its kind plants something in the tenant's database. */
export async function holderOf(tx: Orm, id: TenantId): Promise<JobId | undefined> {
  const [holder] = await tx
    .select({ jobId: jobs.id })
    .from(jobItems)
    .innerJoin(jobs, eq(jobs.id, jobItems.jobId))
    .where(
      and(
        eq(jobItems.tenantId, id),
        eq(jobItems.status, "PENDING"),
        inArray(jobs.kind, [...holdingKinds]),
        notInArray(jobs.status, [...ended]),
      ),
    )
    .limit(1);
  return holder?.jobId;
}

/** Which jobs change these tenants. Locks their rows for a moment, so that an admission under way is waited for. */
export async function busyJobs(tx: Orm, ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>> {
  if (ids.length === 0) return new Map();
  const rows = await tx
    .select({ id: tenants.id, jobId: tenants.busyJobId })
    .from(tenants)
    .where(and(inArray(tenants.id, [...ids]), isNotNull(tenants.busyJobId)))
    .for("update");
  return new Map(rows.flatMap(({ id, jobId }) => (jobId ? [[id, jobId] as const] : [])));
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
