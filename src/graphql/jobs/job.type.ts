import { Field, Int, ObjectType } from "type-graphql";
import type { Job, JobKind, JobStatus } from "../../jobs/job.ts";
import { connectionType } from "../connection.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { NodeType } from "../node.type.ts";
import { JobKindEnum, JobStatusEnum } from "./job.enums.ts";
import { JobErrorType } from "./job-error.type.ts";
import { ProgressType } from "./progress.type.ts";

@ObjectType("Job", {
  description: "Durable slow work on one tenant or on many. It survives a crash of the process that runs it.",
  implements: NodeType,
  simpleResolvers: true,
})
export class JobType extends NodeType {
  readonly job!: Job;

  @Field(() => JobKindEnum, { description: "What it does." })
  readonly kind!: JobKind;

  @Field(() => JobStatusEnum, { description: "Where it stands in its life." })
  readonly status!: JobStatus;

  @Field(() => ProgressType, { description: "How far it has come." })
  readonly progress!: ProgressType;

  @Field(() => JobErrorType, { nullable: true, description: "Why it FAILED." })
  readonly error?: JobErrorType | undefined;

  @Field(() => Int, { description: "How often it was started." })
  readonly attempts!: number;

  @Field(() => Int, { description: "Sequence of its newest event; `jobProgress(after:)` takes it." })
  readonly lastSequence!: number;

  @Field(() => String, { description: "Name of the API key that asked for it." })
  readonly requestedBy!: string;

  @Field(() => DateTime, { description: "When it was entered." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "When it was first started." })
  readonly startedAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it ended." })
  readonly finishedAt?: Date | undefined;
}

/** A job, as the API shows it. */
export function toJobType(job: Job): JobType {
  const { kind, status, progress, error, attempts, lastSequence, createdAt, startedAt, finishedAt } = job;
  const state = { kind, status, progress, error, attempts, lastSequence, createdAt, startedAt, finishedAt };
  return { id: globalId("job", job.id), job, ...state, requestedBy: job.requestedBy.name };
}

export const JobConnectionType = connectionType("Job", "jobs", () => JobType);
