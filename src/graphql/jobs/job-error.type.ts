import { Field, ObjectType } from "type-graphql";

@ObjectType("JobError", { description: "Why a job, or one tenant in it, failed.", simpleResolvers: true })
export class JobErrorType {
  @Field(() => String, { description: "Machine-readable; PARTIAL_FAILURE when a tenant in it failed." })
  readonly code!: string;

  @Field(() => String, { description: "A sentence for people." })
  readonly message!: string;

  @Field(() => Boolean, { description: "Whether the same may succeed later without a change." })
  readonly retryable!: boolean;
}
