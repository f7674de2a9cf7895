import { DomainError } from "../../kit/domain-error.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { DatabaseExists, OwnershipMismatch } from "../database-invariant.ts";
import type { TenantServer } from "../tenant-server.ts";

/** Whose database is to be dropped. Without a schema version it was never in use. */
export type Dropped = Pick<Tenant, "id" | "databaseName" | "schemaVersion">;

/** The server shows something of the tenant after it was dropped. */
export class NotGone extends DomainError {
  readonly code = "NOT_GONE";
  override readonly retryable = true;
}

/** A database that nobody has marked is the tenant's when the tenant was ever in use: its name is used once. @throws OwnershipMismatch, DatabaseExists */
export async function refuseForeign(server: TenantServer, tenant: Dropped): Promise<void> {
  const { databaseName, id, schemaVersion } = tenant;
  const seen = await server.look(databaseName);
  if (!seen.databases.has(databaseName)) return;
  const { marker, objects } = await server.contentsOf(databaseName);
  if (marker === id) return;
  if (marker !== undefined) throw new OwnershipMismatch("The database belongs to another tenant; it is not dropped.");
  if (objects > 0 && schemaVersion === undefined) {
    throw new DatabaseExists("A database of this name exists, and nothing in it says whose it is; it is not dropped.");
  }
}

/** @throws OwnershipMismatch, DatabaseExists, NotGone */
export async function dropDatabase(server: TenantServer, tenant: Dropped): Promise<void> {
  await refuseForeign(server, tenant);
  await server.dropDatabase(tenant.databaseName);
  const seen = await server.look(tenant.databaseName);
  if (seen.databases.has(tenant.databaseName)) throw new NotGone("The database is there after it was dropped.");
}

/** @throws NotGone */
export async function refuseRemains(server: TenantServer, name: string): Promise<void> {
  const seen = await server.look(name);
  if (seen.databases.has(name)) throw new NotGone("The database is there after it was dropped.");
  const rows = (seen.accounts.get(name)?.length ?? 0) + (seen.grants.get(name)?.length ?? 0);
  if (rows > 0) throw new NotGone("The server shows rights of the account after it was dropped.");
}
