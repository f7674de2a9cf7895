import type { JobEvent } from "../../jobs/job.ts";
import type { JobEnd, JobLease, JobStore } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { cutShort, endMessage, latestOf, secondsSinceStart } from "../run-end.ts";
import type { TestRun, TestRunDetail } from "../test-run.ts";
import type { TestRunConclusion, TestRunStore } from "../test-run-store.ts";
import { verdictOfRun } from "../verdict.ts";
import { VerdictTally } from "../verdict-tally.ts";
import { IsolationAdvice } from "./isolation-advice.ts";

/** Results read at a time. */
const batch = 200;

/** Draws the conclusion of a run from its stored results alone, however it ended. */
export class IsolationConclusion {
  constructor(
    private readonly runs: Pick<TestRunStore, "allResults" | "conclude">,
    private readonly jobs: Pick<JobStore, "itemCounts">,
    private readonly tenants: Pick<TenantStore, "findMany">,
    private readonly clock: Clock,
  ) {}

  /** Writes the run's conclusion and the job's end together. @returns the final event @throws LeaseLost */
  async write(lease: JobLease, run: TestRun, end: JobEnd): Promise<JobEvent> {
    const tally = new VerdictTally();
    const advice = await this.#look(run, tally);
    const { pending } = await this.jobs.itemCounts(run.id);
    const seconds = secondsSinceStart(run, this.clock.now());
    const verdict = verdictOfRun(tally.counts, end.status === "SUCCEEDED" && pending === 0);
    const { requestedOperations, plannedOperations } = run.budget;
    const conclusion: TestRunConclusion = {
      verdict,
      coverage: { ...run.coverage, tenantsTested: tally.tested },
      summary: tally.summary(seconds),
      recommendations: advice.recommendations({
        notReached: pending,
        cutShort: cutShort(run, end, pending),
        leftOut: plannedOperations > 0 ? requestedOperations - plannedOperations : 0,
      }),
    };
    const detail: TestRunDetail = {
      ...tally.takeDetail({ seconds, tested: tally.tested }),
      latest: latestOf(end),
      verdict,
    };
    return this.runs.conclude(lease, conclusion, { ...end, message: endMessage(end, verdict, tally.counts), detail });
  }

  async #look(run: TestRun, tally: VerdictTally): Promise<IsolationAdvice> {
    const advice = new IsolationAdvice();
    for await (const results of this.runs.allResults(run.id, batch)) {
      tally.add(results);
      const tenants = await this.tenants.findMany(results.map(({ tenantId }) => tenantId));
      const slugs = new Map(tenants.map(({ id, slug }) => [id, slug]));
      for (const result of results) {
        if (result.kind === "ISOLATION") advice.add(result, slugs.get(result.tenantId) ?? result.tenantId);
      }
    }
    return advice;
  }
}
