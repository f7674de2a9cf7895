import type { JobContext } from "../../jobs/job-handler.ts";
import { forEachBounded, Semaphore } from "../../kit/concurrency.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { TenantId } from "../../kit/ids.ts";
import { Arrivals } from "../load/arrivals.ts";
import { LoadFigures } from "../load/load-figures.ts";
import { LoadGenerator, type SharedTarget } from "../load/load-generator.ts";
import type { LoadWatch } from "../load/load-watch.ts";
import type { TenantLoads } from "../load/tenant-load.ts";
import type { RatingBands } from "../rating.ts";
import type { BudgetLimit, DeepTest, PerformanceTestResult, TestRunDetail } from "../test-run.ts";
import { deepTests } from "./deep-tests.ts";
import { judgeTenant } from "./performance-judgement.ts";
import type { PerformancePlan } from "./performance-planning.ts";
import type { PerformanceTestOptions } from "./performance-test-options.ts";

/** Milliseconds for making and filling one tenant's table, and for its deep tests. */
const patience = { prepareMs: 15_000, deepMs: 15_000 } as const;

/** Tenants that are prepared, or tested deeply, at once. */
const atOnce = 2;

/** Milliseconds between two reports. */
const reportEveryMs = 100;

/** Why a load ended before all of its operations were done. */
export interface LoadCut {
  readonly limit: Extract<BudgetLimit, "GOVERNOR" | "DURATION">;
  /** A sentence's end. */
  readonly because: string;
}

interface Trouble {
  readonly code: string;
  readonly message: string;
}

/** What the testing of a plan works with. */
export interface TestingParts {
  readonly loads: TenantLoads;
  readonly watch: LoadWatch;
  readonly bands: RatingBands;
  /** Writes down that so many tenants come under load: after a crash that must be known. @throws LeaseLost */
  readonly begun: (tenants: number) => Promise<void>;
  readonly failpoints: Failpoints;
}

