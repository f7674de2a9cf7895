import type { JobEvent } from "../jobs/job.ts";
import type { JobEnd, JobLease, NewJob } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import type { JobId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { Rating } from "../tenants/tenant.ts";
import type {
  TestBudget,
  TestCoverage,
  TestKind,
  TestResult,
  TestRun,
  TestRunFilter,
  TestSummary,
  Verdict,
} from "./test-run.ts";

/** A run to be entered together with its job, whose id it shares. */
export interface NewTestRun {
  readonly kind: TestKind;
  readonly options: Readonly<Record<string, unknown>>;
  readonly budget: TestBudget;
  readonly coverage: TestCoverage;
  readonly job: NewJob;
  /** Refused while another run of its kind is under way. */
  readonly alone?: boolean | undefined;
}

/** What the end of a run adds. */
export interface TestRunConclusion {
  readonly verdict: Verdict;
  readonly rating?: Rating | undefined;
  readonly coverage: TestCoverage;
  readonly summary: TestSummary;
  readonly recommendations: readonly string[];
}

/** Passed, failed and inconclusive so far, for a run that is taken up again. */
export interface VerdictCounts {
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
}

/** The registry, as far as test runs are concerned. Each method is one transaction. */
export interface TestRunStore {
  /** Enters the run with its job, first event and audit row. @throws LimitExceeded when it must be alone and is not */
  admit(run: NewTestRun, origin: Origin): Promise<TestRun>;
  find(id: JobId): Promise<TestRun | undefined>;
  findMany(ids: readonly JobId[]): Promise<readonly TestRun[]>;
  /** Newest first. @throws InvalidCursor */
  list(filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>>;
  count(filter: TestRunFilter, cap: number): Promise<number>;

  /** Corrects budget and coverage when the scope is known. @throws LeaseLost */
  plan(lease: JobLease, budget: TestBudget, coverage: TestCoverage): Promise<void>;
  /**
   * Writes results, settles the job's items (PASS: SUCCEEDED, FAIL: FAILED, INCONCLUSIVE: SKIPPED with a retryable error) and,
   * for connection results, the tenants' health. A tenant's result is written once; a second one is ignored. @throws LeaseLost
   */
  addResults(lease: JobLease, results: readonly TestResult[]): Promise<void>;
  /** Writes verdict and summary and ends the job, with its final event. @throws LeaseLost */
  conclude(lease: JobLease, conclusion: TestRunConclusion, end: JobEnd): Promise<JobEvent>;

  /** In the order they were written. @throws InvalidCursor */
  results(id: JobId, verdicts: readonly Verdict[] | undefined, page: PageRequest): Promise<Page<TestResult>>;
  countResults(id: JobId, verdicts: readonly Verdict[] | undefined): Promise<number>;
  resultsOf(id: JobId, tenantIds: readonly TenantId[]): Promise<readonly TestResult[]>;
  verdictCounts(id: JobId): Promise<VerdictCounts>;
  /** Every result, in batches, for the conclusion of a run that was taken up again. */
  allResults(id: JobId, batch: number): AsyncIterable<readonly TestResult[]>;
}
