import type { JobEnd } from "../jobs/job-store.ts";
import type { TenantId } from "../kit/ids.ts";
import type { TestRun, TestRunDetail } from "./test-run.ts";

/** The tenants that a job's outcome brought along to be named in its final event. */
export function latestOf({ detail }: JobEnd): readonly TenantId[] {
  const isDetail = (value: unknown): value is Pick<TestRunDetail, "latest"> =>
    typeof value === "object" && value !== null && "latest" in value && Array.isArray(value.latest);
  return isDetail(detail) ? detail.latest : [];
}

/** Why a run ended before its time, as a sentence's end; undefined: it did not. @param pending tenants that it did not reach */
export function cutShort(run: TestRun, end: JobEnd, pending: number): string | undefined {
  if (end.status === "CANCELLED") return "it was cancelled";
  if (end.status === "FAILED") return `it failed (${end.error?.code ?? "INTERNAL"})`;
  return pending > 0 && run.budget.limitedBy.includes("DURATION") ? "its time was over" : undefined;
}

/** Seconds from a run's first start to now. */
export function secondsSinceStart(run: TestRun, now: Date): number {
  return run.startedAt ? Math.max(0, now.getTime() - run.startedAt.getTime()) / 1000 : 0;
}

/** What the final event says: the verdict in figures, and before it how the run ended if not as it should. */
export function endMessage(
  end: JobEnd,
  verdict: string,
  counts: { readonly passed: number; readonly failed: number; readonly inconclusive: number },
): string {
  const said = `${verdict}: ${counts.passed} passed, ${counts.failed} failed, ${counts.inconclusive} inconclusive.`;
  return end.status === "SUCCEEDED" ? said : `${end.message} ${said}`;
}
