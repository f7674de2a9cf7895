import { index, int, mysqlTable } from "drizzle-orm/mysql-core";
import type { JobId } from "../../kit/ids.ts";
import type { Rating } from "../../tenants/tenant.ts";
import type { TestBudget, TestCoverage, TestKind, TestSummary, Verdict } from "../../test-runs/test-run.ts";
import { asciiColumn, idColumn, instantColumn, jsonColumn } from "./columns.ts";

/** What a test run adds to the job with the same id. */
export const testRuns = mysqlTable(
  "test_runs",
  {
    id: idColumn<JobId>("id").primaryKey(),
    kind: asciiColumn<TestKind>("kind", 20).notNull(),
    options: jsonColumn<Readonly<Record<string, unknown>>>("options").notNull(),
    verdict: asciiColumn<Verdict>("verdict", 20),
    rating: asciiColumn<Rating>("rating", 20),
    coverage: jsonColumn<TestCoverage>("coverage").notNull(),
    budget: jsonColumn<TestBudget>("budget").notNull(),
    summary: jsonColumn<TestSummary>("summary").notNull(),
    recommendations: jsonColumn<readonly string[]>("recommendations").notNull(),
    /** Results written so far: the next one's ordinal. */
    resultCount: int("result_count").notNull(),
    /** The job's, repeated for the order of the list. */
    createdAt: instantColumn("created_at").notNull(),
  },
  (table) => [
    index("test_runs_created").on(table.createdAt, table.id),
    index("test_runs_kind_created").on(table.kind, table.createdAt, table.id),
  ],
);
