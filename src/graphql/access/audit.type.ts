import { Field, ObjectType } from "type-graphql";
import type { AuditEntry } from "../../access/audit.ts";
import { connectionType } from "../connection.ts";
import { DateTime } from "../date-time.ts";
import { globalId } from "../global-id.ts";
import { NodeType } from "../node.type.ts";
import { toActorId, toSubjectId } from "./audit-ids.ts";

@ObjectType("AuditEntry", {
  description: "Who did what to what, and how it ended. Never changed, never removed. Needs the role ADMIN.",
  implements: NodeType,
  simpleResolvers: true,
})
export class AuditEntryType extends NodeType {
  @Field(() => DateTime, { description: "When it was done." })
  readonly at!: Date;

  @Field(() => String, { description: "Name of who did it, and its id in parentheses." })
  readonly actor!: string;

  @Field(() => String, { description: "Name of the mutation, or of the field that was forbidden." })
  readonly action!: string;

  @Field(() => String, { nullable: true, description: "Id of what it was done to, e.g. of a tenant." })
  readonly subject?: string | undefined;

  @Field(() => String, { description: "`OK`, or the code of the refusal." })
  readonly result!: string;

  @Field(() => String, { description: "Id of the request, which its answer and the log name too." })
  readonly requestId!: string;

  @Field(() => String, { nullable: true, description: "A reason that the caller gave, or why it was refused." })
  readonly note?: string | undefined;
}

/** An entry, as the API shows it. */
export function toAuditEntryType(entry: AuditEntry): AuditEntryType {
  const { at, action, subject, result, requestId, note } = entry;
  const actor = `${entry.actorName} (${toActorId(entry.actorId)})`;
  const id = globalId("audit", entry.id);
  return { id, at, actor, action, subject: subject && toSubjectId(subject), result, requestId, note };
}

export const AuditEntryConnectionType = connectionType("AuditEntry", "audit entries", () => AuditEntryType);
