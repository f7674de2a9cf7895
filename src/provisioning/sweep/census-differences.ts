import { tenantAccountHost } from "../../servers/account-recipe.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { Finding } from "../finding.ts";
import type { NameOwner } from "../findings/finding-store.ts";
import type { ServerNames } from "../findings/server-names.ts";
import type { ServerSnapshot } from "../server-snapshot.ts";

/** What a validation would tell more of. */
export type Difference = Pick<Finding, "kind" | "object">;

/**
 * What the names on a server say beside the registry: tenants without database or account, locked out against their status or
 * let in against it, and names that nobody has. Of tenants in the middle of something nothing is said. Pure.
 */
export function censusDifferences(seen: ServerSnapshot, names: ServerNames): readonly Difference[] {
  const strange = (all: Iterable<string>) =>
    [...new Set(all)].filter((name) => isGeneratedName(name) && !names.all.has(name));
  return [
    ...names.given.flatMap((owner) => ofTenant(seen, owner)),
    ...strange(seen.databases.keys()).map((object) => ({ kind: "ORPHAN_DATABASE" as const, object })),
    ...strange([...seen.accounts.keys(), ...seen.grants.keys()]).map((object) => ({
      kind: "ORPHAN_USER" as const,
      object,
    })),
  ];
}

function ofTenant({ databases, accounts }: ServerSnapshot, owner: NameOwner): readonly Difference[] {
  const { databaseName: object, status } = owner;
  if (status !== "ACTIVE" && status !== "SUSPENDED") return [];
  const differences: Difference[] = databases.has(object) ? [] : [{ kind: "MISSING_DATABASE", object }];
  const account = accounts.get(object)?.find(({ host }) => host === tenantAccountHost);
  if (!account) differences.push({ kind: "MISSING_USER", object });
  else if (account.locked && status === "ACTIVE") differences.push({ kind: "ACCOUNT_LOCKED", object });
  else if (!account.locked && status === "SUSPENDED") differences.push({ kind: "STATUS_INCONSISTENT", object });
  return differences;
}
