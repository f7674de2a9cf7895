import { and, eq, inArray, type SQL, sql } from "drizzle-orm";
import { changesTenants, reservesAtEntry } from "../../jobs/changing-kinds.ts";
import type { JobError, JobItem, JobKind } from "../../jobs/job.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import type { Orm } from "../database.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { release, reserve } from "./busy-tenants.ts";
import type { LockedJob } from "./job-writes.ts";

/** Rows per statement: far below max_allowed_packet, and building the text stays a matter of milliseconds. */
const rowsPerStatement = 500;

const busy: JobError = { code: "TENANT_BUSY", message: "Another job is changing this tenant.", retryable: true };

/** Where the next item of a job stands. */
export interface ItemCounters {
  readonly ordinal: number;
  readonly settleOrder: number;
}

/** A job whose items are entered. */
export interface ItemOwner {
  readonly id: JobId;
  readonly kind: JobKind;
}

/** Enters PENDING items; tenants that another job changes are SKIPPED at once when this one takes them at its entering. */
export async function enterItems(
  tx: Orm,
  job: ItemOwner,
  tenantIds: readonly TenantId[],
  after: ItemCounters = { ordinal: 0, settleOrder: 0 },
): Promise<void> {
  const taken = reservesAtEntry(job.kind) ? await reserve(tx, job.id, tenantIds) : nobody;
  await insertItems(tx, job, tenantIds, after, taken);
}

/** Enters PENDING items of tenants that are the job's already. */
export function enterReservedItems(tx: Orm, job: ItemOwner, tenantIds: readonly TenantId[]): Promise<void> {
  return insertItems(tx, job, tenantIds, { ordinal: 0, settleOrder: 0 }, nobody);
}

const nobody: ReadonlyMap<TenantId, JobId> = new Map();

async function insertItems(
  tx: Orm,
  job: ItemOwner,
  tenantIds: readonly TenantId[],
  after: ItemCounters,
  taken: ReadonlyMap<TenantId, JobId>,
): Promise<void> {
  let { settleOrder } = after;
  const rows = tenantIds.map((tenantId, position) => {
    const item = { jobId: job.id, ordinal: after.ordinal + position + 1, tenantId, durationMs: 0 };
    if (!taken.has(tenantId)) return { ...item, status: "PENDING" as const, retryable: false };
    settleOrder += 1;
    return { ...item, status: "SKIPPED" as const, error: busy, retryable: true, settleOrder };
  });
  for (const part of parts(rows)) await tx.insert(jobItems).values(part);
  if (taken.size > 0) await tx.update(jobs).set({ settledItems: settleOrder }).where(eq(jobs.id, job.id));
}

/** Enters those tenants that are not in the locked job's scope yet. */
export async function addItems(tx: Orm, job: LockedJob, tenantIds: readonly TenantId[]): Promise<void> {
  const wanted = [...new Set(tenantIds)];
  if (wanted.length === 0) return;
  const known = new Set<TenantId>();
  for (const part of parts(wanted)) {
    const rows = await tx
      .select({ tenantId: jobItems.tenantId })
      .from(jobItems)
      .where(and(eq(jobItems.jobId, job.id), inArray(jobItems.tenantId, part)));
    for (const { tenantId } of rows) known.add(tenantId);
  }
  const [last] = await tx
    .select({ ordinal: sql<number | null>`max(${jobItems.ordinal})` })
    .from(jobItems)
    .where(eq(jobItems.jobId, job.id));
  const fresh = wanted.filter((id) => !known.has(id));
  await enterItems(tx, job, fresh, { ordinal: last?.ordinal ?? 0, settleOrder: job.settledItems });
}

/** Settles those of the items that are PENDING, in the order given, and lets go of their tenants. */
export async function settleItems(tx: Orm, job: LockedJob, items: readonly JobItem[]): Promise<void> {
  const settled = new Map<TenantId, JobItem>();
  for (const item of items) {
    if (item.status !== "PENDING" && !settled.has(item.tenantId)) settled.set(item.tenantId, item);
  }
  let { settledItems } = job;
  for (const part of parts([...settled.values()])) {
    const ordinals = await pendingOrdinals(tx, job.id, part);
    const rows: SQL[] = [];
    for (const item of part) {
      const ordinal = ordinals.get(item.tenantId);
      if (ordinal === undefined) continue;
      settledItems += 1;
      rows.push(settledRow(item, ordinal, settledItems));
    }
    if (rows.length > 0) await writeSettled(tx, job.id, rows);
  }
  if (settledItems === job.settledItems) return;
  await tx.update(jobs).set({ settledItems }).where(eq(jobs.id, job.id));
  if (changesTenants(job.kind)) await release(tx, job.id, [...settled.keys()]);
}

/** Cuts a long list into the rows of one statement each. */
export function parts<Row>(rows: readonly Row[]): Row[][] {
  const count = Math.ceil(rows.length / rowsPerStatement);
  return Array.from({ length: count }, (_, at) => rows.slice(at * rowsPerStatement, (at + 1) * rowsPerStatement));
}

async function pendingOrdinals(
  tx: Orm,
  jobId: JobId,
  items: readonly JobItem[],
): Promise<ReadonlyMap<TenantId, number>> {
  const ids = items.map((item) => item.tenantId);
  const rows = await tx
    .select({ tenantId: jobItems.tenantId, ordinal: jobItems.ordinal })
    .from(jobItems)
    .where(and(eq(jobItems.jobId, jobId), inArray(jobItems.tenantId, ids), eq(jobItems.status, "PENDING")));
  return new Map(rows.map((row) => [row.tenantId, row.ordinal]));
}

function settledRow(item: JobItem, ordinal: number, settleOrder: number): SQL {
  const error = item.error ? JSON.stringify(item.error) : null;
  return sql`select ${ordinal} as ordinal, ${item.status} as status, ${item.durationMs} as duration_ms,
    ${error} as error, ${item.error?.retryable ?? false} as retryable, ${settleOrder} as settle_order,
    ${item.fromVersion ?? null} as from_version, ${item.toVersion ?? null} as to_version`;
}

async function writeSettled(tx: Orm, jobId: JobId, rows: readonly SQL[]): Promise<void> {
  await tx.execute(sql`update ${jobItems} item join (${sql.join([...rows], sql` union all `)}) settled
      on settled.ordinal = item.ordinal
    set item.status = settled.status, item.duration_ms = settled.duration_ms, item.error = settled.error,
      item.retryable = settled.retryable, item.settle_order = settled.settle_order,
      item.from_version = settled.from_version, item.to_version = settled.to_version
    where item.job_id = ${jobId}`);
}
