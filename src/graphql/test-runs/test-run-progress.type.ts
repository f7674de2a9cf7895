import { Field, Float, ID, Int, ObjectType } from "type-graphql";
import type { JobEvent, JobStatus } from "../../jobs/job.ts";
import type { TestRunDetail, Verdict } from "../../test-runs/test-run.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { JobStatusEnum } from "../jobs/job.enums.ts";
import { ProgressType } from "../jobs/progress.type.ts";
import { LatencyStatsType } from "./latency-stats.type.ts";
import { VerdictEnum } from "./test-run.enums.ts";

@ObjectType("TestRunProgress", {
  description:
    "One step of a run's life. Same sequence rules as JobEvent. `latest` are the results that came since the last event, at most 20 of them.",
  simpleResolvers: true,
})
export class TestRunProgressType {
  readonly event!: JobEvent;
  readonly detail!: TestRunDetail;

  @Field(() => ID, { description: "The run." })
  readonly runId!: string;

  @Field(() => Int, { description: "1, 2, 3 …; what `after` takes." })
  readonly sequence!: number;

  @Field(() => DateTime, { description: "When it was written down." })
  readonly at!: Date;

  @Field(() => JobStatusEnum, { description: "The run's status from here on." })
  readonly status!: JobStatus;

  @Field(() => ProgressType, { description: "How far the run had come." })
  readonly progress!: ProgressType;

  @Field(() => Int, { description: "Operations done so far." })
  readonly operations!: number;

  @Field(() => Float, { nullable: true, description: "Operations per second of the last seconds." })
  readonly operationsPerSecond?: number | undefined;

  @Field(() => Int, { description: "Operations that failed so far." })
  readonly errors!: number;

  @Field(() => LatencyStatsType, { nullable: true, description: "How long operations took so far." })
  readonly latency?: LatencyStatsType | undefined;

  @Field(() => VerdictEnum, { nullable: true, description: "Set with the final event." })
  readonly verdict?: Verdict | undefined;

  @Field(() => Int, {
    nullable: true,
    description:
      "Operations at once that the governor of a performance test lets through; null where there is no load.",
  })
  readonly concurrency?: number | undefined;

  @Field(() => String, {
    nullable: true,
    description: "Why the governor lets fewer through than were planned, as a sentence's end; null where it does not.",
  })
  readonly slowedBecause?: string | undefined;

  @Field(() => String, { description: "A sentence for people." })
  readonly message!: string;
}

/** An event of a test run's job, as the API shows it. */
export function toTestRunProgressType(event: JobEvent, detail: TestRunDetail): TestRunProgressType {
  const { sequence, at, status, progress, message } = event;
  const { operations, operationsPerSecond, errors, latency, verdict, concurrency, slowedBecause } = detail;
  const step = { event, detail, runId: globalId("run", event.jobId), sequence, at, status, progress, message };
  return { ...step, operations, operationsPerSecond, errors, latency, verdict, concurrency, slowedBecause };
}
