import { boolean, index, int, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { JobId, ScheduleId } from "../../kit/ids.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn, jsonColumn, proseColumn } from "./columns.ts";

/** Runs that are started again and again. All times are of the service's clock. */
export const schedules = mysqlTable(
  "schedules",
  {
    id: idColumn<ScheduleId>("id").primaryKey(),
    name: exactTextColumn("name", 100).notNull(),
    /** Kind and options. */
    run: jsonColumn<unknown>("run").notNull(),
    cron: asciiColumn("cron", 100).notNull(),
    timeZone: asciiColumn("time_zone", 64).notNull(),
    enabled: boolean("enabled").notNull(),
    /** NULL while it is not enabled. */
    nextRunAt: instantColumn("next_run_at"),
    /** When the run fell due that is being started now. */
    startingAt: instantColumn("starting_at"),
    lastRunAt: instantColumn("last_run_at"),
    lastJobId: idColumn<JobId>("last_job_id"),
    lastMissedAt: instantColumn("last_missed_at"),
    lastMissedReason: proseColumn("last_missed_reason"),
    missedTotal: int("missed_total").notNull(),
    createdAt: instantColumn("created_at").notNull(),
    updatedAt: instantColumn("updated_at").notNull(),
  },
  (table) => [
    uniqueIndex("schedules_name").on(table.name),
    index("schedules_next").on(table.nextRunAt),
    index("schedules_starting").on(table.startingAt),
  ],
);
