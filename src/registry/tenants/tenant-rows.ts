import { eq } from "drizzle-orm";
import { InvalidState, NotFound } from "../../kit/domain-error.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { Domain, Tenant, TenantHealth } from "../../tenants/tenant.ts";
import type { Orm } from "../database.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import type { domains } from "../tables/domains.ts";
import type { tenantHealth } from "../tables/tenant-health.ts";
import { tenants } from "../tables/tenants.ts";

/** What the domain knows of a tenant. Credential and reservation stay in the table. */
export const tenantColumns = {
  id: tenants.id,
  slug: tenants.slug,
  name: tenants.name,
  status: tenants.status,
  statusReason: tenants.statusReason,
  serverId: tenants.serverId,
  databaseName: tenants.databaseName,
  schemaVersion: tenants.schemaVersion,
  schemaChecksum: tenants.schemaChecksum,
  seed: tenants.seed,
  validatedAt: tenants.validatedAt,
  generation: tenants.generation,
  createdAt: tenants.createdAt,
  updatedAt: tenants.updatedAt,
  deletedAt: tenants.deletedAt,
};

export type TenantRow = Pick<typeof tenants.$inferSelect, keyof typeof tenantColumns>;

export function toTenant(row: TenantRow): Tenant {
  return {
    ...row,
    statusReason: row.statusReason ?? undefined,
    schemaVersion: row.schemaVersion ?? undefined,
    schemaChecksum: row.schemaChecksum ?? undefined,
    validatedAt: row.validatedAt ?? undefined,
    deletedAt: row.deletedAt ?? undefined,
  };
}

export function toDomain(row: typeof domains.$inferSelect): Domain {
  return row;
}

export function toHealth(row: typeof tenantHealth.$inferSelect): TenantHealth {
  return {
    ...row,
    latencyMs: row.latencyMs ?? undefined,
    rating: row.rating ?? undefined,
    errorCode: row.errorCode ?? undefined,
  };
}

/** Where a mutation's input names the tenant. */
const idField: readonly string[] = ["input", "id"];

/** Locks the tenant's row until the transaction ends. @param field that names it @throws NotFound */
export async function lockTenant(tx: Orm, id: TenantId, field = idField): Promise<Tenant> {
  const [row] = isAsciiKey(id)
    ? await tx.select(tenantColumns).from(tenants).where(eq(tenants.id, id)).for("update")
    : [];
  if (!row) throw new NotFound("There is no such tenant.", { field });
  return toTenant(row);
}

/** Locks a tenant whose description may be changed. @param field that names it @throws NotFound, InvalidState */
export async function lockChangeable(tx: Orm, id: TenantId, field = idField): Promise<Tenant> {
  const tenant = await lockTenant(tx, id, field);
  if (tenant.status === "DELETING" || tenant.status === "DELETED") {
    throw new InvalidState(`The tenant "${tenant.slug}" is ${tenant.status}.`, { field });
  }
  return tenant;
}

/** What may change of a tenant's row, in the words of the domain. */
export type TenantPatch = Partial<
  Pick<Tenant, "slug" | "name" | "statusReason" | "schemaVersion" | "schemaChecksum" | "validatedAt" | "deletedAt">
> & { readonly status?: Tenant["status"] | undefined };

/** Writes a change of a locked tenant; its generation grows by one. @returns the tenant as it is now */
export async function writeTenant(tx: Orm, before: Tenant, patch: TenantPatch, at: Date): Promise<Tenant> {
  const status = patch.status ?? before.status;
  const after: Tenant = { ...before, ...patch, status, generation: before.generation + 1, updatedAt: at };
  const { slug, name, generation, updatedAt } = after;
  await tx
    .update(tenants)
    .set({
      slug,
      name,
      status,
      statusReason: after.statusReason ?? null,
      schemaVersion: after.schemaVersion ?? null,
      schemaChecksum: after.schemaChecksum ?? null,
      validatedAt: after.validatedAt ?? null,
      deletedAt: after.deletedAt ?? null,
      generation,
      updatedAt,
    })
    .where(eq(tenants.id, before.id));
  return after;
}
