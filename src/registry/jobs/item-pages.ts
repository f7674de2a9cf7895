import { and, eq, type SQL, sql } from "drizzle-orm";
import type { JobItem, JobItemStatus } from "../../jobs/job.ts";
import type { JobId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { firstOfEach } from "../paging/first-of-each.ts";
import { type KeysetOrder, planPage, toPage } from "../paging/keyset.ts";
import { jobItems } from "../tables/job-items.ts";
import { type ItemRow, itemColumns, toJobItem } from "./job-rows.ts";

const settling: KeysetOrder<ItemRow> = {
  name: "items",
  lead: jobItems.settleOrder,
  direction: "ASC",
  leadOf: (row) => row.settleOrder ?? 0,
  tieOf: () => "",
  parseLead: (value) => (Number.isSafeInteger(value) ? value : undefined),
};

/** Settled items, in the order of settling. @throws InvalidCursor */
export async function pageOfItems(
  orm: Orm,
  id: JobId,
  statuses: readonly JobItemStatus[] | undefined,
  page: PageRequest,
): Promise<Page<JobItem>> {
  const plan = planPage(settling, page);
  const ofStatus = (status: JobItemStatus) =>
    orm
      .select({ ordinal: jobItems.ordinal })
      .from(jobItems, { forceIndex: "job_items_status" })
      .where(and(whereSettled(id, [status]), plan.where))
      .orderBy(...plan.orderBy)
      .limit(plan.limit);
  const statement = orm.select(itemColumns).from(jobItems, statuses ? {} : { forceIndex: "job_items_settled" });
  const narrowed = statuses?.length
    ? statement.innerJoin(firstOfEach(statuses, ofStatus), eq(jobItems.ordinal, sql`hits.ordinal`)).$dynamic()
    : statement.$dynamic();
  const rows = await narrowed
    .where(and(whereSettled(id, statuses), plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return toPage(settling, page, rows, toJobItem);
}

export function whereSettled(id: JobId, statuses: readonly JobItemStatus[] | undefined): SQL | undefined {
  return and(
    eq(jobItems.jobId, id),
    sql`${jobItems.settleOrder} is not null`,
    statuses && isAmong(jobItems.status, statuses),
  );
}
