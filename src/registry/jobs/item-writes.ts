import { and, eq, sql } from "drizzle-orm";
import { changesTenants, reservesAtEntry } from "../../jobs/changing-kinds.ts";
import type { JobError, JobItem, JobKind } from "../../jobs/job.ts";
import type { JobId, TenantId } from "../../kit/ids.ts";
import { insertRows, isAmong, parts } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { insertInto, type Statement } from "../statements.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { release, reserve } from "./busy-tenants.ts";
import type { LockedJob } from "./job-writes.ts";

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
  return insertRows(tx, jobItems, reservedRows(job, tenantIds, new Set()));
}

/** The same as statements of a batch; those that nothing is left to do for are SUCCEEDED. */
export function reservedItems(
  job: ItemOwner,
  tenantIds: readonly TenantId[],
  done: ReadonlySet<TenantId>,
): readonly Statement[] {
  return insertInto(jobItems, reservedRows(job, tenantIds, done));
}

function reservedRows(job: ItemOwner, tenantIds: readonly TenantId[], done: ReadonlySet<TenantId>) {
  let settleOrder = 0;
  return tenantIds.map((tenantId, position) => {
    const item = { jobId: job.id, ordinal: position + 1, tenantId, durationMs: 0, retryable: false };
    if (!done.has(tenantId)) return { ...item, status: "PENDING" as const };
    settleOrder += 1;
    return { ...item, status: "SUCCEEDED" as const, settleOrder };
  });
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
  await insertRows(tx, jobItems, rows);
  if (taken.size > 0) await tx.update(jobs).set({ settledItems: settleOrder }).where(eq(jobs.id, job.id));
}

/** Enters those tenants that are not in the locked job's scope yet. */
export async function addItems(tx: Orm, job: LockedJob, tenantIds: readonly TenantId[]): Promise<void> {
  const wanted = [...new Set(tenantIds)];
  if (wanted.length === 0) return;
  const [last] = await tx
    .select({ ordinal: sql<number | null>`max(${jobItems.ordinal})` })
    .from(jobItems)
    .where(eq(jobItems.jobId, job.id));
  const ordinal = last?.ordinal ?? 0;
  const known = ordinal === 0 ? new Set<TenantId>() : await tenantsAmongItems(tx, job.id, wanted);
  const fresh = wanted.filter((id) => !known.has(id));
  await enterItems(tx, job, fresh, { ordinal, settleOrder: job.settledItems });
}

async function tenantsAmongItems(
  tx: Orm,
  jobId: JobId,
  tenantIds: readonly TenantId[],
): Promise<ReadonlySet<TenantId>> {
  const known = new Set<TenantId>();
  for (const part of parts(tenantIds)) {
    const rows = await tx
      .select({ tenantId: jobItems.tenantId })
      .from(jobItems)
      .where(and(eq(jobItems.jobId, jobId), isAmong(jobItems.tenantId, part)));
    for (const { tenantId } of rows) known.add(tenantId);
  }
  return known;
}

/** Settles those of the items that are PENDING, in the order given, and lets go of their tenants. */
export async function settleItems(tx: Orm, job: LockedJob, items: readonly JobItem[]): Promise<void> {
  let { settledItems } = job;
  for (const part of parts(items)) {
    const settled = settlement({ ...job, settledItems }, part, await pendingOrdinals(tx, job.id, part));
    // The rows are there, and locked with their job: nothing is added.
    await insertRows(tx, jobItems, settled.rows, settledKeys);
    settledItems = settled.settledItems;
  }
  if (settledItems === job.settledItems) return;
  await tx.update(jobs).set({ settledItems }).where(eq(jobs.id, job.id));
  const ended = items.filter(({ status }) => status !== "PENDING").map(({ tenantId }) => tenantId);
  if (changesTenants(job.kind)) await release(tx, job.id, ended);
}

/** Reads what {@link settleStatements} must know of items, as statements of a batch: `tenantId` and `ordinal` of those that are PENDING. */
export function pendingStatement(jobId: JobId, tenantIds: readonly TenantId[]): Statement {
  const sql =
    "select tenant_id as tenantId, ordinal from job_items where job_id = ? and tenant_id in (?) and status = 'PENDING'";
  return { sql, values: [jobId, tenantIds] };
}

/** Settles items of a job that changes no tenants, as statements of a batch. */
export function settleStatements(
  job: Pick<LockedJob, "id" | "settledItems">,
  items: readonly JobItem[],
  pending: ReadonlyMap<TenantId, number>,
): readonly Statement[] {
  const { rows, settledItems } = settlement(job, items, pending);
  if (rows.length === 0) return [];
  const counted = { sql: "update jobs set settled_items = ? where id = ?", values: [settledItems, job.id] };
  return [...insertInto(jobItems, rows, settledKeys), counted];
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
    .where(and(eq(jobItems.jobId, jobId), isAmong(jobItems.tenantId, ids), eq(jobItems.status, "PENDING")));
  return new Map(rows.map((row) => [row.tenantId, row.ordinal]));
}

/** The rows of those items that are PENDING as they shall be, and how many of the job's are settled then. Of a tenant the first counts. */
function settlement(
  job: Pick<LockedJob, "id" | "settledItems">,
  items: readonly JobItem[],
  pending: ReadonlyMap<TenantId, number>,
): { readonly rows: readonly SettledRow[]; readonly settledItems: number } {
  const rows = new Map<TenantId, SettledRow>();
  let { settledItems } = job;
  for (const item of items) {
    const ordinal = pending.get(item.tenantId);
    if (ordinal === undefined || item.status === "PENDING" || rows.has(item.tenantId)) continue;
    settledItems += 1;
    rows.set(item.tenantId, { ...settledColumns(item), jobId: job.id, ordinal, settleOrder: settledItems });
  }
  return { rows: [...rows.values()], settledItems };
}

const settledKeys = ["status", "durationMs", "error", "retryable", "settleOrder", "fromVersion", "toVersion"] as const;

type SettledRow = typeof jobItems.$inferInsert;

function settledColumns({ tenantId, status, durationMs, error, fromVersion, toVersion }: JobItem) {
  return { tenantId, status, durationMs, error, retryable: error?.retryable ?? false, fromVersion, toVersion };
}
