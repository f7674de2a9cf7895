import { and, asc, eq, sql } from "drizzle-orm";
import type { JobError, JobItem } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { TenantId } from "../../kit/ids.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { settleItems } from "../jobs/item-writes.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { tenants } from "../tables/tenants.ts";
import { tenantColumns, toTenant } from "./tenant-rows.ts";
import type { ChangedTenant } from "./tenant-writer.ts";

/**
 * Writes of many tenants that their provisioning was given up, and settles their items, with as many statements as for one.
 * @returns the tenants that are other than before @throws LeaseLost
 */
export async function writeGivenUp(
  tx: Orm,
  lease: JobLease,
  ids: readonly TenantId[],
  error: JobError,
  at: Date,
): Promise<readonly ChangedTenant[]> {
  const job = await lockForHolder(tx, lease);
  if (ids.length === 0) return [];
  const provisioning = eq(tenants.status, "PROVISIONING");
  const rows = await tx
    .select(tenantColumns)
    .from(tenants)
    .where(and(isAmong(tenants.id, ids), provisioning))
    .orderBy(asc(tenants.id))
    .for("update");
  const failed = { status: "FAILED", statusReason: `${error.code}: ${error.message}` } as const;
  const changes = rows.map(toTenant).map((before) => {
    return { before, after: { ...before, ...failed, generation: before.generation + 1, updatedAt: at } };
  });
  const given = new Set(changes.map(({ before }) => before.id));
  if (given.size > 0) {
    await tx
      .update(tenants)
      .set({ ...failed, generation: sql`${tenants.generation} + 1`, updatedAt: at })
      .where(isAmong(tenants.id, [...given]));
  }
  const items = ids.map((tenantId): JobItem => {
    return { tenantId, status: given.has(tenantId) ? "FAILED" : "SKIPPED", durationMs: 0, error };
  });
  await settleItems(tx, job, items);
  return changes;
}
