import { Field, ID, InputType } from "type-graphql";

@InputType("DeleteTenantInput", { description: "The tenant that is to go, with all its data." })
export class DeleteTenantInput {
  @Field(() => ID, { description: "The tenant." })
  readonly id!: string;

  @Field(() => String, { description: "Must equal the slug." })
  readonly confirmSlug!: string;
}
