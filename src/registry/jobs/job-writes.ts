import { and, eq, gt, type SQL, sql } from "drizzle-orm";
import type { MySqlUpdateSetSource } from "drizzle-orm/mysql-core";
import { isFinal, type Job, type JobEvent, type JobStatus, mayBecome, type Progress } from "../../jobs/job.ts";
import { type DoneAtEntry, jobAtEntry } from "../../jobs/job-entry.ts";
import { type JobEnd, type JobLease, type JobStep, LeaseLost, type NewJob } from "../../jobs/job-store.ts";
import { InvalidState } from "../../kit/domain-error.ts";
import type { JobId } from "../../kit/ids.ts";
import { databaseClock } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { insertInto, type Statement } from "../statements.ts";
import { jobEvents } from "../tables/job-events.ts";
import { jobs } from "../tables/jobs.ts";
import { releaseAll } from "./busy-tenants.ts";

/** The database's clock, by which leases and waiting are measured. */
export const databaseNow = sql`UTC_TIMESTAMP(3)`;

/** An instant so many milliseconds from now, by the database's clock. */
export function databaseTimeAfter(ms: number): SQL {
  return sql`UTC_TIMESTAMP(3) + INTERVAL ${Math.round(ms * 1_000)} MICROSECOND`;
}

/** What a transaction that changes a job must know of it; its row is locked until the transaction ends. */
export const lockedColumns = {
  id: jobs.id,
  kind: jobs.kind,
  status: jobs.status,
  progress: jobs.progress,
  lastSequence: jobs.lastSequence,
  settledItems: jobs.settledItems,
};
export type LockedJob = Pick<typeof jobs.$inferSelect, keyof typeof lockedColumns>;

/** Enters the job with its first event, or with all of them where it has nothing to do any more. Items are entered by `enterItems`. */
export async function enterJob(tx: Orm, wish: NewJob, at: Date, done?: DoneAtEntry): Promise<Job> {
  const { job, events } = jobAtEntry(wish, at, done);
  await tx.insert(jobs).values({ ...jobRow(job, done), availableAt: databaseNow });
  await tx.insert(jobEvents).values([...events]);
  return job;
}

/** The same as statements of a batch. */
export function jobStatements(
  wish: NewJob,
  at: Date,
  done?: DoneAtEntry,
): { readonly job: Job; readonly statements: readonly Statement[] } {
  const { job, events } = jobAtEntry(wish, at, done);
  const row = { ...jobRow(job, done), availableAt: databaseClock };
  return { job, statements: [...insertInto(jobs, [row]), ...insertInto(jobEvents, events)] };
}

function jobRow(job: Job, done: DoneAtEntry | undefined) {
  return { ...job, ofOneTenant: job.tenantId !== undefined, settledItems: done?.items ?? 0, fence: 0 };
}

/** Locks the job for a holder of its lease. @throws LeaseLost */
export async function lockForHolder(tx: Orm, lease: JobLease): Promise<LockedJob> {
  const [job] = await tx
    .select(lockedColumns)
    .from(jobs)
    .where(and(eq(jobs.id, lease.jobId), heldBy(lease)))
    .for("update");
  if (!job) throw leaseLost();
  return job;
}

export function leaseLost(): LeaseLost {
  return new LeaseLost("The lease of the job was lost.");
}

/** The same as a statement of a batch; who gets no row from it has lost the lease. Reads `kind` and `settledItems`. */
export function lockStatement({ jobId, owner, fence }: JobLease): Statement {
  const held = "lease_owner = ? and fence = ? and lease_expires_at > UTC_TIMESTAMP(3)";
  const sql = `select kind, settled_items as settledItems from jobs where id = ? and ${held} for update`;
  return { sql, values: [jobId, owner, fence] };
}

/** A lease that ran out counts as lost even when nobody has taken the job yet: somebody is about to. */
export function heldBy(lease: JobLease): SQL | undefined {
  return and(eq(jobs.leaseOwner, lease.owner), eq(jobs.fence, lease.fence), gt(jobs.leaseExpiresAt, databaseNow));
}

/** Locks a job for somebody who does not hold its lease. */
export async function lockJob(tx: Orm, id: JobId): Promise<LockedJob | undefined> {
  const [job] = await tx.select(lockedColumns).from(jobs).where(eq(jobs.id, id)).for("update");
  return job;
}

/** Writes the next event of a locked job, its status and progress, and what else changes with it. Whoever gets on has not failed. */
export async function writeStep(
  tx: Orm,
  job: LockedJob,
  status: JobStatus,
  step: JobStep,
  at: Date,
  set: MySqlUpdateSetSource<typeof jobs> = {},
): Promise<JobEvent> {
  const sequence = job.lastSequence + 1;
  const { progress, message, detail } = step;
  const fresh = getsOn(job, progress) ? { failures: 0, losses: 0 } : {};
  await tx
    .update(jobs)
    .set({ ...fresh, ...set, status, progress, lastSequence: sequence })
    .where(eq(jobs.id, job.id));
  await tx.insert(jobEvents).values({ jobId: job.id, sequence, at, status, progress, message, detail: detail ?? null });
  return { jobId: job.id, sequence, at, status, progress, message, detail };
}

/** Percent never falls, so that nobody gets on by doing the same again. */
export function getsOn(job: Pick<LockedJob, "progress">, progress: Progress): boolean {
  return progress.percent > job.progress.percent;
}

/** Wishes that a locked job, which may become CANCELLING, ends. One that waits for its next attempt must not wait for its cleaning up. */
export function writeCancel(tx: Orm, job: LockedJob, message: string, at: Date): Promise<JobEvent> {
  return writeStep(tx, job, "CANCELLING", { progress: job.progress, message }, at, { availableAt: databaseNow });
}

/** Ends a locked job with its final event, and lets go of the tenants that it still has. @throws InvalidState */
export async function writeEnd(tx: Orm, job: LockedJob, end: JobEnd, at: Date): Promise<JobEvent> {
  if (!mayBecome(job.status, end.status) || !isFinal(end.status)) {
    throw new InvalidState(`A job that is ${job.status} cannot become ${end.status}.`);
  }
  await releaseAll(tx, job.id);
  return writeStep(tx, job, end.status, end, at, { error: end.error ?? null, finishedAt: at, ...noLease });
}

/** A job that nobody holds. */
export const noLease = { leaseOwner: null, leaseExpiresAt: null };
