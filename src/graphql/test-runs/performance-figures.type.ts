import { Field, Int, ObjectType } from "type-graphql";
import type { DeepTestKind } from "../../test-runs/test-run.ts";
import { DeepTestKindEnum } from "./test-run.enums.ts";

@ObjectType("ErrorCount", { description: "How many operations failed in one way.", simpleResolvers: true })
export class ErrorCountType {
  @Field(() => String, { description: "Machine-readable." })
  readonly code!: string;

  @Field(() => Int, { description: "How many." })
  readonly count!: number;
}

@ObjectType("DeepTest", {
  description: "One thing that a database must do right however quick it is.",
  simpleResolvers: true,
})
export class DeepTestType {
  @Field(() => DeepTestKindEnum, { description: "What." })
  readonly kind!: DeepTestKind;

  @Field(() => Boolean, { description: "Whether it did." })
  readonly passed!: boolean;

  @Field(() => String, { description: "What was seen." })
  readonly evidence!: string;
}
