import type { Config } from "../config.ts";
import type { JobRunner } from "../jobs/job-runner.ts";
import type { SecretBox } from "../kit/secret-box.ts";
import { RunComparisons } from "../test-runs/comparison/run-comparisons.ts";
import { ProcessStrain } from "../test-runs/load/process-strain.ts";
import { PerformanceTestJob } from "../test-runs/performance/performance-test-job.ts";
import { ScopeCheck } from "../test-runs/scope-check.ts";
import { TestRunService } from "../test-runs/test-run-service.ts";
import type { Reach } from "./reach.ts";
import type { Stores } from "./stores.ts";
import type { Tools } from "./tools.ts";

/** The handler of performance tests. */
export function performanceTests(
  config: Config,
  { stores, reach, secretBox }: { readonly stores: Stores; readonly reach: Reach; readonly secretBox: SecretBox },
  { ids, failpoints }: Pick<Tools, "ids" | "failpoints">,
): PerformanceTestJob {
  const { testRuns: runs, jobs, tenants, servers, scratch } = stores;
  return new PerformanceTestJob(
    { runs, jobs, tenants, servers, scratch },
    { loads: reach.tenantLoads, strains: reach.strains, secrets: secretBox },
    {
      bands: config.ratingBands,
      ids,
      baseline: runComparisons(stores),
      process: () => new ProcessStrain(),
      failpoints,
    },
  );
}

/** What the edges may ask of test runs. */
export function testRunService(
  config: Pick<Config, "testMaxOperations">,
  { stores, work }: { readonly stores: Stores; readonly work: { readonly runner: Pick<JobRunner, "wake"> } },
  { ids }: Pick<Tools, "ids">,
): TestRunService {
  const { testRuns, jobs, tenants, servers } = stores;
  const limits = { maxOperations: config.testMaxOperations };
  return new TestRunService(testRuns, jobs, new ScopeCheck(tenants, servers), ids, work.runner, limits);
}

/** Runs beside each other. */
export function runComparisons({ testRuns, baselines }: Stores): RunComparisons {
  return new RunComparisons(testRuns, baselines);
}
