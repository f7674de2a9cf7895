import { and, eq, type SQL, sql } from "drizzle-orm";
import { union } from "drizzle-orm/mysql-core";
import type { JobFilter } from "../../jobs/job-store.ts";
import type { TenantId } from "../../kit/ids.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { isAsciiKey, type KeysetOrder, parseInstant } from "../paging/keyset.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { type JobRow, jobColumns } from "./job-rows.ts";

/** Newest first. */
export const newestJobs: KeysetOrder<JobRow> = {
  name: "jobs",
  lead: jobs.createdAt,
  tie: jobs.id,
  direction: "DESC",
  leadOf: (row) => row.createdAt,
  tieOf: (row) => row.id,
  parseLead: parseInstant,
};

/** The statement's rows of jobs that match. */
export function selectJobs(orm: Orm, filter: JobFilter) {
  const statement = orm.select(jobColumns).from(jobs, hint(filter)).$dynamic();
  return filter.tenantId === undefined ? statement : statement.innerJoin(...jobsOn(orm, filter.tenantId));
}

/** How many jobs match, counted up to `cap`. */
export async function countJobs(orm: Orm, filter: JobFilter, cap: number): Promise<number> {
  const base = orm.select({ id: jobs.id }).from(jobs).$dynamic();
  const scoped = filter.tenantId === undefined ? base : base.innerJoin(...jobsOn(orm, filter.tenantId));
  const capped = scoped.where(whereJobs(filter)).limit(cap).as("capped");
  const [row] = await orm.select({ count: sql<number>`count(*)` }).from(capped);
  return Number(row?.count ?? 0);
}

export function whereJobs({ kinds, statuses, tenantId }: JobFilter): SQL | undefined {
  return and(
    kinds && isAmong(jobs.kind, kinds),
    statuses && isAmong(jobs.status, statuses),
    tenantId !== undefined && !isAsciiKey(tenantId) ? sql`false` : undefined,
  );
}

/** Jobs of the tenant alone, and those that have it among their items: two indexed lookups, united. */
function jobsOn(orm: Orm, tenantId: TenantId) {
  const mine = union(
    orm.select({ id: jobs.id }).from(jobs).where(eq(jobs.tenantId, tenantId)),
    orm.select({ id: jobItems.jobId }).from(jobItems).where(eq(jobItems.tenantId, tenantId)),
  ).as("mine");
  return [mine, eq(mine.id, jobs.id)] as const;
}

/** The index that has the filter's one value and then the order; the optimiser would read all of that value's rows instead. */
function hint({ kinds, statuses, tenantId }: JobFilter): { forceIndex?: string } {
  if (tenantId !== undefined) return {};
  if (!kinds && !statuses) return { forceIndex: "jobs_created" };
  if (kinds?.length === 1 && statuses?.length === 1) return { forceIndex: "jobs_status_kind_created" };
  if (!kinds && statuses?.length === 1) return { forceIndex: "jobs_status_created" };
  if (kinds?.length === 1 && !statuses) return { forceIndex: "jobs_kind_created" };
  return {};
}
