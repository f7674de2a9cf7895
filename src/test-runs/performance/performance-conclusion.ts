import type { JobEvent } from "../../jobs/job.ts";
import type { JobEnd, JobLease, JobStore } from "../../jobs/job-store.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import type { ComparedRun } from "../comparison/run-comparison.ts";
import type { RatingBands } from "../rating.ts";
import type { TestResult, TestRun, TestRunDetail, TestSummary } from "../test-run.ts";
import type { TestRunConclusion, TestRunStore } from "../test-run-store.ts";
import { verdictOfRun } from "../verdict.ts";
import { type LoadCount, lastCount } from "./last-count.ts";
import { rateLoad } from "./performance-judgement.ts";
import { performanceRecommendations } from "./performance-recommendations.ts";
import { PerformanceSight } from "./performance-sight.ts";

/** Percent that a run reaches which did not come to its end. */
const almostDone = 99.9;

/** Results that an event names at most. */
const latestLength = 20;

/** Says how a run stands to what was accepted before. */
export interface BaselineAdvice {
  /** @param head the run as it will be concluded @returns sentences; none without a baseline */
  advise(head: ComparedRun): Promise<readonly string[]>;
}

/** What the conclusion reads and writes in the registry. */
export interface ConclusionStores {
  readonly runs: Pick<TestRunStore, "allResults" | "conclude">;
  readonly jobs: Pick<JobStore, "itemCounts" | "find" | "events">;
  readonly tenants: Pick<TenantStore, "findMany">;
  readonly servers: Pick<ServerStore, "findMany">;
}

/**
 * Draws the conclusion of a run from what is stored of it, whether it came to its end, was cut short or lost its process. Without results of
 * tenants, which such a process took along, the figures of its last event count: what was told of the load is not taken back.
 */
export class PerformanceConclusion {
  constructor(
    private readonly stores: ConclusionStores,
    private readonly baseline: BaselineAdvice,
    private readonly bands: RatingBands,
  ) {}

  /** Writes the run's conclusion and the job's end together. @returns the final event @throws LeaseLost */
  async write(lease: JobLease, run: TestRun, end: JobEnd): Promise<JobEvent> {
    const results: TestResult[] = [];
    for await (const batch of this.stores.runs.allResults(run.id, 500)) results.push(...batch);
    const seen = new PerformanceSight(results);
    const counted = results.length === 0 ? await lastCount(this.stores.jobs, run.id) : undefined;
    const conclusion = await this.#conclusion(run, end, seen, counted);
    const { summary, verdict } = conclusion;
    const { operations, operationsPerSecond, errors, latency } = summary;
    const latest = seen.tenantIds.slice(-latestLength);
    const detail: TestRunDetail = { operations, operationsPerSecond, errors, latency, latest, verdict };
    const said = `${verdict}: ${operations} operations, ${errors} of them failed.`;
    const message = end.status === "SUCCEEDED" ? said : `${end.message} ${said}`;
    const progress = progressOf(run, end, summary);
    return this.stores.runs.conclude(lease, conclusion, { ...end, progress, message, detail });
  }

  async #conclusion(
    run: TestRun,
    end: JobEnd,
    seen: PerformanceSight,
    counted: LoadCount | undefined,
  ): Promise<TestRunConclusion> {
    const { budget } = run;
    const [items, tenants] = await Promise.all([
      this.stores.jobs.itemCounts(run.id),
      this.stores.tenants.findMany(seen.tenantIds),
    ]);
    const servers = await this.stores.servers.findMany([...new Set(tenants.map(({ serverId }) => serverId))]);
    const summary = { ...seen.summary(), ...counted };
    const cutShort = whyCut(run, end);
    const complete = cutShort === undefined && items.pending === 0 && seen.operations >= budget.plannedOperations;
    const coverage = { ...run.coverage, tenantsTested: seen.results.filter((result) => result.operations > 0).length };
    return {
      verdict: verdictOfRun(seen.counts, complete),
      rating: rateLoad(summary.latency?.p95, seen, this.bands),
      coverage,
      summary,
      recommendations: performanceRecommendations(seen, {
        budget,
        bands: this.bands,
        tenants: new Map(tenants.map(({ id, slug, serverId }) => [id, { slug, serverId }])),
        serverNames: new Map(servers.map(({ id, name }) => [id, name])),
        cutShort,
        counted: counted?.operations,
        baseline: await this.baseline.advise({ run: { ...run, coverage, summary }, latency: seen.latency }),
      }),
    };
  }
}

/** What the summary says, so that both count the same; a run that was cut short stays where it was, without falling behind what was told. */
function progressOf({ progress: told }: TestRun, { progress, status }: JobEnd, { operations, errors }: TestSummary) {
  const counts = { ...progress, done: operations - errors, failed: errors };
  if (status === "SUCCEEDED" || progress.total === 0) return counts;
  const reached = Math.floor((operations * 1_000) / progress.total) / 10;
  return { ...counts, percent: Math.max(told.percent, Math.min(almostDone, reached)) };
}

function whyCut({ budget }: TestRun, end: JobEnd): string | undefined {
  if (end.status === "CANCELLED") return "it was cancelled";
  if (end.status === "FAILED") return `it failed (${end.error?.code ?? "INTERNAL"})`;
  if (budget.limitedBy.includes("GOVERNOR")) return "the governor ended it";
  return budget.limitedBy.includes("DURATION") ? "its time was over" : undefined;
}
