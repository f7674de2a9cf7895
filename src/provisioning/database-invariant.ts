import { DomainError } from "../kit/domain-error.ts";
import { tenantCharset } from "../servers/account-recipe.ts";
import type { Finding } from "./finding.ts";
import type { ExpectedTenant, Invariant } from "./invariant.ts";
import type { TenantServer } from "./tenant-server.ts";

/** The database carries the marker of another tenant. */
export class OwnershipMismatch extends DomainError {
  readonly code = "OWNERSHIP_MISMATCH";
}

/** A database of the tenant's name was there before, holds something, and nobody's marker. */
export class DatabaseExists extends DomainError {
  readonly code = "DATABASE_EXISTS";
}

/** The tenant was in use before, and its database is gone, or empty now. */
export class DatabaseLost extends DomainError {
  constructor(
    readonly code: "MISSING_DATABASE" | "MISSING_TABLE",
    message: string,
  ) {
    super(message);
  }
}

/** The tenant's database is there, with the right charset. One that was there before is neither adopted nor dropped. */
export const databaseInvariant: Invariant = {
  name: "database",
  kinds: ["MISSING_DATABASE", "WRONG_CHARSET"],

  judge({ databaseName: object }, seen) {
    const database = seen.databases.get(object);
    if (!database) {
      const message = "The database does not exist.";
      return [{ kind: "MISSING_DATABASE", severity: "CRITICAL", object, message, remedy: "DATABASE" }];
    }
    if (database.charset === tenantCharset.charset && database.collation === tenantCharset.collation) return [];
    const wrongCharset: Finding = {
      kind: "WRONG_CHARSET",
      severity: "WARNING",
      object,
      message: "The database has another default charset or collation.",
      expected: `${tenantCharset.charset} ${tenantCharset.collation}`,
      actual: `${database.charset} ${database.collation}`,
      remedy: "DATABASE",
    };
    return [wrongCharset];
  },

  async ensure(tenant, server, seen) {
    const { databaseName } = tenant;
    if ((await server.createDatabase(databaseName)) === "CREATED") return;
    await refuseUnlessOurs(tenant, server);
    // Whoever made it may have said another charset, or been stopped by a full disk before it was written down.
    if (!seen || seen.databases.has(databaseName)) await server.setCharset(databaseName);
  },
};

async function refuseUnlessOurs(tenant: ExpectedTenant, server: TenantServer): Promise<void> {
  const { marker, objects } = await server.contentsOf(tenant.databaseName);
  if (marker === tenant.id) return;
  if (marker !== undefined) throw new OwnershipMismatch("The database belongs to another tenant.");
  if (objects > 0) throw new DatabaseExists("A database of this name exists, and nothing in it says whose it is.");
  if (!tenant.isNew)
    throw new DatabaseLost("MISSING_TABLE", "The database is empty, though the tenant was in use: its data is lost.");
}
