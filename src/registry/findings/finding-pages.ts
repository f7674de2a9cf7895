import { and, eq, getTableColumns, sql } from "drizzle-orm";
import type { JobId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { FindingFilter, RecordedFinding } from "../../provisioning/findings/finding-store.ts";
import type { Orm } from "../database.ts";
import { firstOfEach } from "../paging/first-of-each.ts";
import { planPage, toPage } from "../paging/keyset.ts";
import { findings } from "../tables/findings.ts";
import { tenants } from "../tables/tenants.ts";
import { asFound, newestFindings, toFinding, whereOfJob, whereOpen } from "./finding-filter.ts";

/** What a filter narrows the list by: the values of a column, by which an index leads before the order. */
interface Narrowing {
  readonly filters: readonly FindingFilter[];
  readonly forceIndex: string;
}

/** Findings of a job, as it wrote them. @throws InvalidCursor */
export async function pageOfJob(
  orm: Orm,
  jobId: JobId,
  filter: FindingFilter,
  page: PageRequest,
): Promise<Page<RecordedFinding>> {
  const plan = planPage(asFound, page);
  const { filters, forceIndex } = narrowingOfJob(filter);
  const look = (narrowed: FindingFilter) =>
    orm
      .select({ id: findings.id })
      .from(findings, { forceIndex })
      .where(and(whereOfJob(jobId, narrowed), plan.where))
      .orderBy(...plan.orderBy)
      .limit(plan.limit);
  const rows = await selectHits(orm, filters, look)
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return toPage(asFound, page, rows, toFinding);
}

/** Open findings, newest first. @throws InvalidCursor */
export async function pageOfOpen(orm: Orm, filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>> {
  const plan = planPage(newestFindings, page);
  const { filters, forceIndex } = narrowingOfOpen(filter);
  const look = (narrowed: FindingFilter) =>
    orm
      .select({ id: findings.id })
      .from(findings, { forceIndex })
      .leftJoin(tenants, eq(tenants.id, findings.tenantId))
      .where(and(whereOpen(narrowed), plan.where))
      .orderBy(...plan.orderBy)
      .limit(plan.limit);
  const rows = await selectHits(orm, filters, look)
    .orderBy(...plan.orderBy)
    .limit(plan.limit);
  return toPage(newestFindings, page, rows, toFinding);
}

function selectHits(orm: Orm, filters: Narrowing["filters"], look: Parameters<typeof firstOfEach<FindingFilter>>[1]) {
  const columns = getTableColumns(findings);
  const statement = orm.select(columns).from(findings);
  // Narrowed to nothing at all.
  if (filters.length === 0) return statement.where(sql`false`).$dynamic();
  return statement.innerJoin(firstOfEach(filters, look), eq(findings.id, sql`hits.id`)).$dynamic();
}

function narrowingOfJob(filter: FindingFilter): Narrowing {
  const { kinds, outcomes } = filter;
  if (kinds)
    return { filters: eachOf(kinds, (kind) => ({ ...filter, kinds: [kind] })), forceIndex: "findings_job_kind" };
  if (!outcomes) return { filters: [filter], forceIndex: "findings_job" };
  const filters = eachOf(outcomes, (outcome) => ({ ...filter, outcomes: [outcome] }));
  return { filters, forceIndex: "findings_job_outcome" };
}

function narrowingOfOpen(filter: FindingFilter): Narrowing {
  const { kinds, severities, tenantId, serverId } = filter;
  // A tenant has few.
  if (tenantId !== undefined) return { filters: [filter], forceIndex: "findings_tenant" };
  if (kinds) return { filters: eachOf(kinds, (kind) => ({ ...filter, kinds: [kind] })), forceIndex: "findings_kind" };
  if (severities) {
    const filters = eachOf(severities, (severity) => ({ ...filter, severities: [severity] }));
    return { filters, forceIndex: "findings_severity" };
  }
  return { filters: [filter], forceIndex: serverId === undefined ? "findings_open" : "findings_server" };
}

/** A value that is named twice must not find each row twice. */
function eachOf<Value>(values: readonly Value[], narrowed: (value: Value) => FindingFilter): readonly FindingFilter[] {
  return [...new Set(values)].map(narrowed);
}
