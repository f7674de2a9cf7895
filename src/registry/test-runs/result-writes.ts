import { and, eq } from "drizzle-orm";
import type { JobItem } from "../../jobs/job.ts";
import type { JobId } from "../../kit/ids.ts";
import type { TenantHealth } from "../../tenants/tenant.ts";
import type { TestResult } from "../../test-runs/test-run.ts";
import { insertRows, isAmong, parts } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { settleItems } from "../jobs/item-writes.ts";
import type { LockedJob } from "../jobs/job-writes.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { testResults } from "../tables/test-results.ts";
import { testRuns } from "../tables/test-runs.ts";

/** Writes the first result of each tenant, settles its item and, for connection results, its health. The run's job is locked. */
export async function writeResults(tx: Orm, job: LockedJob, results: readonly TestResult[], at: Date): Promise<void> {
  const first = new Map(results.toReversed().map((result) => [result.tenantId, result]));
  const fresh = [];
  for (const part of parts(results.filter((result) => first.get(result.tenantId) === result))) {
    const ids = part.map((result) => result.tenantId);
    const known = await tx
      .select({ tenantId: testResults.tenantId })
      .from(testResults)
      .where(and(eq(testResults.runId, job.id), isAmong(testResults.tenantId, ids)));
    const seen = new Set(known.map((row) => row.tenantId));
    fresh.push(...part.filter((result) => !seen.has(result.tenantId)));
  }
  if (fresh.length === 0) return;
  await insertResults(tx, job.id, fresh);
  await settleItems(tx, job, fresh.map(toItem));
  await writeHealth(tx, fresh, at);
}

async function insertResults(tx: Orm, runId: JobId, fresh: readonly TestResult[]): Promise<void> {
  const [run] = await tx.select({ count: testRuns.resultCount }).from(testRuns).where(eq(testRuns.id, runId));
  const before = run?.count ?? 0;
  const rows = fresh.map((result, position) => {
    const { tenantId, kind, verdict, durationMs, errorCode } = result;
    return { runId, ordinal: before + position + 1, tenantId, kind, verdict, durationMs, errorCode, result };
  });
  await insertRows(tx, testResults, rows);
  await tx
    .update(testRuns)
    .set({ resultCount: before + rows.length })
    .where(eq(testRuns.id, runId));
}

/** What a result means for the job's item. What could not be carried out may be tried again. */
function toItem({ tenantId, verdict, durationMs, errorCode, message }: TestResult): JobItem {
  const error = (code: string, sentence: string, retryable: boolean) => ({
    code: errorCode ?? code,
    message: message ?? sentence,
    retryable,
  });
  switch (verdict) {
    case "PASS":
      return { tenantId, status: "SUCCEEDED", durationMs };
    case "FAIL":
      return { tenantId, status: "FAILED", durationMs, error: error("TEST_FAILED", "The test failed.", false) };
    case "INCONCLUSIVE":
      return {
        tenantId,
        status: "SKIPPED",
        durationMs,
        error: error("INCONCLUSIVE", "The test could not be carried out.", true),
      };
  }
}

async function writeHealth(tx: Orm, results: readonly TestResult[], at: Date): Promise<void> {
  const seen = results.flatMap((result) => (result.kind === "CONNECTION" ? [toHealth(result, at)] : []));
  await insertRows(tx, tenantHealth, seen, ["reachable", "latencyMs", "rating", "errorCode", "checkedAt"]);
}

/** Reachable: logged in and got an answer, also where the answer was wrong. Latency: connect and first query. */
function toHealth(result: Extract<TestResult, { kind: "CONNECTION" }>, checkedAt: Date): TenantHealth {
  const { tenantId, connectMs, queryMs, rating, errorCode, verdict } = result;
  const answered = connectMs !== undefined && queryMs !== undefined;
  return {
    tenantId,
    reachable: verdict === "PASS" || answered,
    latencyMs: answered ? connectMs + queryMs : undefined,
    rating,
    errorCode,
    checkedAt,
  };
}
