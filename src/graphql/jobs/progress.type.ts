import { Field, Float, Int, ObjectType } from "type-graphql";

@ObjectType("Progress", {
  description: "How far a job has come. done + failed + skipped <= total.",
  simpleResolvers: true,
})
export class ProgressType {
  @Field(() => String, { description: "What is being done now, in a word." })
  readonly phase!: string;

  @Field(() => Int, { description: "Tenants in the job; grows while they are being found." })
  readonly total!: number;

  @Field(() => Int, { description: "Tenants that are done." })
  readonly done!: number;

  @Field(() => Int, { description: "Tenants that failed." })
  readonly failed!: number;

  @Field(() => Int, { description: "Tenants that were left out." })
  readonly skipped!: number;

  @Field(() => Float, { description: "0..100; never falls; 100 only with the final event." })
  readonly percent!: number;

  @Field(() => Float, { nullable: true, description: "Tenants per second of the last seconds." })
  readonly ratePerSecond?: number | undefined;

  @Field(() => Float, { nullable: true, description: "Seconds until the end, at this rate." })
  readonly etaSeconds?: number | undefined;
}
