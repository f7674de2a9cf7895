import type { JobStore } from "../../jobs/job-store.ts";
import type { JobId } from "../../kit/ids.ts";
import type { TestRunDetail, TestSummary } from "../test-run.ts";

/** Figures of a load as a whole. */
export type LoadCount = Pick<TestSummary, "operations" | "errors" | "successRate" | "operationsPerSecond" | "latency">;

/** Events without figures that may follow the last one with some: being lost, returned and claimed again, several times. */
const looked = 50;

/** What the last event that counted operations told of the load; undefined: none was told of. */
export async function lastCount(jobs: Pick<JobStore, "find" | "events">, runId: JobId): Promise<LoadCount | undefined> {
  const last = (await jobs.find(runId))?.lastSequence ?? 0;
  const events = await jobs.events(runId, Math.max(0, last - looked), looked);
  const counting = events.map(({ detail }) => detail).findLast(countsOperations);
  if (!counting) return undefined;
  const { operations, errors, operationsPerSecond, latency } = counting;
  return { operations, errors, successRate: (operations - errors) / operations, operationsPerSecond, latency };
}

/** The border to what was stored as JSON by this service. */
function countsOperations(detail: unknown): detail is TestRunDetail {
  return typeof detail === "object" && detail !== null && "operations" in detail && Number(detail.operations) > 0;
}
