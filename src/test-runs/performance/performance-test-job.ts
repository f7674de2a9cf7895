import type { JobEvent } from "../../jobs/job.ts";
import { type JobContext, type JobHandler, type JobOutcome, JobStopped } from "../../jobs/job-handler.ts";
import type { JobEnd, JobStore } from "../../jobs/job-store.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Ids, ServerId } from "../../kit/ids.ts";
import type { SecretBox } from "../../kit/secret-box.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { ScratchStore } from "../../servers/scratch-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { GovernorLimits } from "../load/governor.ts";
import { LoadWatch, type ProcessLook } from "../load/load-watch.ts";
import type { ServerStrains, TenantLoads } from "../load/tenant-load.ts";
import type { RatingBands } from "../rating.ts";
import { runOfJob } from "../run-of-job.ts";
import type { TestRun } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import { limited } from "./load-plan.ts";
import { type BaselineAdvice, PerformanceConclusion } from "./performance-conclusion.ts";
import { type PerformancePlan, PerformancePlanning } from "./performance-planning.ts";
import { readPerformanceTestOptions } from "./performance-test-options.ts";
import { type LoadCut, PerformanceTesting } from "./performance-testing.ts";
import { ScratchTables } from "./scratch-tables.ts";

/** What a performance test reads and writes in the registry. */
export interface PerformanceTestStores {
  readonly runs: TestRunStore;
  readonly jobs: JobStore;
  readonly tenants: TenantStore;
  readonly servers: ServerStore;
  readonly scratch: ScratchStore;
}

/** What it reaches the tenants by. */
export interface PerformanceTestReach {
  readonly loads: TenantLoads;
  readonly strains: ServerStrains;
  readonly secrets: SecretBox;
}

/** What it judges and is judged by. */
export interface PerformanceTestRules {
  readonly bands: RatingBands;
  readonly ids: Ids;
  readonly failpoints: Failpoints;
  readonly baseline: BaselineAdvice;
  /** Made anew for each run. */
  readonly process: () => ProcessLook;
  readonly governor?: GovernorLimits | undefined;
}

/** Puts a few tenants under a bounded load, on tables of its own. A load that lost its process is not sent a second time. */
export class PerformanceTestJob implements JobHandler {
  readonly kind = "PERFORMANCE_TEST";
  readonly #scratch: ScratchTables;
  readonly #planning: PerformancePlanning;
  readonly #conclusion: PerformanceConclusion;

  constructor(
    private readonly stores: PerformanceTestStores,
    private readonly reach: PerformanceTestReach,
    private readonly rules: PerformanceTestRules,
  ) {
    this.#scratch = new ScratchTables(reach.loads, stores.scratch, rules.ids);
    this.#planning = new PerformancePlanning(stores, reach.loads, this.#scratch, reach.secrets);
    this.#conclusion = new PerformanceConclusion(stores, rules.baseline, rules.bands);
  }

  async run(context: JobContext): Promise<JobOutcome> {
    const { job, logger } = context;
    const run = await runOfJob(this.stores.runs, context.job);
    if (job.attempts > 1) await this.#scratch.dropAll(job.id, logger);
    if (run.coverage.tenantsTested > 0) return interrupted;
    context.report({ phase: "planning", total: 0, done: 0, failed: 0, skipped: 0, message: "Choosing tenants." });
    try {
      const plan = await this.#planning.plan(context, run, readPerformanceTestOptions(run.options));
      await this.#passed("planned", context);
      await this.#carryOut(context, run, plan);
    } finally {
      await this.#scratch.dropAll(job.id, logger);
    }
    return { status: "SUCCEEDED", message: "The run came to its end." };
  }

  /** Also for a job that was cancelled while nobody worked on it: what an earlier start left behind goes. */
  async abandon({ job, logger }: JobContext): Promise<void> {
    await this.#scratch.dropAll(job.id, logger);
  }

  async conclude(context: JobContext, end: JobEnd): Promise<JobEvent> {
    return this.#conclusion.write(context.lease, await runOfJob(this.stores.runs, context.job), end);
  }

  async #carryOut(context: JobContext, run: TestRun, plan: PerformancePlan): Promise<void> {
    const { loads, strains } = this.reach;
    const { bands, process, governor, failpoints } = this.rules;
    const watch = new LoadWatch(strains, await this.#serverNames(plan), process(), context.clock, governor);
    const begun = (tenantsTested: number) =>
      this.stores.runs.plan(context.lease, plan.budget, { ...plan.coverage, tenantsTested });
    const options = readPerformanceTestOptions(run.options);
    const testing = new PerformanceTesting(context, plan, options, { loads, watch, bands, begun, failpoints });
    try {
      const cut = await testing.run();
      await this.#tell(context, plan, watch, cut);
      // Results settle the tenants' items, and from then on other jobs may change them: nothing of ours is left by then.
      await this.#scratch.dropAll(run.id, context.logger);
      await this.#passed("dropped", context);
      await this.stores.runs.addResults(context.lease, testing.results());
      await this.#passed("written", context);
    } catch (error) {
      // What was measured before a cancellation is worth keeping; what lost its lease may write nothing.
      if (isStop(error) && error.reason !== "LEASE_LOST" && testing.measuredAnything) {
        await this.#scratch.dropAll(run.id, context.logger);
        await this.stores.runs.addResults(context.lease, testing.results());
      }
      throw error;
    }
  }

  #passed(step: string, { signal }: JobContext): Promise<void> {
    return this.rules.failpoints.hit(`performance:${step}`, signal);
  }

  /** What became of the plan. */
  async #tell(context: JobContext, plan: PerformancePlan, watch: LoadWatch, cut: LoadCut | undefined): Promise<void> {
    const told = [...(watch.slowed ? [watch.slowed] : []), ...(cut ? [`It was ended because ${cut.because}.`] : [])];
    if (told.length === 0) return;
    const budget = limited(plan.budget, ...(cut ? [cut.limit] : []));
    const coverage = { ...plan.coverage, tenantsTested: plan.targets.length };
    const explanation = [...(budget.explanation ?? []), ...told];
    await this.stores.runs.plan(context.lease, { ...budget, explanation }, coverage);
  }

  async #serverNames({ targets }: PerformancePlan): Promise<ReadonlyMap<ServerId, string>> {
    const servers = await this.stores.servers.findMany([...new Set(targets.map(({ serverId }) => serverId))]);
    return new Map(servers.map(({ id, name }) => [id, name]));
  }
}

const interrupted: JobOutcome = {
  status: "FAILED",
  message: "The service or its registry went away while the load was under way.",
  error: {
    code: "INTERRUPTED",
    message:
      "The service or its registry went away while the load was under way; a load is not sent twice. Retry the job to measure anew.",
    retryable: true,
  },
};

function isStop(error: unknown): error is JobStopped {
  return error instanceof JobStopped;
}
