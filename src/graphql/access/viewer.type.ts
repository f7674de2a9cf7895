import { Field, ID, ObjectType } from "type-graphql";
import type { Actor, Role } from "../../kit/actor.ts";
import { toActorId } from "./audit-ids.ts";
import { RoleEnum } from "./role.enum.ts";

@ObjectType("Viewer", { description: "Who asks.", simpleResolvers: true })
export class ViewerType {
  @Field(() => ID, { description: "The id of the API key, or of the token's subject." })
  readonly id!: string;

  @Field(() => String, { description: "The name of the API key, or the subject and the issuer of the token." })
  readonly name!: string;

  @Field(() => RoleEnum, { description: "What it may do." })
  readonly role!: Role;
}

/** The caller, as the API shows it: an API key, or the subject of a token. */
export function toViewerType({ id, name, role }: Actor): ViewerType {
  return { id: toActorId(id), name, role };
}
