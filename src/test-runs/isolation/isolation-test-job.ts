import type { JobError, JobEvent } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import type { JobEnd, JobStore } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import { Semaphore } from "../../kit/concurrency.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { Ids } from "../../kit/ids.ts";
import type { SecretBox } from "../../kit/secret-box.ts";
import type { ScratchRemover } from "../../servers/scratch-remover.ts";
import type { ScratchStore } from "../../servers/scratch-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { runOfJob } from "../run-of-job.ts";
import type { TestRun } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import { TestScopes } from "../test-scope.ts";
import { VerdictTally } from "../verdict-tally.ts";
import { clearingSignal } from "./clearing-signal.ts";
import { Footprint } from "./footprint.ts";
import { IsolationConclusion } from "./isolation-conclusion.ts";
import type { IsolationGround } from "./isolation-ground.ts";
import { type IsolationTestOptions, isolationConcurrency, readIsolationTestOptions } from "./isolation-test-options.ts";
import { IsolationTesting } from "./isolation-testing.ts";
import { SubjectReader } from "./subjects.ts";

/** What an isolation test reads and writes in the registry. */
export interface IsolationTestStores {
  readonly runs: TestRunStore;
  readonly jobs: JobStore;
  readonly tenants: TenantStore;
  readonly scratch: ScratchStore;
}

/** What it reaches the servers by. */
export interface IsolationTestReach {
  readonly ground: IsolationGround;
  readonly remover: ScratchRemover;
  readonly secrets: SecretBox;
}

/**
 * Lets every tenant of the scope try to reach others. Taken up again after a crash it first clears up, and goes on with those that have no result.
 * One run at a time: two would meet in the same canaries.
 */
export class IsolationTestJob implements JobHandler {
  readonly kind = "ISOLATION_TEST";
  readonly #scopes: TestScopes;
  readonly #subjects: SubjectReader;
  readonly #conclusion: IsolationConclusion;
  readonly #turn = new Semaphore(1, "another isolation test to end");

  constructor(
    private readonly stores: IsolationTestStores,
    private readonly reach: IsolationTestReach,
    private readonly by: { readonly clock: Clock; readonly ids: Ids; readonly failpoints: Failpoints },
  ) {
    const { runs, jobs, tenants } = stores;
    this.#scopes = new TestScopes(tenants, jobs);
    this.#subjects = new SubjectReader(jobs, tenants, reach.secrets, by.ids);
    this.#conclusion = new IsolationConclusion(runs, jobs, tenants, by.clock);
  }

  run(context: JobContext): Promise<JobOutcome> {
    return this.#turn.use(() => this.#run(context), { signal: context.signal });
  }

  /** What is left on the servers is taken away, as far as they answer. */
  async abandon(context: JobContext, _error: JobError): Promise<void> {
    const clearing = clearingSignal(context.signal);
    try {
      await this.#footprint(context).clearAll(AbortSignal.any([clearing.signal, AbortSignal.timeout(1_500)]));
    } finally {
      clearing.dispose();
    }
  }

  async conclude(context: JobContext, end: JobEnd): Promise<JobEvent> {
    return this.#conclusion.write(context.lease, await this.#find(context), end);
  }

  async #run(context: JobContext): Promise<JobOutcome> {
    const run = await this.#find(context);
    const options = readIsolationTestOptions(run.options);
    const clearing = clearingSignal(context.signal);
    const footprint = this.#footprint(context);
    try {
      await footprint.clearAll(clearing.signal);
      await this.#plan(context, run, options);
      const items = await this.stores.jobs.itemCounts(run.id);
      const testing = new IsolationTesting(
        context,
        {
          ...{ ...this.stores, ground: this.reach.ground, footprint },
          ...{
            ids: this.by.ids,
            failpoints: this.by.failpoints,
            clearing: clearing.signal,
            detailed: options.detailed,
          },
        },
        { figures: await this.#tally(run), items },
      );
      await this.#test(context, testing);
      // The final event names the results that no event has named yet.
      return { status: "SUCCEEDED", message: "The run came to its end.", detail: testing.takeDetail() };
    } finally {
      clearing.dispose();
    }
  }

  async #test({ job, signal }: JobContext, testing: IsolationTesting): Promise<void> {
    const { groups, skipped, unreadable } = await this.#subjects.read(job.id, signal);
    await testing.skip(skipped);
    const message = "The stored credential cannot be read with the configured keys.";
    await testing.inconclusive(unreadable, { code: "SECRET_UNREADABLE", message });
    for (const group of groups) await testing.test(group);
  }

  /** Freezes the scope unless an earlier start did, and writes down what will be done. */
  async #plan({ lease, signal }: JobContext, run: TestRun, options: IsolationTestOptions): Promise<void> {
    if (run.budget.plannedOperations > 0) return;
    const { inScope, chosen } = options.fixedScope
      ? await this.stores.jobs.itemCounts(run.id).then(({ total }) => ({ inScope: total, chosen: total }))
      : await this.#scopes.freeze(lease, options, run.id, signal);
    await this.stores.runs.plan(
      lease,
      {
        requestedOperations: inScope,
        maxOperations: options.maxTenants ?? inScope,
        plannedOperations: chosen,
        maxConcurrency: isolationConcurrency,
        limitedBy: chosen < inScope ? ["MAX_TENANTS"] : [],
      },
      { tenantsInScope: inScope, tenantsTested: 0 },
    );
  }

  #footprint({ job, logger }: JobContext): Footprint {
    return new Footprint(this.stores.scratch, this.reach.remover, job.id, logger);
  }

  #find({ job }: JobContext): Promise<TestRun> {
    return runOfJob(this.stores.runs, job);
  }

  /** Figures that go on where an earlier start left off. */
  async #tally(run: TestRun): Promise<VerdictTally> {
    const tally = new VerdictTally();
    for await (const results of this.stores.runs.allResults(run.id, 500)) tally.add(results);
    tally.takeDetail({ seconds: 0, tested: 0 });
    return tally;
  }
}
