import { Field, ObjectType } from "type-graphql";
import type { ApiKey } from "../../access/api-key.ts";
import type { Role } from "../../kit/actor.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { NodeType } from "../node.type.ts";
import { UserErrorType } from "../user-error.type.ts";
import { RoleEnum } from "./role.enum.ts";

@ObjectType("ApiKey", {
  description: "A key that opens the API. Of its secret only a hash is kept. Needs the role ADMIN.",
  implements: NodeType,
  simpleResolvers: true,
})
export class ApiKeyType extends NodeType {
  @Field(() => String, { description: "What people call it." })
  readonly name!: string;

  @Field(() => RoleEnum, { description: "What its holder may do." })
  readonly role!: Role;

  @Field(() => String, { description: "First characters of the secret, to recognise it by." })
  readonly prefix!: string;

  @Field(() => DateTime, { description: "When it was made." })
  readonly createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: "From when on it opens nothing; null: never." })
  readonly expiresAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it was last used, to the minute." })
  readonly lastUsedAt?: Date | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it was revoked." })
  readonly revokedAt?: Date | undefined;
}

@ObjectType("ApiKeyPayload", { description: "The key, or why it was refused.", simpleResolvers: true })
export class ApiKeyPayloadType {
  @Field(() => ApiKeyType, { nullable: true, description: "Null when refused." })
  readonly apiKey?: ApiKeyType | undefined;

  @Field(() => String, { nullable: true, description: "The secret of a new key. Shown once, kept nowhere." })
  readonly secret?: string | undefined;

  @Field(() => [UserErrorType], { description: "Empty when it was done." })
  readonly userErrors!: readonly UserErrorType[];
}

/** A key, as the API shows it. */
export function toApiKeyType(key: ApiKey): ApiKeyType {
  const { name, role, prefix, createdAt, expiresAt, lastUsedAt, revokedAt } = key;
  return { id: globalId("key", key.id), name, role, prefix, createdAt, expiresAt, lastUsedAt, revokedAt };
}
