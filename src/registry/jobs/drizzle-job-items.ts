import { and, asc, eq, gt, isNull, or, type SQL, sql } from "drizzle-orm";
import type { JobItem, JobItemCounts, JobItemStatus } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { RegistryDatabase } from "../database.ts";
import { jobItems } from "../tables/job-items.ts";
import { pageOfItems, whereSettled } from "./item-pages.ts";
import { addItems, settleItems } from "./item-writes.ts";
import { lockForHolder } from "./job-writes.ts";

/** The part of the job store that is about items. */
export class DrizzleJobItems {
  constructor(protected readonly db: RegistryDatabase) {}

  addItems(lease: JobLease, tenantIds: readonly TenantId[]): Promise<void> {
    return this.db.transaction(async (tx) => addItems(tx, await lockForHolder(tx, lease), tenantIds));
  }

  pendingItems(id: JobId, limit: number, afterTenant?: TenantId): Promise<readonly TenantId[]> {
    const ordinal = sql`(select ordinal from ${jobItems} previous
      where previous.job_id = ${id} and previous.tenant_id = ${afterTenant})`;
    const after = afterTenant === undefined ? undefined : gt(jobItems.ordinal, ordinal);
    const where = and(eq(jobItems.jobId, id), eq(jobItems.status, "PENDING"), isNull(jobItems.settleOrder), after);
    return this.#tenants(where, { limit, forceIndex: "job_items_status" });
  }

  settleItems(lease: JobLease, items: readonly JobItem[]): Promise<void> {
    return this.db.transaction(async (tx) => settleItems(tx, await lockForHolder(tx, lease), items));
  }

  itemCounts(id: JobId): Promise<JobItemCounts> {
    return this.db.read(async (orm) => {
      const rows = await orm
        .select({ status: jobItems.status, count: sql<number>`count(*)` })
        .from(jobItems)
        .where(eq(jobItems.jobId, id))
        .groupBy(jobItems.status);
      const of = (status: JobItemStatus) => Number(rows.find((row) => row.status === status)?.count ?? 0);
      const counts = {
        pending: of("PENDING"),
        succeeded: of("SUCCEEDED"),
        failed: of("FAILED"),
        skipped: of("SKIPPED"),
      };
      return { ...counts, total: counts.pending + counts.succeeded + counts.failed + counts.skipped };
    });
  }

  items(id: JobId, statuses: readonly JobItemStatus[] | undefined, page: PageRequest): Promise<Page<JobItem>> {
    return this.db.read((orm) => pageOfItems(orm, id, statuses, page));
  }

  countItems(id: JobId, statuses: readonly JobItemStatus[] | undefined): Promise<number> {
    return this.db.read(async (orm) => {
      const [row] = await orm.select({ count: sql<number>`count(*)` }).from(jobItems).where(whereSettled(id, statuses));
      return Number(row?.count ?? 0);
    });
  }

  unfinishedItems(id: JobId): Promise<readonly TenantId[]> {
    const unfinished = or(
      eq(jobItems.status, "PENDING"),
      eq(jobItems.status, "FAILED"),
      and(eq(jobItems.status, "SKIPPED"), eq(jobItems.retryable, true)),
    );
    return this.#tenants(and(eq(jobItems.jobId, id), unfinished));
  }

  #tenants(
    where: SQL | undefined,
    how: { readonly limit?: number; readonly forceIndex?: string } = {},
  ): Promise<readonly TenantId[]> {
    return this.db.read(async (orm) => {
      const statement = orm
        .select({ tenantId: jobItems.tenantId })
        .from(jobItems, how.forceIndex === undefined ? {} : { forceIndex: how.forceIndex })
        .where(where)
        .orderBy(asc(jobItems.ordinal))
        .$dynamic();
      const rows = await (how.limit === undefined ? statement : statement.limit(how.limit));
      return rows.map((row) => row.tenantId);
    });
  }
}
