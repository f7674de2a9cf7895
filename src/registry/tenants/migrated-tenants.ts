import { asc, inArray, sql } from "drizzle-orm";
import type { JobItem } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { AppliedSchema, MigratedTenant } from "../../tenants/tenant-lifecycle-store.ts";
import type { Orm } from "../database.ts";
import { settleItems } from "../jobs/item-writes.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { tenants } from "../tables/tenants.ts";
import { tenantColumns, toTenant } from "./tenant-rows.ts";
import type { ChangedTenant } from "./tenant-writer.ts";

/**
 * Writes of many tenants what their databases were brought to, and settles their items, with as many statements as for one.
 * @returns the tenants that are other than before @throws LeaseLost
 */
export async function writeMigrated(
  tx: Orm,
  lease: JobLease,
  schema: AppliedSchema,
  ended: readonly MigratedTenant[],
  at: Date,
): Promise<readonly ChangedTenant[]> {
  const job = await lockForHolder(tx, lease);
  if (ended.length === 0) return [];
  const ids = ended.map(({ id }) => id);
  const meant = inArray(tenants.id, ids);
  const rows = await tx.select(tenantColumns).from(tenants).where(meant).orderBy(asc(tenants.id)).for("update");
  const changes = rows.map(toTenant).flatMap((before) => {
    const after = broughtTo(schema, before, at);
    return after ? [{ before, after }] : [];
  });
  await writeSchema(tx, schema, changes, at);
  const living = new Set(rows.map(({ id }) => id));
  const items = ended.filter(({ id }) => living.has(id)).map((one) => itemOf(one, schema));
  await settleItems(tx, job, items);
  return changes;
}

function itemOf({ id, from, durationMs }: MigratedTenant, { version }: AppliedSchema): JobItem {
  return { tenantId: id, status: "SUCCEEDED", durationMs, fromVersion: from, toVersion: version };
}

/** @returns undefined where nothing changes */
function broughtTo({ version, checksum }: AppliedSchema, before: Tenant, at: Date): Tenant | undefined {
  const same = before.schemaVersion === version && before.schemaChecksum === checksum;
  if (same && before.statusReason === undefined) return undefined;
  const schema = { schemaVersion: version, schemaChecksum: checksum };
  return { ...before, ...schema, statusReason: undefined, generation: before.generation + 1, updatedAt: at };
}

async function writeSchema(
  tx: Orm,
  { version, checksum }: AppliedSchema,
  changes: readonly ChangedTenant[],
  updatedAt: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const generation = sql`${tenants.generation} + 1`;
  const schema = { schemaVersion: version ?? null, schemaChecksum: checksum ?? null, statusReason: null };
  const ids = changes.map(({ after }) => after.id);
  await tx
    .update(tenants)
    .set({ ...schema, generation, updatedAt })
    .where(inArray(tenants.id, ids));
}
