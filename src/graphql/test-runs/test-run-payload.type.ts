import { Field, ObjectType } from "type-graphql";
import { UserErrorType } from "../user-error.type.ts";
import { TestRunType } from "./test-run.type.ts";

@ObjectType("TestRunPayload", { description: "The run, or why it was refused.", simpleResolvers: true })
export class TestRunPayloadType {
  @Field(() => TestRunType, { nullable: true, description: "Null when refused." })
  readonly testRun?: TestRunType | undefined;

  @Field(() => [UserErrorType], { description: "Empty when it was done." })
  readonly userErrors!: readonly UserErrorType[];
}
