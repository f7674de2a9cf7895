import { mysqlTable } from "drizzle-orm/mysql-core";
import type { JobId } from "../../kit/ids.ts";
import type { TestKind } from "../../test-runs/test-run.ts";
import { asciiColumn, idColumn, instantColumn } from "./columns.ts";

/** What is remembered of each kind of test, beyond its runs. */
export const testKinds = mysqlTable("test_kinds", {
  kind: asciiColumn<TestKind>("kind", 20).primaryKey(),
  /** The newest run of a kind of which only one may be under way. */
  loneRunId: idColumn<JobId>("lone_run_id"),
  /** The run that later ones are held against. */
  baselineRunId: idColumn<JobId>("baseline_run_id"),
  baselineAcceptedAt: instantColumn("baseline_accepted_at"),
});
