import type { Job } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { JobRunner } from "../jobs/job-runner.ts";
import type { JobStore } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import { NotFound } from "../kit/domain-error.ts";
import type { Ids, JobId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import { type ConnectionTestInput, connectionTestOptions } from "./connection/connection-test-options.ts";
import {
  type IsolationTestInput,
  isolationConcurrency,
  isolationTestOptions,
} from "./isolation/isolation-test-options.ts";
import { budgetOf } from "./performance/load-plan.ts";
import {
  type PerformanceTestInput,
  performanceTestOptions,
  readPerformanceTestOptions,
} from "./performance/performance-test-options.ts";
import type { ScopeCheck } from "./scope-check.ts";
import type { TestBudget, TestResult, TestRun, TestRunFilter, TestScope, Verdict } from "./test-run.ts";
import type { TestRunStore } from "./test-run-store.ts";

/** What no run may go beyond. */
export interface TestRunLimits {
  /** Of one performance test. */
  readonly maxOperations: number;
}

/** What the edges may ask of test runs. It touches no tenant server. */
export class TestRunService implements JobRetrier {
  readonly kinds = ["CONNECTION_TEST", "ISOLATION_TEST", "PERFORMANCE_TEST"] as const;

  constructor(
    private readonly runs: TestRunStore,
    private readonly jobs: Pick<JobStore, "find">,
    private readonly scopes: Pick<ScopeCheck, "check">,
    private readonly ids: Ids,
    private readonly runner: Pick<JobRunner, "wake">,
    private readonly limits: TestRunLimits = { maxOperations: 1_500 },
  ) {}

  /** Enters a run over the ACTIVE tenants that match. @throws InvalidInput for an option out of range, an unknown name, or when nothing matches */
  async startConnectionTest(input: ConnectionTestInput, origin: Origin): Promise<TestRun> {
    const options = connectionTestOptions(input);
    return this.#enter({ kind: "CONNECTION", options, concurrency: options.concurrency }, origin);
  }

  /** Enters a run over the ACTIVE tenants that match. @throws InvalidInput for an option out of range, an unknown name, or when nothing matches */
  async startIsolationTest(input: IsolationTestInput, origin: Origin): Promise<TestRun> {
    return this.#enter(
      { kind: "ISOLATION", options: isolationTestOptions(input), concurrency: isolationConcurrency },
      origin,
    );
  }

  /**
   * Enters a run over a few of the ACTIVE tenants that match, alone of its kind.
   * @throws InvalidInput for an option out of range, an unknown name, or when nothing matches; LimitExceeded while another one is under way
   */
  async startPerformanceTest(input: PerformanceTestInput, origin: Origin): Promise<TestRun> {
    const options = performanceTestOptions(input);
    const { filter, matching } = await this.scopes.check(options.filter);
    const run = await this.runs.admit(
      {
        kind: "PERFORMANCE",
        alone: true,
        options: { ...options, filter },
        budget: budgetOf(options, this.limits.maxOperations),
        coverage: { tenantsInScope: matching, tenantsTested: 0 },
        job: { id: this.ids.next(), kind: "PERFORMANCE_TEST", input: {}, requestedBy: origin.actor, items: [] },
      },
      origin,
    );
    this.runner.wake();
    return run;
  }

  /** @throws NotFound when the job has no run, LimitExceeded when the run must be alone and is not */
  async retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    const before = await this.runs.find(job.id);
    if (!before) throw new NotFound("There is no such test run.");
    const id = this.ids.next<"Job">();
    await this.runs.admit(
      {
        kind: before.kind,
        options: tenantIds.length === 0 ? before.options : { ...before.options, fixedScope: true },
        alone: before.kind === "PERFORMANCE",
        budget: this.#budgetAnew(before, tenantIds.length),
        coverage: { tenantsInScope: tenantIds.length, tenantsTested: 0 },
        job: {
          id,
          kind: job.kind,
          input: job.input,
          requestedBy: origin.actor,
          action: "retryJob",
          items: tenantIds,
        },
      },
      origin,
    );
    this.runner.wake();
    const entered = await this.jobs.find(id);
    if (!entered) throw new NotFound("The new job is gone already.");
    return entered;
  }

  find(id: JobId): Promise<TestRun | undefined> {
    return this.runs.find(id);
  }

  findMany(ids: readonly JobId[]): Promise<readonly TestRun[]> {
    return this.runs.findMany(ids);
  }

  /** Newest first. @throws InvalidCursor */
  list(filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>> {
    return this.runs.list(filter, page);
  }

  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: TestRunFilter, cap = 10_001): Promise<number> {
    return this.runs.count(filter, cap);
  }

  /** In the order they were written. @throws InvalidCursor */
  results(id: JobId, verdicts: readonly Verdict[] | undefined, page: PageRequest): Promise<Page<TestResult>> {
    return this.runs.results(id, verdicts, page);
  }

  countResults(id: JobId, verdicts: readonly Verdict[] | undefined): Promise<number> {
    return this.runs.countResults(id, verdicts);
  }

  resultsOf(id: JobId, tenantIds: readonly TenantId[]): Promise<readonly TestResult[]> {
    return this.runs.resultsOf(id, tenantIds);
  }

  /** What a retry of the run may do. */
  #budgetAnew({ kind, options, budget }: TestRun, tenants: number): TestBudget {
    if (kind === "PERFORMANCE") return budgetOf(readPerformanceTestOptions(options), this.limits.maxOperations);
    return { ...budget, requestedOperations: tenants, plannedOperations: 0, limitedBy: [] };
  }

  async #enter({ kind, options, concurrency }: RunWish, origin: Origin): Promise<TestRun> {
    const { filter, matching } = await this.scopes.check(options.filter);
    const inScope = Math.min(matching, options.maxTenants ?? matching);
    const run = await this.runs.admit(
      {
        kind,
        options: { ...options, filter },
        budget: {
          requestedOperations: matching,
          maxOperations: options.maxTenants ?? matching,
          plannedOperations: 0,
          maxConcurrency: concurrency,
          limitedBy: inScope < matching ? ["MAX_TENANTS"] : [],
        },
        coverage: { tenantsInScope: matching, tenantsTested: 0 },
        job: { id: this.ids.next(), kind: `${kind}_TEST`, input: {}, requestedBy: origin.actor, items: [] },
      },
      origin,
    );
    this.runner.wake();
    return run;
  }
}

/** A run over tenants, each of which is one operation. */
interface RunWish {
  readonly kind: "CONNECTION" | "ISOLATION";
  readonly options: TestScope;
  /** Tenants at a time, at most. */
  readonly concurrency: number;
}
