import { index, mysqlTable } from "drizzle-orm/mysql-core";
import type { AuditEntryId } from "../../kit/ids.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn, proseColumn } from "./columns.ts";

/** Who did what to what. Rows are only ever added. */
export const auditEntries = mysqlTable(
  "audit_entries",
  {
    id: idColumn<AuditEntryId>("id").primaryKey(),
    at: instantColumn("at").notNull(),
    actorId: exactTextColumn("actor_id", 128).notNull(),
    actorName: exactTextColumn("actor_name", 255).notNull(),
    action: asciiColumn("action", 64).notNull(),
    subject: exactTextColumn("subject", 128),
    result: asciiColumn("result", 64).notNull(),
    requestId: exactTextColumn("request_id", 128).notNull(),
    note: proseColumn("note"),
  },
  (table) => [
    index("audit_entries_at").on(table.at, table.id),
    index("audit_entries_actor").on(table.actorId, table.at, table.id),
    index("audit_entries_action").on(table.action, table.at, table.id),
    index("audit_entries_subject").on(table.subject, table.at, table.id),
  ],
);
