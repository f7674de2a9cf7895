import { Field, ObjectType } from "type-graphql";

@ObjectType("Label", { description: "A key and a value that tenants can be found by.", simpleResolvers: true })
export class LabelType {
  @Field(() => String, { description: "Unique within the tenant." })
  readonly key!: string;

  @Field(() => String, { description: "Free text." })
  readonly value!: string;
}
