import { and, eq, ne, or, type SQL, sql } from "drizzle-orm";
import type { JobId } from "../../kit/ids.ts";
import type { FindingFilter, RecordedFinding } from "../../provisioning/findings/finding-store.ts";
import { isAmong } from "../bulk.ts";
import { type KeysetOrder, parseInstant } from "../paging/keyset.ts";
import { findings } from "../tables/findings.ts";
import { tenants } from "../tables/tenants.ts";

export type FindingRow = typeof findings.$inferSelect;

/** Newest first. */
export const newestFindings: KeysetOrder<FindingRow> = {
  name: "findings",
  lead: findings.observedAt,
  tie: findings.id,
  direction: "DESC",
  leadOf: (row) => row.observedAt,
  tieOf: (row) => row.id,
  parseLead: parseInstant,
};

/** As the job wrote them. */
export const asFound: KeysetOrder<FindingRow> = {
  name: "findings of a job",
  lead: findings.ordinal,
  direction: "ASC",
  leadOf: (row) => row.ordinal,
  tieOf: () => "",
  parseLead: (value) => (Number.isSafeInteger(value) ? value : undefined),
};

export function whereOfJob(jobId: JobId, filter: FindingFilter): SQL | undefined {
  return and(eq(findings.jobId, jobId), matching(filter));
}

/** Nobody can mend what a DELETED tenant had. */
export const ofLiving = or(sql`${findings.tenantId} is null`, ne(tenants.status, "DELETED"));

export function whereOpen(filter: FindingFilter): SQL | undefined {
  return and(eq(findings.isOpen, true), ofLiving, matching(filter));
}

function matching(filter: FindingFilter): SQL | undefined {
  const { kinds, severities, outcomes, tenantId, serverId, withoutAdvice } = filter;
  return and(
    withoutAdvice ? ne(findings.kind, "SERVER_SETTING") : undefined,
    kinds && isAmong(findings.kind, kinds),
    severities && isAmong(findings.severity, severities),
    outcomes && isAmong(findings.outcome, outcomes),
    tenantId === undefined ? undefined : eq(findings.tenantId, tenantId),
    serverId === undefined ? undefined : eq(findings.serverId, serverId),
  );
}

export function toFinding(row: FindingRow): RecordedFinding {
  const { id, jobId, serverId, kind, severity, outcome, object, message, observedAt } = row;
  return {
    ...{ id, jobId, serverId, kind, severity, outcome, object, message, observedAt },
    tenantId: row.tenantId ?? undefined,
    expected: row.expected ?? undefined,
    actual: row.actual ?? undefined,
  };
}
