import { double, index, int, mysqlTable, primaryKey, uniqueIndex } from "drizzle-orm/mysql-core";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { TestKind, TestResult, Verdict } from "../../test-runs/test-run.ts";
import { asciiColumn, idColumn, jsonColumn } from "./columns.ts";

/** What each run says of each tenant, once. The verdict stands beside the whole result because lists are filtered by it. */
export const testResults = mysqlTable(
  "test_results",
  {
    runId: idColumn<JobId>("run_id").notNull(),
    ordinal: int("ordinal").notNull(),
    tenantId: idColumn<TenantId>("tenant_id").notNull(),
    kind: asciiColumn<TestKind>("kind", 20).notNull(),
    verdict: asciiColumn<Verdict>("verdict", 20).notNull(),
    durationMs: double("duration_ms").notNull(),
    errorCode: asciiColumn("error_code", 64),
    result: jsonColumn<TestResult>("result").notNull(),
  },
  (table) => [
    primaryKey({ name: "test_results_pk", columns: [table.runId, table.ordinal] }),
    uniqueIndex("test_results_tenant").on(table.runId, table.tenantId),
    index("test_results_verdict").on(table.runId, table.verdict, table.ordinal),
  ],
);
