import { asc, eq } from "drizzle-orm";
import type { Ids, JobId } from "../../kit/ids.ts";
import { sameLabels } from "../../tenants/label.ts";
import { doneAtEntry } from "../../tenants/provisioned-at-entry.ts";
import type { Label, Tenant } from "../../tenants/tenant.ts";
import type { Admission, Admitted } from "../../tenants/tenant-store.ts";
import { auditStatements } from "../access/audit-rows.ts";
import type { Batch } from "../batch.ts";
import type { Orm } from "../database.ts";
import { reservedItems } from "../jobs/item-writes.ts";
import { jobStatements } from "../jobs/job-writes.ts";
import { isDuplicateEntry } from "../registry-trouble.ts";
import { insertInto, type Statement } from "../statements.ts";
import { domains } from "../tables/domains.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import { recallRequest, requestStatements } from "./known-requests.ts";
import { refuseRepetitions, throwTaken } from "./taken-names.ts";
import { claimedStatements, type EnteringTenant, WarmClaim } from "./warm-claim.ts";

/**
 * Enters tenants with their job: all or none, in two packets. A thousand of them are a handful of statements.
 * @param claimed waited for when ready-made databases are held, and nothing is written yet
 * @throws SlugTaken, DomainTaken, IdempotencyKeyReused
 */
export async function admitTenants(
  batch: Batch,
  ids: Ids,
  admission: Admission,
  at: Date,
  claimed: () => Promise<void>,
): Promise<Admitted> {
  const opened = await open(batch, admission, at);
  if ("earlier" in opened) return opened.earlier;
  refuseRepetitions(admission);
  await claimed();
  const { fresh } = opened;
  const { origin, action } = admission;
  const done = new Set(fresh.filter(({ taken }) => taken !== undefined).map(({ id }) => id));
  const items = fresh.map(({ id }) => id);
  const wish = { ...admission.job, tenantId: admission.job.tenantId && items[0], items };
  const { job, statements } = jobStatements(wish, at, doneAtEntry(done.size, items.length));
  const notes = fresh.map(({ id }) => ({ origin, action, subject: `Tenant:${id}`, result: "OK" }));
  try {
    await batch.commit([
      ...claimedStatements(fresh),
      ...statements,
      ...tenantStatements(fresh, job.id, at),
      ...reservedItems(job, items, done),
      ...auditStatements(ids, at, notes),
    ]);
  } catch (error) {
    if (isDuplicateEntry(error)) await throwTaken(batch.tx, { ...admission, tenants: fresh }, error);
    throw error;
  }
  return { tenants: fresh.map((tenant) => asEntered(tenant, at)), job, repeated: false };
}

/** Begins the transaction: is the request known, and what is ready-made for it? */
async function open(
  batch: Batch,
  admission: Admission,
  at: Date,
): Promise<{ readonly earlier: Admitted } | { readonly fresh: readonly EnteringTenant[] }> {
  const claim = new WarmClaim(admission.tenants);
  const [request, looks] = [requestStatements(admission, at), claim.statements()];
  if (request.length + looks.length === 0) return { fresh: admission.tenants };
  try {
    return { fresh: claim.taken((await batch.send([...request, ...looks])).slice(request.length)) };
  } catch (error) {
    if (!admission.idempotency || !isDuplicateEntry(error)) throw error;
    const earlier = await recallRequest(batch.tx, admission.idempotency, admission.origin);
    if (!earlier) throw error;
    return { earlier };
  }
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
  if (sameLabels(before, labels)) return before;
  await tx.delete(tenantLabels).where(eq(tenantLabels.tenantId, tenantId));
  if (labels.length > 0) await tx.insert(tenantLabels).values(labels.map((label) => ({ ...label, tenantId })));
  return before;
}

function tenantStatements(fresh: readonly EnteringTenant[], jobId: JobId, at: Date): readonly Statement[] {
  const rows = fresh.map((tenant) => {
    const { password, taken } = tenant;
    return { ...asEntered(tenant, at), password, busyJobId: taken ? null : jobId };
  });
  const hostnames = fresh.flatMap(({ id: tenantId, domains: wanted }) =>
    wanted.map(({ id, hostname }, position) => ({ id, tenantId, hostname, isPrimary: position === 0, createdAt: at })),
  );
  const labels = fresh.flatMap(({ id: tenantId, labels: wanted }) => wanted.map((label) => ({ ...label, tenantId })));
  return [...insertInto(tenants, rows), ...insertInto(domains, hostnames), ...insertInto(tenantLabels, labels)];
}

function asEntered(tenant: EnteringTenant, at: Date): Tenant {
  const { id, slug, name, serverId, databaseName, seed, taken } = tenant;
  const stamps = { generation: 1, createdAt: at, updatedAt: at };
  const entered = { id, slug, name, serverId, databaseName, seed, ...stamps };
  if (!taken) return { ...entered, status: "PROVISIONING" };
  return { ...entered, status: "ACTIVE", schemaVersion: taken.version, schemaChecksum: taken.checksum };
}
