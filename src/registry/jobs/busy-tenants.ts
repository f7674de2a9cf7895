import { and, eq, inArray, isNotNull, isNull, ne } from "drizzle-orm";
import type { JobId, TenantId } from "../../kit/ids.ts";
import { TenantBusy } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { tenants } from "../tables/tenants.ts";

/**
 * Gives the tenants that no other unfinished job changes to this one. Decided by one write, so that of two jobs at once
 * exactly one gets a tenant. @returns for each tenant that it did not get the job that has it
 */
export async function reserve(
  tx: Orm,
  jobId: JobId,
  tenantIds: readonly TenantId[],
): Promise<ReadonlyMap<TenantId, JobId>> {
  const taken = new Map<TenantId, JobId>();
  if (tenantIds.length === 0) return taken;
  const meant = inArray(tenants.id, [...tenantIds]);
  await tx
    .update(tenants)
    .set({ busyJobId: jobId })
    .where(and(meant, isNull(tenants.busyJobId)));
  const rows = await tx
    .select({ id: tenants.id, holder: tenants.busyJobId })
    .from(tenants)
    .where(and(meant, isNotNull(tenants.busyJobId), ne(tenants.busyJobId, jobId)));
  for (const { id, holder } of rows) if (holder) taken.set(id, holder);
  return taken;
}

/** Like {@link reserve}, but all or none. @throws TenantBusy */
export async function reserveAll(tx: Orm, jobId: JobId, tenantIds: readonly TenantId[]): Promise<void> {
  const [holder] = (await reserve(tx, jobId, tenantIds)).values();
  if (holder) throw new TenantBusy(holder);
}

/** Lets go of tenants whose items are settled. */
export async function release(tx: Orm, jobId: JobId, tenantIds: readonly TenantId[]): Promise<void> {
  if (tenantIds.length === 0) return;
  await tx
    .update(tenants)
    .set({ busyJobId: null })
    .where(and(inArray(tenants.id, [...tenantIds]), eq(tenants.busyJobId, jobId)));
}

/** Lets go of every tenant that the job has. */
export async function releaseAll(tx: Orm, jobId: JobId): Promise<void> {
  await tx.update(tenants).set({ busyJobId: null }).where(eq(tenants.busyJobId, jobId));
}
