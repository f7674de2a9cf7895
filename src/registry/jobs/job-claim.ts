import { and, eq, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import { format } from "mysql2";
import type { ClaimedJob } from "../../jobs/job-store.ts";
import type { Room } from "../../jobs/lanes.ts";
import type { JobId } from "../../kit/ids.ts";
import type { Orm } from "../database.ts";
import { jobs } from "../tables/jobs.ts";
import { jobColumns, toJob } from "./job-rows.ts";
import { databaseNow, databaseTimeAfter, lockedColumns, writeStep } from "./job-writes.ts";

interface Due {
  readonly id: JobId;
  readonly fence: number;
}

/** Takes the oldest job that is due, by compare-and-set. @returns undefined when none is due */
export async function claimJob(
  tx: Orm,
  owner: string,
  leaseMs: number,
  room: Room,
  at: Date,
): Promise<ClaimedJob | undefined> {
  // Each turn that another process was quicker leaves one job less that is due.
  for (;;) {
    const due = await oldestDue(tx, room);
    if (!due) return undefined;
    const claimed = await take(tx, due, owner, leaseMs, at);
    if (claimed) return claimed;
  }
}

/**
 * One look into the index for each kind, of jobs on one tenant and of others: behind a long queue of other kinds nothing is read in vain. CANCELLING ones need no
 * room. As a text, because it is asked twice a second: the query builder takes milliseconds for two dozen looks.
 */
async function oldestDue(tx: Orm, { ofOne, ofMany }: Room): Promise<Due | undefined> {
  const queued = [...ofOne.map((kind) => [kind, true]), ...ofMany.map((kind) => [kind, false])];
  const looks = [lookFor("jobs_status_created", "status = 'CANCELLING'"), ...queued.map(() => lookForQueued)];
  const [due] = await tx
    .select({ id: sql<JobId>`id`, fence: sql<number>`fence` })
    .from(sql.raw(`(${format(looks.join(" union all "), queued.flat())}) due`))
    .orderBy(sql`created_at`, sql`id`)
    .limit(1);
  return due;
}

function lookFor(index: string, where: string): string {
  const due = "available_at <= UTC_TIMESTAMP(3) and (lease_expires_at is null or lease_expires_at <= UTC_TIMESTAMP(3))";
  const source = `jobs force index (${index})`;
  return `(select id, fence, created_at from ${source} where ${where} and ${due} order by created_at, id limit 1)`;
}

const lookForQueued = lookFor("jobs_due", "status = 'QUEUED' and kind = ? and of_one_tenant = ?");

const isDue: SQL | undefined = and(
  lte(jobs.availableAt, databaseNow),
  or(isNull(jobs.leaseExpiresAt), lte(jobs.leaseExpiresAt, databaseNow)),
);

async function take(tx: Orm, due: Due, owner: string, leaseMs: number, at: Date): Promise<ClaimedJob | undefined> {
  const [taken] = await tx
    .update(jobs)
    .set({
      leaseOwner: owner,
      leaseExpiresAt: databaseTimeAfter(leaseMs),
      fence: sql`${jobs.fence} + 1`,
      attempts: sql`${jobs.attempts} + 1`,
      startedAt: sql`coalesce(${jobs.startedAt}, ${sql.param(at, jobs.startedAt)})`,
    })
    .where(and(eq(jobs.id, due.id), eq(jobs.fence, due.fence), sql`${jobs.status} in ('QUEUED', 'CANCELLING')`, isDue));
  if (taken.affectedRows === 0) return undefined;
  const [row] = await tx
    .select({ ...jobColumns, ...lockedColumns, failures: jobs.failures, losses: jobs.losses })
    .from(jobs)
    .where(eq(jobs.id, due.id));
  if (!row) return undefined;
  const cancelling = row.status === "CANCELLING";
  const status = cancelling ? "CANCELLING" : "RUNNING";
  const phase = cancelling ? "cancelling" : "starting";
  const message = cancelling ? "Cleaning up." : "Started.";
  const event = await writeStep(tx, row, status, { progress: { ...row.progress, phase }, message }, at);
  const { settledItems: _, failures, losses, ...rest } = row;
  const job = toJob({ ...rest, status, progress: event.progress, lastSequence: event.sequence });
  return { job, failures, losses, lease: { jobId: due.id, owner, fence: due.fence + 1 } };
}
