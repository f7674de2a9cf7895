import { Field, InputType } from "type-graphql";
import type { CreateApiKey } from "../../access/api-key-issuer.ts";
import type { Role } from "../../kit/actor.ts";
import { DateTime } from "../date-time.ts";
import { RoleEnum } from "./role.enum.ts";

@InputType("CreateApiKeyInput", { description: "A new API key." })
export class CreateApiKeyInput {
  @Field(() => String, { description: "What people call it: 1..100 characters." })
  readonly name!: string;

  @Field(() => RoleEnum, { description: "What its holder may do." })
  readonly role!: Role;

  @Field(() => DateTime, {
    nullable: true,
    description: "From when on it opens nothing; in the future. Absent: never.",
  })
  readonly expiresAt?: Date | null;
}

/** The wish inside. */
export function toCreateApiKey({ name, role, expiresAt }: CreateApiKeyInput): CreateApiKey {
  return { name, role, expiresAt: expiresAt ?? undefined };
}
