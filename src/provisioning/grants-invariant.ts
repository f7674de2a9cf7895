import { tenantAccountHost, tenantPrivileges } from "../servers/account-recipe.ts";
import type { Finding } from "./finding.ts";
import type { ExpectedTenant, Invariant } from "./invariant.ts";
import type { GrantSeen, ServerSnapshot } from "./server-snapshot.ts";

const recipe: ReadonlySet<string> = new Set(tenantPrivileges);

/** The tenant's account may do on its database what the recipe says, and nothing else anywhere. */
export const grantsInvariant: Invariant = {
  name: "grants",
  kinds: ["MISSING_GRANTS", "EXCESS_GRANTS"],

  judge(tenant, seen) {
    const missing = missingPrivileges(tenant, seen);
    const lacking: readonly Finding[] =
      missing.length === 0
        ? []
        : [
            {
              kind: "MISSING_GRANTS",
              severity: "CRITICAL",
              object: tenant.databaseName,
              message: "The account lacks privileges on its database.",
              expected: missing.join(", "),
            },
          ];
    return [...lacking, ...excessGrants(tenant, seen).map((grant) => tooMuch(tenant, grant))];
  },

  async ensure(tenant, server, seen) {
    // First what is missing, then what is too much: the tenant is never without its rights in between.
    if (!seen || missingPrivileges(tenant, seen).length > 0) await server.grant(tenant.databaseName);
    if (!seen) return;
    for (const grant of excessGrants(tenant, seen)) await server.revoke(tenant.databaseName, grant);
  },
};

function grantsOf({ databaseName }: ExpectedTenant, seen: ServerSnapshot): readonly GrantSeen[] {
  return (seen.grants.get(databaseName) ?? []).filter(({ host }) => host === tenantAccountHost);
}

function isOwnDatabase({ databaseName }: ExpectedTenant, grant: GrantSeen): boolean {
  return grant.level === "DATABASE" && grant.database === databaseName;
}

function missingPrivileges(tenant: ExpectedTenant, seen: ServerSnapshot): readonly string[] {
  const held = new Set(
    grantsOf(tenant, seen)
      .filter((grant) => isOwnDatabase(tenant, grant))
      .flatMap(({ privileges }) => privileges),
  );
  return tenantPrivileges.filter((privilege) => !held.has(privilege));
}

/** What is held beyond the recipe; on the own database only the privileges that the recipe does not name. */
function excessGrants(tenant: ExpectedTenant, seen: ServerSnapshot): readonly GrantSeen[] {
  return grantsOf(tenant, seen).flatMap((grant) => {
    if (!isOwnDatabase(tenant, grant)) return [grant];
    const privileges = grant.privileges.filter((privilege) => !recipe.has(privilege));
    return privileges.length === 0 ? [] : [{ ...grant, privileges }];
  });
}

function tooMuch({ databaseName }: ExpectedTenant, grant: GrantSeen): Finding {
  const on = [grant.database, grant.object].filter((part) => part !== "").join(".");
  return {
    kind: "EXCESS_GRANTS",
    severity: "CRITICAL",
    object: databaseName,
    message: `The account has rights that it must not have: ${grant.level.toLowerCase()}${on === "" ? "" : ` ${on}`}.`,
    actual: grant.privileges.join(", "),
  };
}