/** Carries a plan out: makes the tables, sends the load under the eyes of the governor, and tries what a figure cannot show. */
export class PerformanceTesting {
  readonly #figures = new LoadFigures();
  readonly #troubles = new Map<TenantId, Trouble>();
  readonly #deep = new Map<TenantId, readonly DeepTest[]>();
  readonly #planned = new Map<TenantId, number>();
  #loadStartedAtMs: number | undefined;
  #seconds = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly context: JobContext,
    private readonly plan: PerformancePlan,
    private readonly options: PerformanceTestOptions,
    private readonly parts: TestingParts,
  ) {}

  /** @returns why it did not come to its end, if it did not @throws LeaseLost, or the signal's reason */
  async run(): Promise<LoadCut | undefined> {
    this.#report("preparing", "Making scratch tables.");
    await this.#each(this.plan.targets, patience.prepareMs, (target, wish) =>
      this.parts.loads.createTable(target, wish),
    );
    await this.#passed("prepared");
    const ready = this.plan.targets.filter(({ tenantId }) => !this.#troubles.has(tenantId));
    if (ready.length === 0) return undefined;
    this.#report("loading", "The load begins.");
    await this.parts.begun(ready.length);
    await this.#passed("begun");
    const cut = await this.#load(ready);
    await this.#passed("loaded");
    if (this.options.skipDeepTests || cut?.limit === "GOVERNOR") return cut;
    this.#report("deep tests", "Trying persistence, concurrent writers and roll-back.");
    await this.#each(ready, patience.deepMs, async (target, wish) => {
      this.#deep.set(target.tenantId, await deepTests(this.parts.loads, target, wish));
    });
    await this.#passed("deeply-tested");
    return cut;
  }

  #passed(step: string): Promise<void> {
    return this.parts.failpoints.hit(`performance:${step}`, this.context.signal);
  }

  /** What is known of each tenant by now. */
  results(): readonly PerformanceTestResult[] {
    const seconds = this.#seconds || this.#elapsedSeconds();
    return this.plan.targets.map(({ tenantId }) =>
      judgeTenant(
        {
          tenantId,
          measure: this.#figures.measureOf(tenantId),
          seconds,
          planned: this.#planned.get(tenantId) ?? 0,
          deepTests: this.#deep.get(tenantId) ?? [],
          trouble: this.#troubles.get(tenantId),
        },
        this.parts.bands,
      ),
    );
  }

  get measuredAnything(): boolean {
    return this.#figures.operations > 0;
  }

  detail(): TestRunDetail {
    return { ...this.#figures.detail(this.context.clock.monotonicMs(), []), ...this.parts.watch.pace };
  }

  async #load(targets: readonly SharedTarget[]): Promise<LoadCut | undefined> {
    const { clock, signal, job } = this.context;
    const durationMs = this.options.durationSeconds * 1000;
    const shares = targets.map(({ sessions }) => sessions);
    const arrivals = new Arrivals(this.plan.budget.plannedOperations, durationMs, shares);
    for (const [at, { tenantId }] of targets.entries()) this.#planned.set(tenantId, arrivals.plannedFor(at));
    const sessions = shares.reduce((sum, share) => sum + share, 0);
    const pace = new Semaphore(sessions);
    const limitMs = durationMs + Math.max(10_000, durationMs / 2);
    const ending = new LoadEnding(this.context, limitMs);
    const watching = ending.watch(this.parts.watch.run(pace, sessions, ending.over));
    const record = this.#record.bind(this);
    const brokenOff = (tenantId: TenantId) => this.#figures.breakOff(tenantId);
    this.#loadStartedAtMs = clock.monotonicMs();
    try {
      const generator = new LoadGenerator(this.parts.loads, clock);
      const held = { deadlineMs: limitMs + 30_000, closing: ending.closing, signal };
      const load = { targets, arrivals, seed: seedOf(job.id), pace, record, brokenOff, ...held };
      this.#seconds = (await generator.run(load)) / 1000;
    } finally {
      ending.clear();
      await watching;
    }
    return ending.cut;
  }

  #record(tenantId: TenantId, latencyMs: number, errorCode?: string): void {
    this.#figures.add(tenantId, latencyMs, errorCode);
    const now = this.context.clock.monotonicMs();
    if (now - this.#reportedAtMs < reportEveryMs) return;
    const { operations } = this.#figures;
    this.#report("loading", `${operations} of ${this.plan.budget.plannedOperations} operations done.`);
  }

  /** Does something with each tenant; a tenant whose server or account refuses is left out from there on. */
  async #each(
    targets: readonly SharedTarget[],
    deadlineMs: number,
    work: (target: SharedTarget, wish: { readonly deadlineMs: number; readonly signal: AbortSignal }) => Promise<void>,
  ): Promise<void> {
    const { signal } = this.context;
    await forEachBounded(targets, atOnce, signal, async (target) => {
      try {
        await work(target, { deadlineMs, signal });
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof DomainError)) throw error;
        this.#troubles.set(target.tenantId, { code: error.code, message: error.message });
      }
    });
  }

  #report(phase: string, message: string): void {
    const { operations, errors } = this.#figures;
    this.#reportedAtMs = this.context.clock.monotonicMs();
    this.context.report({
      phase,
      total: this.plan.budget.plannedOperations,
      done: operations - errors,
      failed: errors,
      skipped: 0,
      message,
      takeDetail: () => this.detail(),
    });
  }

  #elapsedSeconds(): number {
    if (this.#loadStartedAtMs === undefined) return 0;
    return (this.context.clock.monotonicMs() - this.#loadStartedAtMs) / 1000;
  }
}

/** Brings a load to its end before its operations are done, when there is a reason. */
class LoadEnding {
  readonly #closing = new AbortController();
  readonly #cleared = new AbortController();
  /** Aborts when nothing needs to be watched any more. */
  readonly over: AbortSignal;
  cut: LoadCut | undefined;

  /** @param limitMs how long the load may take at most */
  constructor(context: JobContext, limitMs: number) {
    this.over = AbortSignal.any([context.signal, this.#cleared.signal]);
    const because = `its time was over after ${Math.round(limitMs / 1000)} seconds`;
    context.clock.sleep(limitMs, this.over).then(
      () => this.#end({ limit: "DURATION", because }),
      () => undefined,
    );
  }

  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Ends the load when the watch says why; a watch that fails ends it too, and is heard of when it is awaited. */
  watch(watching: Promise<string | undefined>): Promise<void> {
    const ended = watching.then((because) => {
      if (because !== undefined) this.#end({ limit: "GOVERNOR", because });
    });
    ended.catch(() => this.#closing.abort());
    return ended;
  }

  clear(): void {
    this.#cleared.abort();
  }

  #end(cut: LoadCut): void {
    if (this.over.aborted) return;
    this.cut ??= cut;
    this.#closing.abort();
  }
}

/** The same run has the same operations, another one others. */
function seedOf(jobId: string): number {
  return Number.parseInt(jobId.replaceAll("-", "").slice(-8), 16);
}
