import { isFinal, type JobEvent, type JobItem } from "../../../src/jobs/job.ts";
import type { JobEnd, JobLease } from "../../../src/jobs/job-store.ts";
import type { Origin } from "../../../src/kit/actor.ts";
import { LimitExceeded } from "../../../src/kit/domain-error.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import type { Page, PageRequest } from "../../../src/kit/page.ts";
import type {
  TestBudget,
  TestCoverage,
  TestKind,
  TestResult,
  TestRun,
  TestRunFilter,
  Verdict,
} from "../../../src/test-runs/test-run.ts";
import type {
  NewTestRun,
  TestRunConclusion,
  TestRunStore,
  VerdictCounts,
} from "../../../src/test-runs/test-run-store.ts";
import { enter, held, settle, writeEnd } from "./fake-job-writes.ts";
import { type FakeRegistry, type FakeRun, fakePage } from "./fake-registry.ts";

/** Test runs in memory. */
export class FakeTestRunStore implements TestRunStore {
  constructor(private readonly registry: FakeRegistry) {}

  async admit({ kind, options, budget, coverage, job, alone }: NewTestRun, origin: Origin): Promise<TestRun> {
    if (alone) this.#refuseSecond(kind);
    const entered = enter(this.registry, job, this.registry.clock.now());
    const { id, status, progress, requestedBy, createdAt } = entered;
    const summary = { passed: 0, failed: 0, inconclusive: 0, successRate: 0, operations: 0, errors: 0 };
    const run: TestRun = {
      ...{ id, kind, status, progress, options, requestedBy },
      ...{ coverage, budget, summary, recommendations: [], createdAt },
    };
    this.registry.runs.set(id, { run, results: new Map() });
    const action = job.action ?? `start${kind.charAt(0)}${kind.slice(1).toLowerCase()}Test`;
    this.registry.audit.push({ origin, action, subject: `TestRun:${id}`, result: "OK" });
    return run;
  }

  async find(id: JobId): Promise<TestRun | undefined> {
    const entry = this.registry.runs.get(id);
    return entry && this.#withJob(entry);
  }

  async findMany(ids: readonly JobId[]): Promise<readonly TestRun[]> {
    return ids.flatMap((id) => {
      const entry = this.registry.runs.get(id);
      return entry ? [this.#withJob(entry)] : [];
    });
  }

  async list(filter: TestRunFilter, page: PageRequest): Promise<Page<TestRun>> {
    const order = { name: "test runs", descending: true };
    return fakePage(this.#matching(filter), (run) => [run.createdAt.getTime(), run.id], page, order);
  }

  async count(filter: TestRunFilter, cap: number): Promise<number> {
    return Math.min(cap, this.#matching(filter).length);
  }

  async plan(lease: JobLease, budget: TestBudget, coverage: TestCoverage): Promise<void> {
    held(this.registry, lease);
    const entry = this.registry.runs.get(lease.jobId);
    if (entry) entry.run = { ...entry.run, budget, coverage };
  }

  async addResults(lease: JobLease, results: readonly TestResult[]): Promise<void> {
    const job = held(this.registry, lease);
    const known = this.registry.runs.get(lease.jobId)?.results;
    for (const result of results) {
      if (!known || known.has(result.tenantId)) continue;
      known.set(result.tenantId, result);
      settle(this.registry, job, [toItem(result)]);
      if (result.kind !== "CONNECTION") continue;
      const { tenantId, connectMs, queryMs, rating, errorCode } = result;
      const latencyMs = connectMs === undefined || queryMs === undefined ? undefined : connectMs + queryMs;
      const reachable = result.verdict === "PASS" || latencyMs !== undefined;
      const checkedAt = this.registry.clock.now();
      this.registry.health.set(tenantId, { tenantId, reachable, latencyMs, rating, errorCode, checkedAt });
    }
  }

  async conclude(lease: JobLease, conclusion: TestRunConclusion, end: JobEnd): Promise<JobEvent> {
    const job = held(this.registry, lease);
    const event = writeEnd(this.registry, job, end, this.registry.clock.now());
    const entry = this.registry.runs.get(lease.jobId);
    if (entry) entry.run = { ...entry.run, ...conclusion };
    return event;
  }

  async results(id: JobId, verdicts: readonly Verdict[] | undefined, page: PageRequest): Promise<Page<TestResult>> {
    const place = new Map(this.#results(id, undefined).map(({ tenantId }, at) => [tenantId, at]));
    return fakePage(this.#results(id, verdicts), ({ tenantId }) => [place.get(tenantId) ?? 0, ""], page, {
      name: "results",
    });
  }

  async countResults(id: JobId, verdicts: readonly Verdict[] | undefined): Promise<number> {
    return this.#results(id, verdicts).length;
  }

  async resultsOf(id: JobId, tenantIds: readonly TenantId[]): Promise<readonly TestResult[]> {
    return this.#results(id, undefined).filter(({ tenantId }) => tenantIds.includes(tenantId));
  }

  async verdictCounts(id: JobId): Promise<VerdictCounts> {
    const of = (verdict: Verdict) => this.#results(id, [verdict]).length;
    return { passed: of("PASS"), failed: of("FAIL"), inconclusive: of("INCONCLUSIVE") };
  }

  async *allResults(id: JobId, batch: number): AsyncIterable<readonly TestResult[]> {
    const all = this.#results(id, undefined);
    for (let at = 0; at < all.length; at += batch) yield all.slice(at, at + batch);
  }

  #refuseSecond(kind: TestKind): void {
    const before = this.#matching({ kinds: [kind] }).find(({ status }) => !isFinal(status));
    if (before) throw new LimitExceeded(`Another ${kind} test is under way.`, before.id);
  }

  #results(id: JobId, verdicts: readonly Verdict[] | undefined): readonly TestResult[] {
    const all = [...(this.registry.runs.get(id)?.results.values() ?? [])];
    return verdicts ? all.filter(({ verdict }) => verdicts.includes(verdict)) : all;
  }

  #matching({ kinds, statuses }: TestRunFilter): readonly TestRun[] {
    return [...this.registry.runs.values()]
      .map((entry) => this.#withJob(entry))
      .filter((run) => (kinds?.includes(run.kind) ?? true) && (statuses?.includes(run.status) ?? true));
  }

  #withJob({ run }: FakeRun): TestRun {
    const job = this.registry.jobs.get(run.id)?.job;
    if (!job) return run;
    const { status, progress, startedAt, finishedAt } = job;
    return { ...run, status, progress, startedAt, finishedAt };
  }
}

function toItem({ tenantId, verdict, durationMs, errorCode = verdict, message = verdict }: TestResult): JobItem {
  if (verdict === "PASS") return { tenantId, status: "SUCCEEDED", durationMs };
  const failed = verdict === "FAIL";
  const error = { code: errorCode, message, retryable: !failed };
  return { tenantId, status: failed ? "FAILED" : "SKIPPED", durationMs, error };
}
