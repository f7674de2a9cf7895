import type { Job } from "../jobs/job.ts";
import type { TestRun } from "./test-run.ts";
import type { TestRunStore } from "./test-run-store.ts";

/** A job of a test without its run, although both are entered in one transaction. */
export class TestRunMissing extends Error {
  override readonly name = "TestRunMissing";
}

/** The run whose slow side the job is. @throws TestRunMissing */
export async function runOfJob(runs: Pick<TestRunStore, "find">, { id }: Pick<Job, "id">): Promise<TestRun> {
  const run = await runs.find(id);
  if (!run) throw new TestRunMissing(`Job ${id} has no test run.`);
  return run;
}
