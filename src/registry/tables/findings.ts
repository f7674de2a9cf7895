import { boolean, index, int, mysqlTable, uniqueIndex } from "drizzle-orm/mysql-core";
import type { Id, JobId, ServerId, TenantId } from "../../kit/ids.ts";
import type { FindingKind, RepairOutcome, Severity } from "../../provisioning/finding.ts";
import { asciiColumn, exactTextColumn, idColumn, instantColumn, proseColumn } from "./columns.ts";

/** What jobs found. Open: nobody has mended it, and no later look at the same tenant or server has taken its place. */
export const findings = mysqlTable(
  "findings",
  {
    id: idColumn<Id<"Finding">>("id").primaryKey(),
    jobId: idColumn<JobId>("job_id").notNull(),
    ordinal: int("ordinal").notNull(),
    tenantId: idColumn<TenantId>("tenant_id"),
    serverId: idColumn<ServerId>("server_id").notNull(),
    kind: asciiColumn<FindingKind>("kind", 40).notNull(),
    severity: asciiColumn<Severity>("severity", 20).notNull(),
    outcome: asciiColumn<RepairOutcome>("outcome", 20).notNull(),
    object: exactTextColumn("object", 512).notNull(),
    message: proseColumn("message").notNull(),
    expected: proseColumn("expected"),
    actual: proseColumn("actual"),
    isOpen: boolean("is_open").notNull(),
    observedAt: instantColumn("observed_at").notNull(),
  },
  (table) => [
    uniqueIndex("findings_job").on(table.jobId, table.ordinal),
    index("findings_job_kind").on(table.jobId, table.kind, table.ordinal),
    index("findings_job_outcome").on(table.jobId, table.outcome, table.ordinal),
    index("findings_kind").on(table.isOpen, table.kind, table.observedAt, table.id),
    index("findings_severity").on(table.isOpen, table.severity, table.observedAt, table.id),
    index("findings_open").on(table.isOpen, table.observedAt, table.id),
    index("findings_tenant").on(table.tenantId, table.isOpen, table.observedAt, table.id),
    index("findings_server").on(table.serverId, table.isOpen, table.observedAt, table.id),
  ],
);
