import type { JobItem } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { TenantHealth } from "../../tenants/tenant.ts";
import type { TestResult } from "../../test-runs/test-run.ts";
import type { Batch } from "../batch.ts";
import { pendingStatement, settleStatements } from "../jobs/item-writes.ts";
import { leaseLost, lockStatement } from "../jobs/job-writes.ts";
import { insertInto, type Statement } from "../statements.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { testResults } from "../tables/test-results.ts";

/**
 * Writes the first result of each tenant, settles its item and, for connection results, its health: a look and a write, each in one
 * packet. @throws LeaseLost
 */
export async function writeResults(
  batch: Batch,
  lease: JobLease,
  results: readonly TestResult[],
  at: Date,
): Promise<void> {
  const ids = [...new Set(results.map(({ tenantId }) => tenantId))];
  const { job, run, known, pending } = await lookOnce(batch, lease, ids);
  if (!job) throw leaseLost();
  const seen = new Set(known.map(({ tenantId }) => tenantId));
  const fresh = results.filter(({ tenantId }) => !seen.has(tenantId) && seen.add(tenantId));
  if (fresh.length === 0) return;
  const ordinals = new Map(pending.map(({ tenantId, ordinal }) => [tenantId, ordinal]));
  await batch.commit([
    ...resultStatements(lease.jobId, fresh, run?.count ?? 0),
    ...settleStatements({ id: lease.jobId, ...job }, fresh.map(toItem), ordinals),
    ...healthStatements(fresh, at),
  ]);
}

/** What stands in the registry before anything is written. */
interface Known {
  /** Absent: the lease was lost. */
  readonly job?: { readonly settledItems: number } | undefined;
  readonly run?: { readonly count: number } | undefined;
  /** Those that have a result already. */
  readonly known: readonly { readonly tenantId: TenantId }[];
  readonly pending: readonly { readonly tenantId: TenantId; readonly ordinal: number }[];
}

async function lookOnce(batch: Batch, lease: JobLease, tenantIds: readonly TenantId[]): Promise<Known> {
  const lock = lockStatement(lease);
  const run = { sql: "select result_count as count from test_runs where id = ?", values: [lease.jobId] };
  const withResult = "select tenant_id as tenantId from test_results where run_id = ? and tenant_id in (?)";
  const known = { sql: withResult, values: [lease.jobId, tenantIds] };
  const pending = pendingStatement(lease.jobId, tenantIds);
  const rows = await batch.send(tenantIds.length === 0 ? [lock] : [lock, run, known, pending]);
  const [ofLock = [], ofRun = [], ofKnown = [], ofPending = []] = rows;
  return { job: ofLock[0], run: ofRun[0], known: ofKnown, pending: ofPending } as Known;
}

function resultStatements(runId: JobId, fresh: readonly TestResult[], before: number): readonly Statement[] {
  const rows = fresh.map((result, position) => {
    const { tenantId, kind, verdict, durationMs, errorCode } = result;
    return { runId, ordinal: before + position + 1, tenantId, kind, verdict, durationMs, errorCode, result };
  });
  const counted = { sql: "update test_runs set result_count = ? where id = ?", values: [before + rows.length, runId] };
  return [...insertInto(testResults, rows), counted];
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

function healthStatements(results: readonly TestResult[], at: Date): readonly Statement[] {
  const seen = results.flatMap((result) => (result.kind === "CONNECTION" ? [toHealth(result, at)] : []));
  return insertInto(tenantHealth, seen, ["reachable", "latencyMs", "rating", "errorCode", "checkedAt"]);
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
