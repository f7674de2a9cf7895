import { boolean, index, int, mysqlTable } from "drizzle-orm/mysql-core";
import type { JobError, JobInput, JobKind, JobStatus, Progress } from "../../jobs/job.ts";
import type { Actor } from "../../kit/actor.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, instantColumn, jsonColumn } from "./columns.ts";

/** Jobs. `available_at` and `lease_expires_at` are times of the database's clock, the others of the service's. */
export const jobs = mysqlTable(
  "jobs",
  {
    id: idColumn<JobId>("id").primaryKey(),
    kind: asciiColumn<JobKind>("kind", 32).notNull(),
    status: asciiColumn<JobStatus>("status", 20).notNull(),
    tenantId: idColumn<TenantId>("tenant_id"),
    /** Whether `tenant_id` is set, as a value by which an index can lead. MariaDB generates none from a CHAR column. */
    ofOneTenant: boolean("of_one_tenant").notNull(),
    input: jsonColumn<JobInput>("input").notNull(),
    requestedBy: jsonColumn<Actor>("requested_by").notNull(),
    progress: jsonColumn<Progress>("progress").notNull(),
    error: jsonColumn<JobError>("error"),
    attempts: int("attempts").notNull(),
    /** Starts in a row that ended in trouble, and starts in a row whose process was gone; the next percent makes them 0. */
    failures: int("failures").notNull().default(0),
    losses: int("losses").notNull().default(0),
    lastSequence: int("last_sequence").notNull(),
    /** Items settled so far: the next one's place in the order of settling. */
    settledItems: int("settled_items").notNull(),
    availableAt: instantColumn("available_at").notNull(),
    leaseOwner: asciiColumn("lease_owner", 64),
    leaseExpiresAt: instantColumn("lease_expires_at"),
    fence: int("fence").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    startedAt: instantColumn("started_at"),
    finishedAt: instantColumn("finished_at"),
  },
  (table) => [
    index("jobs_created").on(table.createdAt, table.id),
    index("jobs_status_created").on(table.status, table.createdAt, table.id),
    index("jobs_kind_created").on(table.kind, table.createdAt, table.id),
    index("jobs_tenant_created").on(table.tenantId, table.createdAt, table.id),
    index("jobs_due").on(table.status, table.kind, table.ofOneTenant, table.createdAt, table.id),
    index("jobs_finished").on(table.finishedAt, table.id),
    index("jobs_status_kind_created").on(table.status, table.kind, table.createdAt, table.id),
  ],
);
