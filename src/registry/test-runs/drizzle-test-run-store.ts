import { and, eq, gt, inArray, sql } from "drizzle-orm";
import type { JobEvent } from "../../jobs/job.ts";
import type { JobEnd, JobLease } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids, JobId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type {
  TestBudget,
  TestCoverage,
  TestResult,
  TestRun,
  TestRunFilter,
  Verdict,
} from "../../test-runs/test-run.ts";
import type { NewTestRun, TestRunConclusion, TestRunStore, VerdictCounts } from "../../test-runs/test-run-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import { isAmong } from "../bulk.ts";
import type { RegistryDatabase } from "../database.ts";
import { enterItems } from "../jobs/item-writes.ts";
import { enterJob, lockForHolder, writeEnd } from "../jobs/job-writes.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { jobs } from "../tables/jobs.ts";
import { testResults } from "../tables/test-results.ts";
import { testRuns } from "../tables/test-runs.ts";
import { takeTurn } from "./lone-run.ts";
import { pageOfResults, resultColumns, whereResults } from "./result-pages.ts";
import { writeResults } from "./result-writes.ts";
import { pageOfRuns, whereRuns } from "./run-pages.ts";
import { noSummary, type TestRunRow, testRunColumns, toTestRun } from "./test-run-rows.ts";

/** Test runs and their results in the registry. */
export class DrizzleTestRunStore implements TestRunStore {
  readonly #byId: BatchLookup<JobId, TestRunRow>;

  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#byId = new BatchLookup((keys) =>
      db.orm
        .select(testRunColumns)
        .from(testRuns)
        .innerJoin(jobs, eq(jobs.id, testRuns.id))
        .where(inArray(testRuns.id, [...keys]))
        .prepare(),
    );
  }

  admit({ kind, options, budget, coverage, job, alone }: NewTestRun, origin: Origin): Promise<TestRun> {
    return this.db.transaction(async (tx) => {
      const at = this.clock.now();
      if (alone) await takeTurn(tx, kind, job.id);
      const { id, status, progress, requestedBy } = await enterJob(tx, job, at);
      await enterItems(tx, job, job.items);
      const run = { id, kind, options, budget, coverage, summary: noSummary, recommendations: [], createdAt: at };
      await tx.insert(testRuns).values({ ...run, resultCount: 0 });
      const action = job.action ?? `start${kind.charAt(0)}${kind.slice(1).toLowerCase()}Test`;
      await writeAudit(tx, this.ids, at, [{ origin, action, subject: `TestRun:${id}`, result: "OK" }]);
      return { ...run, status, progress, requestedBy };
    });
  }

  async find(id: JobId): Promise<TestRun | undefined> {
    const [run] = await this.findMany([id]);
    return run;
  }

  async findMany(ids: readonly JobId[]): Promise<readonly TestRun[]> {
    const rows = await this.db.read(() => this.#byId.rows(ids));
    return rows.map(toTestRun);
  }

  list(filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>> {
    return this.db.read((orm) => pageOfRuns(orm, filter, page));
  }

  count(filter: TestRunFilter, cap: number): Promise<number> {
    return this.db.read(async (orm) => {
      const capped = orm
        .select({ id: testRuns.id })
        .from(testRuns)
        .innerJoin(jobs, eq(jobs.id, testRuns.id))
        .where(whereRuns(filter))
        .limit(cap)
        .as("capped");
      const [row] = await orm.select({ count: sql<number>`count(*)` }).from(capped);
      return Number(row?.count ?? 0);
    });
  }

  plan(lease: JobLease, budget: TestBudget, coverage: TestCoverage): Promise<void> {
    return this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      await tx.update(testRuns).set({ budget, coverage }).where(eq(testRuns.id, job.id));
    });
  }

  addResults(lease: JobLease, results: readonly TestResult[]): Promise<void> {
    return this.db.batched((batch) => writeResults(batch, lease, results, this.clock.now()));
  }

  conclude(lease: JobLease, conclusion: TestRunConclusion, end: JobEnd): Promise<JobEvent> {
    return this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      const { verdict, coverage, summary, recommendations } = conclusion;
      const rating = conclusion.rating ?? null;
      await tx
        .update(testRuns)
        .set({ verdict, rating, coverage, summary, recommendations })
        .where(eq(testRuns.id, job.id));
      return writeEnd(tx, job, end, this.clock.now());
    });
  }

  results(id: JobId, verdicts: readonly Verdict[] | undefined, page: PageRequest): Promise<Page<TestResult>> {
    return this.db.read((orm) => pageOfResults(orm, id, verdicts, page));
  }

  countResults(id: JobId, verdicts: readonly Verdict[] | undefined): Promise<number> {
    return this.db.read(async (orm) => {
      const count = sql<number>`count(*)`;
      const [row] = await orm.select({ count }).from(testResults).where(whereResults(id, verdicts));
      return Number(row?.count ?? 0);
    });
  }

  resultsOf(id: JobId, tenantIds: readonly TenantId[]): Promise<readonly TestResult[]> {
    return this.db.read(async (orm) => {
      const meant = isAmong(testResults.tenantId, tenantIds.filter(isAsciiKey));
      const rows = await orm
        .select(resultColumns)
        .from(testResults)
        .where(and(eq(testResults.runId, id), meant))
        .orderBy(testResults.ordinal);
      return rows.map((row) => row.result);
    });
  }

  verdictCounts(id: JobId): Promise<VerdictCounts> {
    return this.db.read(async (orm) => {
      const rows = await orm
        .select({ verdict: testResults.verdict, count: sql<number>`count(*)` })
        .from(testResults)
        .where(eq(testResults.runId, id))
        .groupBy(testResults.verdict);
      const of = (verdict: Verdict) => Number(rows.find((row) => row.verdict === verdict)?.count ?? 0);
      return { passed: of("PASS"), failed: of("FAIL"), inconclusive: of("INCONCLUSIVE") };
    });
  }

  async *allResults(id: JobId, batch: number): AsyncIterable<readonly TestResult[]> {
    for (let after = 0; ; ) {
      const rows = await this.db.read((orm) =>
        orm
          .select(resultColumns)
          .from(testResults)
          .where(and(eq(testResults.runId, id), gt(testResults.ordinal, after)))
          .orderBy(testResults.ordinal)
          .limit(batch),
      );
      if (rows.length > 0) yield rows.map((row) => row.result);
      if (rows.length < batch) return;
      after = rows.at(-1)?.ordinal ?? after;
    }
  }
}
