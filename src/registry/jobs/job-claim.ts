import { and, eq, isNull, lte, or, type SQL, sql } from "drizzle-orm";
import type { JobKind } from "../../jobs/job.ts";
import type { ClaimedJob, JobScope } from "../../jobs/job-store.ts";
import type { JobId } from "../../kit/ids.ts";
import type { Orm } from "../database.ts";
import { jobs } from "../tables/jobs.ts";
import { jobColumns, toJob } from "./job-rows.ts";
import { databaseNow, databaseTimeAfter, lockedColumns, writeStep } from "./job-writes.ts";

/** What there is room for. */
interface Room {
  readonly kinds: readonly JobKind[];
  readonly scope: JobScope | undefined;
}

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

/** One look into the index for each kind and scope: behind a long queue of other kinds nothing is read in vain. CANCELLING ones need no room. */
async function oldestDue(tx: Orm, { kinds, scope }: Room): Promise<Due | undefined> {
  const look = (index: string, where: SQL | undefined) =>
    tx
      .select({ id: jobs.id, fence: jobs.fence, createdAt: jobs.createdAt })
      .from(jobs, { forceIndex: index })
      .where(and(where, isDue))
      .orderBy(jobs.createdAt, jobs.id)
      .limit(1);
  const scopes = scope === undefined ? [true, false] : [scope === "ONE_TENANT"];
  const queued = (kind: JobKind, ofOneTenant: boolean) =>
    and(eq(jobs.status, "QUEUED"), eq(jobs.kind, kind), eq(jobs.ofOneTenant, ofOneTenant));
  const looks = [
    look("jobs_status_created", eq(jobs.status, "CANCELLING")),
    ...kinds.flatMap((kind) => scopes.map((one) => look("jobs_due", queued(kind, one)))),
  ];
  const [due] = await tx
    .select({ id: sql<JobId>`id`, fence: sql<number>`fence` })
    .from(sql`(${sql.join(looks, sql` union all `)}) due`)
    .orderBy(sql`created_at`, sql`id`)
    .limit(1);
  return due;
}

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
