import { int, mysqlTable, primaryKey } from "drizzle-orm/mysql-core";
import type { JobStatus, Progress } from "../../jobs/job.ts";
import type { JobId } from "../../kit/ids.ts";
import { asciiColumn, idColumn, instantColumn, jsonColumn, proseColumn } from "./columns.ts";

/** The steps of each job's life, numbered from 1 without a gap. */
export const jobEvents = mysqlTable(
  "job_events",
  {
    jobId: idColumn<JobId>("job_id").notNull(),
    sequence: int("sequence").notNull(),
    at: instantColumn("at").notNull(),
    status: asciiColumn<JobStatus>("status", 20).notNull(),
    progress: jsonColumn<Progress>("progress").notNull(),
    message: proseColumn("message").notNull(),
    detail: jsonColumn<unknown>("detail"),
  },
  (table) => [primaryKey({ name: "job_events_pk", columns: [table.jobId, table.sequence] })],
);
