import { Field, ID, InterfaceType } from "type-graphql";

@InterfaceType("Node", { description: "Anything with a globally unique id." })
export abstract class NodeType {
  @Field(() => ID, { description: "Opaque and globally unique; says the type, so that `node` finds it." })
  readonly id!: string;
}
