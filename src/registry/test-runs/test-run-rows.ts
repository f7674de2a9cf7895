import type { TestRun, TestSummary } from "../../test-runs/test-run.ts";
import { jobs } from "../tables/jobs.ts";
import { testRuns } from "../tables/test-runs.ts";

/** A run with what it takes from its job. */
export const testRunColumns = {
  id: testRuns.id,
  kind: testRuns.kind,
  status: jobs.status,
  progress: jobs.progress,
  options: testRuns.options,
  requestedBy: jobs.requestedBy,
  verdict: testRuns.verdict,
  rating: testRuns.rating,
  coverage: testRuns.coverage,
  budget: testRuns.budget,
  summary: testRuns.summary,
  recommendations: testRuns.recommendations,
  createdAt: testRuns.createdAt,
  startedAt: jobs.startedAt,
  finishedAt: jobs.finishedAt,
};

export type TestRunRow = Pick<
  typeof testRuns.$inferSelect,
  "id" | "kind" | "options" | "verdict" | "rating" | "coverage" | "budget" | "summary" | "recommendations" | "createdAt"
> &
  Pick<typeof jobs.$inferSelect, "status" | "progress" | "requestedBy" | "startedAt" | "finishedAt">;

export function toTestRun(row: TestRunRow): TestRun {
  return {
    ...row,
    verdict: row.verdict ?? undefined,
    rating: row.rating ?? undefined,
    startedAt: row.startedAt ?? undefined,
    finishedAt: row.finishedAt ?? undefined,
  };
}

/** The summary of a run that has not ended. */
export const noSummary: TestSummary = {
  passed: 0,
  failed: 0,
  inconclusive: 0,
  successRate: 0,
  operations: 0,
  errors: 0,
};
