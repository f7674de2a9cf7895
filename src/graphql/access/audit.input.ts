import { ArgsType, Field, InputType } from "type-graphql";
import type { AuditFilter } from "../../access/audit.ts";
import { PageArgs } from "../page-args.ts";
import { fromActorId, fromSubjectId } from "./audit-ids.ts";

@InputType("AuditFilter", { description: "Which audit entries are meant; what is left out does not narrow." })
export class AuditFilterInput {
  @Field(() => String, {
    nullable: true,
    description: "Id or name of the API key that did it, or id of a token's subject.",
  })
  readonly actor?: string | null;

  @Field(() => String, { nullable: true, description: "Name of the mutation, e.g. createTenant." })
  readonly action?: string | null;

  @Field(() => String, { nullable: true, description: "Id of what it was done to, e.g. of a tenant." })
  readonly subject?: string | null;
}

@ArgsType()
export class AuditLogArgs extends PageArgs {
  @Field(() => AuditFilterInput, { nullable: true, description: "Which entries are meant." })
  readonly filter?: AuditFilterInput | null;
}

/** The filter, as the registry understands it. */
export function toAuditFilter(input: AuditFilterInput | null | undefined): AuditFilter {
  const { actor, action, subject } = input ?? {};
  return {
    actor: typeof actor === "string" ? fromActorId(actor) : undefined,
    action: action ?? undefined,
    subjects: typeof subject === "string" ? fromSubjectId(subject) : undefined,
  };
}
