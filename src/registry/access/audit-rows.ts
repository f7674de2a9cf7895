import type { AuditNote } from "../../access/audit.ts";
import type { Ids } from "../../kit/ids.ts";
import type { Orm } from "../database.ts";
import { insertInto, type Statement } from "../statements.ts";
import { auditEntries } from "../tables/audit-entries.ts";

/** Adds audit rows, in the transaction of what they tell of. */
export async function writeAudit(tx: Orm, ids: Ids, at: Date, notes: readonly AuditNote[]): Promise<void> {
  if (notes.length === 0) return;
  await tx.insert(auditEntries).values(notes.map((note) => auditRow(ids, at, note)));
}

/** The same as statements of a batch. */
export function auditStatements(ids: Ids, at: Date, notes: readonly AuditNote[]): readonly Statement[] {
  return insertInto(
    auditEntries,
    notes.map((note) => auditRow(ids, at, note)),
  );
}

function auditRow(ids: Ids, at: Date, { origin, action, subject, result, note }: AuditNote) {
  return {
    id: ids.next<"AuditEntry">(),
    at,
    actorId: origin.actor.id.slice(0, 128),
    actorName: origin.actor.name.slice(0, 255),
    action,
    subject: subject?.slice(0, 128) ?? null,
    result,
    requestId: origin.requestId.slice(0, 128),
    note: note ?? null,
  };
}
