import { and, eq, type SQL, sql } from "drizzle-orm";
import type { JobId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { TestResult, Verdict } from "../../test-runs/test-run.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { firstOfEach } from "../paging/first-of-each.ts";
import { type KeysetOrder, planPage, toPage } from "../paging/keyset.ts";
import { testResults } from "../tables/test-results.ts";

interface ResultRow {
  readonly ordinal: number;
  readonly result: TestResult;
}

const asWritten: KeysetOrder<ResultRow> = {
  name: "results",
  lead: testResults.ordinal,
  direction: "ASC",
  leadOf: (row) => row.ordinal,
  tieOf: () => "",
  parseLead: (value) => (Number.isSafeInteger(value) ? value : undefined),
};

export const resultColumns = { ordinal: testResults.ordinal, result: testResults.result };

/** Results of a run, as they were written. @throws InvalidCursor */
export async function pageOfResults(
  orm: Orm,
  id: JobId,
  verdicts: readonly Verdict[] | undefined,
  page: PageRequest,
): Promise<Page<TestResult>> {
  const plan = planPage(asWritten, page);
  const ofVerdict = (verdict: Verdict) =>
    orm
      .select({ ordinal: testResults.ordinal })
      .from(testResults, { forceIndex: "test_results_verdict" })
      .where(and(whereResults(id, [verdict]), plan.where))
      .orderBy(...plan.orderBy)
      .limit(plan.limit);
  const statement = orm.select(resultColumns).from(testResults).$dynamic();
  const narrowed = verdicts?.length
    ? statement.innerJoin(firstOfEach(verdicts, ofVerdict), eq(testResults.ordinal, sql`hits.ordinal`))
    : statement;
  const rows = await narrowed
    .where(and(whereResults(id, verdicts), plan.where))
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return toPage(asWritten, page, rows, (row) => row.result);
}

export function whereResults(id: JobId, verdicts: readonly Verdict[] | undefined): SQL | undefined {
  return and(eq(testResults.runId, id), verdicts && isAmong(testResults.verdict, verdicts));
}
