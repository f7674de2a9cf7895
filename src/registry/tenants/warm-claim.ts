import { and, asc, eq, inArray } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { AppliedSchema } from "../../tenants/tenant-lifecycle-store.ts";
import type { NewTenant } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { warmDatabases } from "../tables/warm-databases.ts";

/** A tenant that is about to be entered. */
export interface EnteringTenant extends NewTenant {
  /** Of the ready-made database that it has taken; absent: its database is still to be made. */
  readonly taken?: AppliedSchema | undefined;
}

/**
 * Takes ready-made databases for those of the tenants that may have one, the oldest first, as far as they go. Who asks at the same
 * time passes over what is being taken here, and waits for nobody. @returns all of them, in order
 */
export async function claimWarm(tx: Orm, fresh: readonly NewTenant[]): Promise<readonly EnteringTenant[]> {
  const taken = new Map<TenantId, EnteringTenant>();
  for (const alike of groups(fresh)) {
    const rows = await lockReady(tx, alike);
    for (const [at, { tenantId: id, databaseName, password, schemaVersion, schemaChecksum }] of rows.entries()) {
      const tenant = alike[at];
      if (!tenant) continue;
      const schema = { version: schemaVersion ?? undefined, checksum: schemaChecksum ?? undefined };
      taken.set(tenant.id, { ...tenant, id, databaseName, password, taken: schema });
    }
  }
  if (taken.size === 0) return fresh;
  const ids = [...taken.values()].map(({ id }) => id);
  await tx.delete(warmDatabases).where(inArray(warmDatabases.tenantId, ids));
  return fresh.map((tenant) => taken.get(tenant.id) ?? tenant);
}

/** Who may take from the same. */
function groups(fresh: readonly NewTenant[]): readonly (readonly NewTenant[])[] {
  const byKind = new Map<string, NewTenant[]>();
  for (const tenant of fresh) {
    if (tenant.warmSchema?.checksum === undefined) continue;
    const key = `${tenant.serverId} ${tenant.warmSchema.checksum}`;
    const group = byKind.get(key);
    if (group) group.push(tenant);
    else byKind.set(key, [tenant]);
  }
  return [...byKind.values()];
}

async function lockReady(tx: Orm, alike: readonly NewTenant[]) {
  const [first] = alike;
  const checksum = first?.warmSchema?.checksum;
  if (!first || checksum === undefined) return [];
  const { serverId, state, schemaChecksum, createdAt, tenantId } = warmDatabases;
  // By its index and in its order, or more rows would be locked than are taken.
  return tx
    .select()
    .from(warmDatabases, { forceIndex: "warm_databases_claim" })
    .where(and(eq(serverId, first.serverId), eq(state, "READY"), eq(schemaChecksum, checksum)))
    .orderBy(asc(createdAt), asc(tenantId))
    .limit(alike.length)
    .for("update", { skipLocked: true });
}
