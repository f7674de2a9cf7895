import { tenantAccountHost, tenantPrivileges } from "../servers/account-recipe.ts";
import { isGeneratedName } from "../tenants/credentials.ts";
import type { Finding } from "./finding.ts";
import { isEverybodys, narrowPatternsOn } from "./grant-pattern.ts";
import type { ExpectedTenant, Invariant } from "./invariant.ts";
import type { GrantSeen, ServerSnapshot, StrangerGrant } from "./server-snapshot.ts";

const recipe: ReadonlySet<string> = new Set(tenantPrivileges);

/** The tenant's account may do on its database what the recipe says, and nothing else anywhere; and nobody else may do anything there. */
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
              remedy: "GRANTS",
            },
          ];
    const held = excessGrants(tenant, seen).map((grant) => tooMuch(tenant, grant));
    const reached = strangersOf(tenant, seen).map((grant) => reachedBy(tenant, grant));
    return [...lacking, ...held, ...reached];
  },

  async ensure(tenant, server, seen) {
    // First what is missing, then what is too much: the tenant is never without its rights in between.
    if (!seen || missingPrivileges(tenant, seen).length > 0) await server.grant(tenant.databaseName);
    if (!seen) return;
    for (const grant of excessGrants(tenant, seen)) await server.revoke(tenant.databaseName, grant);
    for (const grant of strangersOf(tenant, seen)) await server.revoke(grant.holder, grant);
  },
};

function isOwn({ databaseName }: ExpectedTenant, grant: GrantSeen): boolean {
  return grant.host === tenantAccountHost && grant.level === "DATABASE" && grant.database === databaseName;
}

function missingPrivileges(tenant: ExpectedTenant, seen: ServerSnapshot): readonly string[] {
  const grants = seen.grants.get(tenant.databaseName) ?? [];
  const held = new Set(grants.filter((grant) => isOwn(tenant, grant)).flatMap(({ privileges }) => privileges));
  return tenantPrivileges.filter((privilege) => !held.has(privilege));
}

/** What is held beyond the recipe, by whichever row of the account; on the own database only the privileges that the recipe does not name. */
function excessGrants(tenant: ExpectedTenant, seen: ServerSnapshot): readonly GrantSeen[] {
  return (seen.grants.get(tenant.databaseName) ?? []).flatMap((grant) => {
    if (!isOwn(tenant, grant)) return [grant];
    const privileges = grant.privileges.filter((privilege) => !recipe.has(privilege));
    return privileges.length === 0 ? [] : [{ ...grant, privileges }];
  });
}

function strangersOf({ databaseName }: ExpectedTenant, seen: ServerSnapshot): readonly StrangerGrant[] {
  return [...(seen.strangers.get(databaseName) ?? []), ...narrowPatternsOn(databaseName, seen)];
}

function tooMuch({ databaseName }: ExpectedTenant, grant: GrantSeen): Finding {
  const at = grant.host === tenantAccountHost ? "" : `@${grant.host}`;
  return {
    kind: "EXCESS_GRANTS",
    severity: "CRITICAL",
    object: `${databaseName}${at}`,
    message: `The account has rights that it must not have: ${placeOf(grant)}.`,
    actual: grant.privileges.join(", "),
    remedy: "GRANTS",
  };
}

/** Who it is stays unsaid unless it is an account of the service's kind: others are none of its business. */
function reachedBy({ databaseName }: ExpectedTenant, grant: StrangerGrant): Finding {
  const who = holderOf(grant);
  return {
    kind: "EXCESS_GRANTS",
    severity: "CRITICAL",
    object: databaseName,
    message: `${who} has rights that only the tenant's account may have: ${placeOf(grant)}.`,
    actual: grant.privileges.join(", "),
    remedy: "GRANTS",
  };
}

function holderOf(grant: StrangerGrant): string {
  if (isEverybodys(grant)) return "Everybody";
  return isGeneratedName(grant.holder) ? `The account ${grant.holder}` : "Another account";
}

function placeOf(grant: GrantSeen): string {
  const on = [grant.database, isGeneratedName(grant.database) ? grant.object : ""]
    .filter((part) => part !== "")
    .join(".");
  return `${grant.level.toLowerCase()}${on === "" ? "" : ` ${on}`}`;
}
