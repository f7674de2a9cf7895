import { Field, ID, InputType } from "type-graphql";

@InputType("IdInput", { description: "The id of what is meant: a tenant, a job, an API key." })
export class IdInput {
  @Field(() => ID, { description: "An id of the API." })
  readonly id!: string;
}
