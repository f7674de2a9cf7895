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
  const known = new Set<TenantId>();
  for (const part of parts(wanted)) {
    const rows = await tx
      .select({ tenantId: jobItems.tenantId })
      .from(jobItems)
      .where(and(eq(jobItems.jobId, job.id), isAmong(jobItems.tenantId, part)));
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
    const rows: SettledRow[] = [];
    for (const item of part) {
      const ordinal = ordinals.get(item.tenantId);
      if (ordinal === undefined) continue;
      settledItems += 1;
      rows.push({ ...settledColumns(item), jobId: job.id, ordinal, settleOrder: settledItems });
    }
    // The rows are there, and locked with their job: nothing is added.
    await insertRows(tx, jobItems, rows, settledKeys);
  }
  if (settledItems === job.settledItems) return;
  await tx.update(jobs).set({ settledItems }).where(eq(jobs.id, job.id));
  if (changesTenants(job.kind)) await release(tx, job.id, [...settled.keys()]);
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

const settledKeys = ["status", "durationMs", "error", "retryable", "settleOrder", "fromVersion", "toVersion"] as const;

type SettledRow = typeof jobItems.$inferInsert;

function settledColumns({ tenantId, status, durationMs, error, fromVersion, toVersion }: JobItem) {
  return { tenantId, status, durationMs, error, retryable: error?.retryable ?? false, fromVersion, toVersion };
}
