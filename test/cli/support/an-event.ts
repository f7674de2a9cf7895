import type { JobStatus } from "../../../src/cli/gql/graphql.ts";
import type { WorkEvent } from "../../../src/cli/progress/follow.ts";

/** An event of a job on ten tenants. */
export function anEvent(
  sequence: number,
  status: JobStatus = "RUNNING",
  progress: Partial<WorkEvent["progress"]> = {},
): WorkEvent {
  return {
    sequence,
    at: "2026-01-01T00:00:00.000Z",
    status,
    message: `Step ${sequence}.`,
    progress: {
      done: 4,
      failed: 0,
      skipped: 0,
      total: 10,
      percent: 40,
      phase: "testing",
      ratePerSecond: 2,
      etaSeconds: 3,
      ...progress,
    },
  };
}
