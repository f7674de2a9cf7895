import type { JobEvent, JobItemCounts } from "../../jobs/job.ts";
import type { JobEnd, JobLease, JobStore } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { type RatingBands, rateRun } from "../rating.ts";
import { cutShort, endMessage, latestOf, secondsSinceStart } from "../run-end.ts";
import type { TestRun, TestRunDetail } from "../test-run.ts";
import type { TestRunConclusion, TestRunStore } from "../test-run-store.ts";
import { verdictOfRun } from "../verdict.ts";
import { ConnectionFigures } from "./connection-figures.ts";
import { connectionRecommendations } from "./connection-recommendations.ts";
import { type ConnectionSight, SightGatherer } from "./connection-sight.ts";

/** Results read at a time. */
const batch = 500;

interface Seen {
  readonly figures: ConnectionFigures;
  readonly sight: ConnectionSight;
  readonly items: JobItemCounts;
}

/**
 * Draws the conclusion of a run from its stored results alone, so that a run that was cancelled, failed or taken up again after a
 * crash is judged like any other.
 */
export class ConnectionConclusion {
  constructor(
    private readonly runs: Pick<TestRunStore, "allResults" | "conclude">,
    private readonly jobs: Pick<JobStore, "itemCounts">,
    private readonly tenants: Pick<TenantStore, "findMany">,
    private readonly servers: Pick<ServerStore, "findMany">,
    private readonly by: { readonly bands: RatingBands; readonly clock: Clock },
  ) {}

  /** Writes the run's conclusion and the job's end together. @returns the final event @throws LeaseLost */
  async write(lease: JobLease, run: TestRun, end: JobEnd): Promise<JobEvent> {
    const seen = await this.#look(run);
    const seconds = secondsSinceStart(run, this.by.clock.now());
    const conclusion = await this.#conclusion(run, end, seen, seconds);
    const detail: TestRunDetail = {
      ...seen.figures.takeDetail({ seconds, tested: seen.figures.tested }),
      latest: latestOf(end),
      verdict: conclusion.verdict,
    };
    const message = endMessage(end, conclusion.verdict, seen.figures.counts);
    return this.runs.conclude(lease, conclusion, { ...end, message, detail });
  }

  async #look(run: TestRun): Promise<Seen> {
    const figures = new ConnectionFigures();
    const gatherer = new SightGatherer();
    for await (const results of this.runs.allResults(run.id, batch)) {
      figures.add(results);
      const tenants = await this.tenants.findMany(results.map(({ tenantId }) => tenantId));
      const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
      for (const result of results) gatherer.add(result, byId.get(result.tenantId));
    }
    return { figures, sight: gatherer.sight(), items: await this.jobs.itemCounts(run.id) };
  }

  async #conclusion(run: TestRun, end: JobEnd, seen: Seen, seconds: number): Promise<TestRunConclusion> {
    const { figures, sight, items } = seen;
    const summary = figures.summary(seconds);
    const complete = end.status === "SUCCEEDED" && items.pending === 0;
    const servers = await this.servers.findMany(sight.servers.map(({ serverId }) => serverId));
    return {
      verdict: verdictOfRun(figures.counts, complete),
      rating: rateRun(summary.latency?.p95, summary.failed, this.by.bands),
      coverage: { ...run.coverage, tenantsTested: figures.tested },
      summary,
      recommendations: connectionRecommendations(sight, {
        bands: this.by.bands,
        serverNames: new Map(servers.map(({ id, name }) => [id, name])),
        notReached: items.pending,
        cutShort: cutShort(run, end, items.pending),
      }),
    };
  }
}
