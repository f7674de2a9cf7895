import { Field, ObjectType } from "type-graphql";
import { UserErrorType } from "../user-error.type.ts";
import { JobType } from "./job.type.ts";

@ObjectType("JobPayload", { description: "The job, or why it was refused.", simpleResolvers: true })
export class JobPayloadType {
  @Field(() => JobType, { nullable: true, description: "Null when refused." })
  readonly job?: JobType | undefined;

  @Field(() => [UserErrorType], { description: "Empty when it was done." })
  readonly userErrors!: readonly UserErrorType[];
}
