import { Field, ID, Int, ObjectType } from "type-graphql";
import type { JobEvent, JobStatus } from "../../jobs/job.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { JobStatusEnum } from "./job.enums.ts";
import { ProgressType } from "./progress.type.ts";

@ObjectType("JobEvent", {
  description:
    "One step of a job's life. `sequence` starts at 1 and grows by exactly 1; the event with a final status is the last.",
  simpleResolvers: true,
})
export class JobEventType {
  @Field(() => ID, { description: "The job." })
  readonly jobId!: string;

  @Field(() => Int, { description: "1, 2, 3 …; what `after` takes." })
  readonly sequence!: number;

  @Field(() => DateTime, { description: "When it was written down." })
  readonly at!: Date;

  @Field(() => JobStatusEnum, { description: "The job's status from here on." })
  readonly status!: JobStatus;

  @Field(() => ProgressType, { description: "How far the job had come." })
  readonly progress!: ProgressType;

  @Field(() => String, { description: "A sentence for people." })
  readonly message!: string;
}

/** An event, as the API shows it. */
export function toJobEventType(event: JobEvent): JobEventType {
  const { sequence, at, status, progress, message } = event;
  return { jobId: globalId("job", event.jobId), sequence, at, status, progress, message };
}
