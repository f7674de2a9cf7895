import { setMaxListeners } from "node:events";
import type { JobEvent } from "../../jobs/job.ts";
import type { JobContext, JobHandler, JobOutcome } from "../../jobs/job-handler.ts";
import type { JobEnd, JobStore } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import type { SecretBox } from "../../kit/secret-box.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { RatingBands } from "../rating.ts";
import { runOfJob } from "../run-of-job.ts";
import type { TestBudget, TestRun } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import { type FrozenScope, TestScopes } from "../test-scope.ts";
import { ConnectionConclusion } from "./connection-conclusion.ts";
import { ConnectionFigures } from "./connection-figures.ts";
import { ConnectionProbe } from "./connection-probe.ts";
import { type ConnectionTestOptions, readConnectionTestOptions } from "./connection-test-options.ts";
import { ConnectionTesting } from "./connection-testing.ts";
import { ServerGate } from "./server-gate.ts";
import type { ServerReachability, TenantLogin } from "./tenant-login.ts";

/** What a connection test reads and writes in the registry. */
export interface ConnectionTestStores {
  readonly runs: TestRunStore;
  readonly jobs: JobStore;
  readonly tenants: TenantStore;
  readonly servers: ServerStore;
}

/** What it reaches the tenants by. */
export interface ConnectionTestReach {
  readonly login: TenantLogin;
  readonly reachability: ServerReachability;
  readonly secrets: SecretBox;
}

/** Logs in to every tenant of the scope as the tenant. Taken up again after a crash it goes on with those that have no result. */
export class ConnectionTestJob implements JobHandler {
  readonly kind = "CONNECTION_TEST";
  readonly #scopes: TestScopes;
  readonly #probe: ConnectionProbe;
  readonly #conclusion: ConnectionConclusion;

  constructor(
    private readonly stores: ConnectionTestStores,
    private readonly reach: ConnectionTestReach,
    by: { readonly bands: RatingBands; readonly clock: Clock; readonly random: () => number },
  ) {
    const { runs, jobs, tenants, servers } = stores;
    this.#scopes = new TestScopes(tenants, jobs);
    this.#probe = new ConnectionProbe(reach.login, reach.secrets, by.bands, by.clock, by.random);
    this.#conclusion = new ConnectionConclusion(runs, jobs, tenants, servers, by);
  }

  async run(context: JobContext): Promise<JobOutcome> {
    const run = await runOfJob(this.stores.runs, context.job);
    const options = readConnectionTestOptions(run.options);
    const concurrency = await this.#concurrency(options);
    const budget = await this.#plan(context, run, options, concurrency);
    const items = await this.stores.jobs.itemCounts(context.job.id);
    const figures = await this.#figures(run);
    const limit = new TimeLimit(context, runLimitMs(items.pending, concurrency, options));
    const { signal } = limit;
    const gate = new ServerGate(this.reach.reachability, options.retries, context.clock, signal);
    const { retries, timeoutMs } = options;
    const probeRun = { gate, retries, timeoutMs, signal, logger: context.logger };
    const testing = new ConnectionTesting(context, this.stores, this.#probe, probeRun, { figures, items });
    try {
      await testing.run(concurrency);
    } catch (error) {
      if (!limit.reached || context.signal.aborted) throw error;
      const cut: TestBudget = { ...budget, limitedBy: [...budget.limitedBy, "DURATION"] };
      await this.stores.runs.plan(context.lease, cut, run.coverage);
    } finally {
      limit.clear();
      await this.reach.login.rest();
    }
    // The final event names the results that no event has named yet.
    return { status: "SUCCEEDED", message: "The run came to its end.", detail: testing.takeDetail() };
  }

  async conclude(context: JobContext, end: JobEnd): Promise<JobEvent> {
    return this.#conclusion.write(context.lease, await runOfJob(this.stores.runs, context.job), end);
  }

  /** Freezes the scope unless an earlier start did, and writes down what will be done. */
  async #plan(
    context: JobContext,
    run: TestRun,
    options: ConnectionTestOptions,
    concurrency: number,
  ): Promise<TestBudget> {
    if (run.budget.plannedOperations > 0) return run.budget;
    const scope = await this.#freeze(context, run, options);
    const limitedBy: TestBudget["limitedBy"] = [
      ...(scope.chosen < scope.inScope ? (["MAX_TENANTS"] as const) : []),
      ...(concurrency < Math.min(options.concurrency, scope.chosen) ? (["CONNECTIONS"] as const) : []),
    ];
    const budget: TestBudget = {
      requestedOperations: scope.inScope,
      maxOperations: options.maxTenants ?? scope.inScope,
      plannedOperations: scope.chosen,
      maxConcurrency: concurrency,
      limitedBy,
    };
    await this.stores.runs.plan(context.lease, budget, { tenantsInScope: scope.inScope, tenantsTested: 0 });
    return budget;
  }

  async #freeze(context: JobContext, run: TestRun, options: ConnectionTestOptions): Promise<FrozenScope> {
    if (!options.fixedScope) return this.#scopes.freeze(context.lease, options, run.id, context.signal);
    const { total } = await this.stores.jobs.itemCounts(run.id);
    return { inScope: total, chosen: total };
  }

  /** As many as the caller allows, and no more than the tightest server has places for. */
  async #concurrency(options: ConnectionTestOptions): Promise<number> {
    const servers = await this.stores.servers.list();
    const places = servers.map(({ id }) => this.reach.login.placesOn(id)).filter((count) => count > 0);
    return Math.min(options.concurrency, ...places);
  }

  /** Figures that go on where an earlier start left off. */
  async #figures(run: TestRun): Promise<ConnectionFigures> {
    const figures = new ConnectionFigures();
    for await (const results of this.stores.runs.allResults(run.id, 500)) figures.add(results);
    figures.takeDetail({ seconds: 0, tested: 0 });
    return figures;
  }
}

/** Milliseconds that a run may take: what it needs when every tenant uses up its deadline, and half a minute. */
function runLimitMs(pending: number, concurrency: number, options: ConnectionTestOptions): number {
  const perTenantMs = options.timeoutMs + 2_000;
  return 30_000 + Math.ceil(pending / concurrency) * perTenantMs;
}

/** Ends a run that takes longer than anything it does can explain. */
class TimeLimit {
  readonly #over = new AbortController();
  readonly #cleared = new AbortController();
  readonly signal: AbortSignal;

  constructor(context: JobContext, ms: number) {
    this.signal = AbortSignal.any([context.signal, this.#over.signal]);
    // Every tenant that is tried listens.
    setMaxListeners(0, this.signal);
    context.clock.sleep(ms, this.#cleared.signal).then(
      () => this.#over.abort(new TimeOver(`The run took longer than ${ms} ms.`)),
      () => undefined,
    );
  }

  get reached(): boolean {
    return this.#over.signal.aborted;
  }

  clear(): void {
    this.#cleared.abort();
  }
}

/** The reason of the signal of a run whose time is over. */
class TimeOver extends Error {
  override readonly name = "TimeOver";
}
