import { Field, ID, ObjectType } from "type-graphql";
import type { Actor, Role } from "../../kit/actor.ts";
import type { ApiKeyId } from "../../kit/ids.ts";
import { globalId } from "../global-id.ts";
import { RoleEnum } from "./role.enum.ts";

@ObjectType("Viewer", { description: "Who asks.", simpleResolvers: true })
export class ViewerType {
  @Field(() => ID, { description: "The id of the API key." })
  readonly id!: string;

  @Field(() => String, { description: "The name of the API key." })
  readonly name!: string;

  @Field(() => RoleEnum, { description: "What it may do." })
  readonly role!: Role;
}

/** The caller, as the API shows it: always an API key. */
export function toViewerType(actor: Actor): ViewerType {
  return { id: globalId("key", actor.id as ApiKeyId), name: actor.name, role: actor.role };
}
