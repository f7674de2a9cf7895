import { asc, eq } from "drizzle-orm";
import type { Ids, JobId } from "../../kit/ids.ts";
import { doneAtEntry } from "../../tenants/provisioned-at-entry.ts";
import type { Label, Tenant } from "../../tenants/tenant.ts";
import type { Admission, Admitted } from "../../tenants/tenant-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import { parts } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { enterReservedItems } from "../jobs/item-writes.ts";
import { enterJob } from "../jobs/job-writes.ts";
import { isDuplicateEntry } from "../registry-trouble.ts";
import { domains } from "../tables/domains.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import { enterRequest } from "./known-requests.ts";
import { refuseRepetitions, throwTaken } from "./taken-names.ts";
import { claimWarm, type EnteringTenant } from "./warm-claim.ts";

/** Enters tenants with their job: all or none. A thousand of them are a handful of statements. @throws SlugTaken, DomainTaken, IdempotencyKeyReused */
export async function admitTenants(tx: Orm, ids: Ids, admission: Admission, at: Date): Promise<Admitted> {
  const earlier = await enterRequest(tx, admission, at);
  if (earlier) return earlier;
  refuseRepetitions(admission);
  const { job, origin, action } = admission;
  const fresh = await claimWarm(tx, admission.tenants);
  const items = fresh.map(({ id }) => id);
  const done = new Set(fresh.filter(({ taken }) => taken !== undefined).map(({ id }) => id));
  const tenantId = job.tenantId && items[0];
  const entered = await enterJob(tx, { ...job, tenantId, items }, at, doneAtEntry(done.size, items.length));
  try {
    await enterTenants(tx, fresh, job.id, at);
  } catch (error) {
    if (isDuplicateEntry(error)) await throwTaken(tx, { ...admission, tenants: fresh }, error);
    throw error;
  }
  await enterReservedItems(tx, job, items, done);
  const notes = fresh.map(({ id }) => ({ origin, action, subject: `Tenant:${id}`, result: "OK" }));
  for (const part of parts(notes)) await writeAudit(tx, ids, at, part);
  return { tenants: fresh.map((tenant) => asEntered(tenant, at)), job: entered, repeated: false };
}

/** Replaces all labels of a locked tenant. @returns those that it had before */
export async function replaceLabels(
  tx: Orm,
  tenantId: Tenant["id"],
  labels: readonly Label[],
): Promise<readonly Label[]> {
  const before = await tx
    .select({ key: tenantLabels.key, value: tenantLabels.value })
    .from(tenantLabels)
    .where(eq(tenantLabels.tenantId, tenantId))
    .orderBy(asc(tenantLabels.key));
  await tx.delete(tenantLabels).where(eq(tenantLabels.tenantId, tenantId));
  if (labels.length > 0) await tx.insert(tenantLabels).values(labels.map((label) => ({ ...label, tenantId })));
  return before;
}

async function enterTenants(tx: Orm, fresh: readonly EnteringTenant[], jobId: JobId, at: Date): Promise<void> {
  const rows = fresh.map((tenant) => {
    const { password, taken } = tenant;
    return { ...asEntered(tenant, at), password, busyJobId: taken ? null : jobId };
  });
  for (const part of parts(rows)) await tx.insert(tenants).values(part);
  const hostnames = fresh.flatMap(({ id: tenantId, domains: wanted }) =>
    wanted.map(({ id, hostname }, position) => ({ id, tenantId, hostname, isPrimary: position === 0, createdAt: at })),
  );
  for (const part of parts(hostnames)) await tx.insert(domains).values(part);
  const labels = fresh.flatMap(({ id: tenantId, labels: wanted }) => wanted.map((label) => ({ ...label, tenantId })));
  for (const part of parts(labels)) await tx.insert(tenantLabels).values(part);
}

function asEntered(tenant: EnteringTenant, at: Date): Tenant {
  const { id, slug, name, serverId, databaseName, seed, taken } = tenant;
  const stamps = { generation: 1, createdAt: at, updatedAt: at };
  const entered = { id, slug, name, serverId, databaseName, seed, ...stamps };
  if (!taken) return { ...entered, status: "PROVISIONING" };
  return { ...entered, status: "ACTIVE", schemaVersion: taken.version, schemaChecksum: taken.checksum };
}
