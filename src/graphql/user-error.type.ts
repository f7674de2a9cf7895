import { Field, ID, ObjectType } from "type-graphql";
import { graphqlEnum } from "./graphql-enum.ts";

export type UserErrorCode =
  | "INVALID"
  | "NOT_FOUND"
  | "SLUG_TAKEN"
  | "DOMAIN_TAKEN"
  | "RESERVED_NAME"
  | "INVALID_STATE"
  | "TENANT_BUSY"
  | "STALE_GENERATION"
  | "LIMIT_EXCEEDED"
  | "IDEMPOTENCY_KEY_REUSED"
  | "CONFIRMATION_REQUIRED"
  | "NO_ELIGIBLE_SERVER";

export const UserErrorCodeEnum = graphqlEnum<UserErrorCode>("UserErrorCode", "Why a mutation was refused.", {
  INVALID: "An input field breaks a rule.",
  NOT_FOUND: "There is no such thing, or not any more.",
  SLUG_TAKEN: "Another tenant has this slug.",
  DOMAIN_TAKEN: "Another tenant has this host name.",
  RESERVED_NAME: "The name is kept for the service or the database server.",
  INVALID_STATE: "The thing exists, but its state forbids what was asked.",
  TENANT_BUSY: "Another job is changing the tenant; `jobId` names it.",
  STALE_GENERATION: "The tenant was changed since it was read.",
  LIMIT_EXCEEDED: "More was asked for than a limit allows.",
  IDEMPOTENCY_KEY_REUSED: "The idempotency key was used with another input.",
  CONFIRMATION_REQUIRED: "The confirmation is missing or wrong.",
  NO_ELIGIBLE_SERVER: "No database server can take the tenant now.",
});

@ObjectType("UserError", {
  description: "An expected refusal of a mutation: the request was understood, and nothing was changed.",
  simpleResolvers: true,
})
export class UserErrorType {
  @Field(() => UserErrorCodeEnum, { description: "Machine-readable reason." })
  readonly code!: UserErrorCode;

  @Field(() => String, { description: "A sentence for people." })
  readonly message!: string;

  @Field(() => [String], { nullable: true, description: 'Path of the input field, e.g. `["input", "slug"]`.' })
  readonly field?: readonly string[] | undefined;

  @Field(() => ID, { nullable: true, description: "The job that is in the way, with TENANT_BUSY and LIMIT_EXCEEDED." })
  readonly jobId?: string | undefined;
}
