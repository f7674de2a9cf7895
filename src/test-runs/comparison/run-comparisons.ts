import type { Origin } from "../../kit/actor.ts";
import { InvalidInput, InvalidState, NotFound } from "../../kit/domain-error.ts";
import { LatencyHistogram } from "../../kit/histogram.ts";
import type { JobId } from "../../kit/ids.ts";
import { latencyOf } from "../connection/connection-figures.ts";
import type { TestResult, TestRun } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import { type ComparedRun, compareRuns, type MetricComparison, type RunComparison } from "./run-comparison.ts";
import type { TestBaselineStore } from "./test-baseline.ts";

/** Holds runs against each other, and against what was accepted. */
export class RunComparisons {
  constructor(
    private readonly runs: Pick<TestRunStore, "find" | "allResults">,
    private readonly baselines: TestBaselineStore,
  ) {}

  /** @returns undefined for an unknown run @throws InvalidInput for runs of different kinds, or one that has not ended */
  async compare(baseId: JobId, headId: JobId): Promise<RunComparison | undefined> {
    const [base, head] = await Promise.all([this.runs.find(baseId), this.runs.find(headId)]);
    if (!base || !head) return undefined;
    if (base.kind !== head.kind) {
      throw new InvalidInput(`A ${base.kind} run cannot be compared with a ${head.kind} run.`, { field: ["headId"] });
    }
    for (const [run, field] of [[base, "baseId"] as const, [head, "headId"] as const]) {
      if (run.verdict === undefined) throw new InvalidInput("The run has not ended yet.", { field: [field] });
    }
    return compareRuns(await this.#measured(base), await this.#measured(head));
  }

  /** How an ended run stands to the baseline of its kind; undefined without one, and for the baseline itself. */
  async toBaseline(run: TestRun): Promise<RunComparison | undefined> {
    if (run.verdict === undefined) return undefined;
    return this.#toBaseline({ run, latency: new LatencyHistogram() }, () => this.#measured(run));
  }

  /** Sentences for a run that is being concluded; none without a baseline. */
  async advise(head: ComparedRun): Promise<readonly string[]> {
    const comparison = await this.#toBaseline(head, () => Promise.resolve(head));
    if (!comparison) return [];
    const changed = comparison.metrics.filter(({ outcome }) => outcome !== "SAME");
    if (changed.length === 0) return ["Against the accepted baseline: no change that is beyond noise."];
    return [`Against the accepted baseline: ${changed.map(said).join("; ")}.`];
  }

  /** Later runs of its kind are held against this one. @throws NotFound, InvalidState unless it came to its end */
  async accept(runId: JobId, origin: Origin): Promise<TestRun> {
    const run = await this.runs.find(runId);
    if (!run) throw new NotFound("There is no such test run.", { field: ["input", "id"] });
    if (run.status !== "SUCCEEDED") {
      const message = `The run is ${run.status}; only one that came to its end can be a baseline.`;
      throw new InvalidState(message, { field: ["input", "id"] });
    }
    await this.baselines.accept(run.kind, run.id, origin);
    return run;
  }

  async #toBaseline(head: ComparedRun, measured: () => Promise<ComparedRun>): Promise<RunComparison | undefined> {
    const baseline = await this.baselines.find(head.run.kind);
    if (!baseline || baseline.runId === head.run.id) return undefined;
    const base = await this.runs.find(baseline.runId);
    return base && compareRuns(await this.#measured(base), await measured());
  }

  async #measured(run: TestRun): Promise<ComparedRun> {
    const latency = new LatencyHistogram();
    for await (const results of this.runs.allResults(run.id, 500)) for (const result of results) add(latency, result);
    return { run, latency };
  }
}

function add(latency: LatencyHistogram, result: TestResult): void {
  if (result.kind === "PERFORMANCE") {
    if (result.operations > 0) latency.merge(LatencyHistogram.decode(result.histogram));
    return;
  }
  const ms = latencyOf(result);
  if (ms !== undefined) latency.record(ms);
}

function said({ metric, base, head, outcome }: MetricComparison): string {
  const name = metric.toLowerCase().replaceAll("_", " ");
  return `${name} ${rounded(base)} → ${rounded(head)}, ${outcome.toLowerCase()}`;
}

function rounded(value: number): string {
  return (value < 10 ? Math.round(value * 1000) / 1000 : Math.round(value)).toString();
}
