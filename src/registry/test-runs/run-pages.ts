import { and, eq, type SQL, sql } from "drizzle-orm";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { TestKind, TestRun, TestRunFilter } from "../../test-runs/test-run.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { firstOfEach } from "../paging/first-of-each.ts";
import { type KeysetOrder, type KeysetPlan, parseInstant, planPage, toPage } from "../paging/keyset.ts";
import { jobs } from "../tables/jobs.ts";
import { testRuns } from "../tables/test-runs.ts";
import { type TestRunRow, testRunColumns, toTestRun } from "./test-run-rows.ts";

const newestRuns: KeysetOrder<TestRunRow> = {
  name: "test runs",
  lead: testRuns.createdAt,
  tie: testRuns.id,
  direction: "DESC",
  leadOf: (row) => row.createdAt,
  tieOf: (row) => row.id,
  parseLead: parseInstant,
};

/** Newest first. @throws InvalidCursor */
export async function pageOfRuns(orm: Orm, filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>> {
  const plan = planPage(newestRuns, page);
  const rows = await selectRuns(orm, filter, plan)
    .innerJoin(jobs, eq(jobs.id, testRuns.id))
    .where(and(whereRuns(filter), plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return toPage(newestRuns, page, rows, toTestRun);
}

export function whereRuns({ kinds, statuses }: TestRunFilter): SQL | undefined {
  return and(kinds && isAmong(testRuns.kind, kinds), statuses && isAmong(jobs.status, statuses));
}

/** From the index that has the order; a status is the job's, and may be found there more quickly. */
function selectRuns(orm: Orm, { kinds, statuses }: TestRunFilter, plan: KeysetPlan) {
  const select = (hint: { readonly forceIndex?: string }) => orm.select(testRunColumns).from(testRuns, hint).$dynamic();
  if (statuses) return select({});
  if (!kinds) return select({ forceIndex: "test_runs_created" });
  if (kinds.length < 2) return select({ forceIndex: "test_runs_kind_created" });
  const ofKind = (kind: TestKind) =>
    orm
      .select({ id: testRuns.id })
      .from(testRuns, { forceIndex: "test_runs_kind_created" })
      .where(and(eq(testRuns.kind, kind), plan.where))
      .orderBy(...plan.orderBy)
      .limit(plan.limit);
  return select({}).innerJoin(firstOfEach(kinds, ofKind), eq(testRuns.id, sql`hits.id`));
}
