import { boolean, double, index, int, mysqlTable, primaryKey, uniqueIndex } from "drizzle-orm/mysql-core";
import type { JobError, JobItemStatus } from "../../jobs/job.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, jsonColumn } from "./columns.ts";

/** The tenants in each job's scope. `ordinal` is the order of adding, `settle_order` that of settling; both from 1. */
export const jobItems = mysqlTable(
  "job_items",
  {
    jobId: idColumn<JobId>("job_id").notNull(),
    ordinal: int("ordinal").notNull(),
    tenantId: idColumn<TenantId>("tenant_id").notNull(),
    status: asciiColumn<JobItemStatus>("status", 20).notNull(),
    durationMs: double("duration_ms").notNull(),
    error: jsonColumn<JobError>("error"),
    /** Whether the error is retryable, where a query can see it. */
    retryable: boolean("retryable").notNull(),
    settleOrder: int("settle_order"),
    fromVersion: asciiColumn("from_version", 255),
    toVersion: asciiColumn("to_version", 255),
  },
  (table) => [
    primaryKey({ name: "job_items_pk", columns: [table.jobId, table.ordinal] }),
    uniqueIndex("job_items_tenant").on(table.jobId, table.tenantId),
    index("job_items_settled").on(table.jobId, table.settleOrder),
    // Settled ones of a status in the order of settling; PENDING ones, which have no place in it, as they were added.
    index("job_items_status").on(table.jobId, table.status, table.settleOrder, table.ordinal),
    index("job_items_of_tenant").on(table.tenantId, table.jobId),
  ],
);
