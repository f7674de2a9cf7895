import { Field, ID, InputType, Int } from "type-graphql";

@InputType("SetWarmPoolTargetInput", { description: "How many ready-made databases a server is to keep." })
export class SetWarmPoolTargetInput {
  @Field(() => ID, { description: "Which server." })
  readonly serverId!: string;

  @Field(() => Int, { description: "0..1000." })
  readonly target!: number;
}
