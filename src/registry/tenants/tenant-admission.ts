import { createHash } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import { InvalidState } from "../../kit/domain-error.ts";
import type { Ids, JobId } from "../../kit/ids.ts";
import type { Label, Tenant } from "../../tenants/tenant.ts";
import { type Admission, type Admitted, IdempotencyKeyReused, type NewTenant } from "../../tenants/tenant-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { Orm } from "../database.ts";
import { enterItems, parts } from "../jobs/item-writes.ts";
import { jobColumns, toJob } from "../jobs/job-rows.ts";
import { enterJob } from "../jobs/job-writes.ts";
import { isDuplicateEntry } from "../registry-trouble.ts";
import { domains } from "../tables/domains.ts";
import { idempotencyKeys } from "../tables/idempotency-keys.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import { refuseRepetitions, throwTaken } from "./taken-names.ts";
import { tenantColumns, toTenant } from "./tenant-rows.ts";

/** Enters tenants with their job: all or none. A thousand of them are a handful of statements. @throws SlugTaken, DomainTaken, IdempotencyKeyReused */
export async function admitTenants(tx: Orm, ids: Ids, admission: Admission, at: Date): Promise<Admitted> {
  const earlier = await enterKey(tx, admission, at);
  if (earlier) return { ...(await readAdmitted(tx, earlier)), repeated: true };
  refuseRepetitions(admission);
  const { tenants: fresh, job, origin, action } = admission;
  const items = fresh.map(({ id }) => id);
  const entered = await enterJob(tx, { ...job, items }, at);
  try {
    await enterTenants(tx, fresh, job.id, at);
  } catch (error) {
    if (isDuplicateEntry(error)) await throwTaken(tx, admission, error);
    throw error;
  }
  await enterItems(tx, job, items);
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

/** Enters the idempotency key. A request at the same time waits here for the other's commit. @returns the job of an earlier request */
async function enterKey(tx: Orm, { idempotency, origin, job }: Admission, at: Date): Promise<JobId | undefined> {
  if (!idempotency) return undefined;
  const { key, operation, inputHash } = idempotency;
  const keyHash = createHash("sha256").update(key).digest("hex");
  const actorId = origin.actor.id;
  try {
    await tx.insert(idempotencyKeys).values({ actorId, keyHash, operation, inputHash, jobId: job.id, createdAt: at });
    return undefined;
  } catch (error) {
    if (!isDuplicateEntry(error)) throw error;
  }
  const [known] = await tx
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.actorId, actorId), eq(idempotencyKeys.keyHash, keyHash)));
  if (known?.operation !== operation || known.inputHash !== inputHash) {
    throw new IdempotencyKeyReused("The idempotency key was used for another request.", {
      field: ["input", "idempotencyKey"],
    });
  }
  return known.jobId;
}

/** What was entered with a job, as it is now. */
async function readAdmitted(tx: Orm, jobId: JobId): Promise<Pick<Admitted, "tenants" | "job">> {
  const [job] = await tx.select(jobColumns).from(jobs).where(eq(jobs.id, jobId));
  if (!job) throw new InvalidState("What was entered under this idempotency key is too old to be shown again.");
  const rows = await tx
    .select(tenantColumns)
    .from(jobItems)
    .innerJoin(tenants, eq(tenants.id, jobItems.tenantId))
    .where(eq(jobItems.jobId, jobId))
    .orderBy(asc(jobItems.ordinal));
  return { tenants: rows.map(toTenant), job: toJob(job) };
}

async function enterTenants(tx: Orm, fresh: readonly NewTenant[], busyJobId: JobId, at: Date): Promise<void> {
  const rows = fresh.map((tenant) => {
    const { password } = tenant;
    return { ...asEntered(tenant, at), password, busyJobId };
  });
  for (const part of parts(rows)) await tx.insert(tenants).values(part);
  const hostnames = fresh.flatMap(({ id: tenantId, domains: wanted }) =>
    wanted.map(({ id, hostname }, position) => ({ id, tenantId, hostname, isPrimary: position === 0, createdAt: at })),
  );
  for (const part of parts(hostnames)) await tx.insert(domains).values(part);
  const labels = fresh.flatMap(({ id: tenantId, labels: wanted }) => wanted.map((label) => ({ ...label, tenantId })));
  for (const part of parts(labels)) await tx.insert(tenantLabels).values(part);
}

function asEntered({ id, slug, name, serverId, databaseName, seed }: NewTenant, at: Date): Tenant {
  const status = "PROVISIONING";
  return { id, slug, name, serverId, databaseName, seed, status, generation: 1, createdAt: at, updatedAt: at };
}
