import type { TenantId } from "../../kit/ids.ts";
import type { Secret } from "../../kit/secret.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import { accountInvariant } from "../account-invariant.ts";
import type { Finding } from "../finding.ts";
import type { NameOwner } from "../findings/finding-store.ts";
import type { ServerNames } from "../findings/server-names.ts";
import { grantsInvariant } from "../grants-invariant.ts";
import type { ServerSnapshot } from "../server-snapshot.ts";

/** What a validation would tell more of. */
export type Difference = Pick<Finding, "kind" | "object">;

/** Whether a census says anything of the tenant: not when it is in the middle of something. */
export function isCounted({ status }: Pick<NameOwner, "status">): boolean {
  return status === "ACTIVE" || status === "SUSPENDED";
}

/**
 * What a look that sees no database from within shows of tenants: no database, an account that is not as it must be, or rights
 * that are not. Whose password cannot be opened is left out, as a validation leaves it out. Pure.
 */
export function tenantDifferences(
  seen: ServerSnapshot,
  owners: readonly NameOwner[],
  passwords: ReadonlyMap<TenantId, Secret>,
): readonly Difference[] {
  return owners.filter(isCounted).flatMap(({ tenantId: id, databaseName, status }) => {
    const password = passwords.get(id);
    if (!password) return [];
    const expected = { id, databaseName, password, isNew: false, locked: status === "SUSPENDED" };
    const missing: readonly Difference[] = seen.databases.has(databaseName)
      ? []
      : [{ kind: "MISSING_DATABASE", object: databaseName }];
    const found = [accountInvariant, grantsInvariant].flatMap((invariant) => invariant.judge(expected, seen));
    return [...missing, ...found.map(({ kind, object }) => ({ kind, object }))];
  });
}

/** Names on a server that nobody has. Pure. */
export function strangeNames(seen: ServerSnapshot, { all }: ServerNames): readonly Difference[] {
  const strange = (names: Iterable<string>) =>
    [...new Set(names)].filter((name) => isGeneratedName(name) && !all.has(name));
  return [
    ...strange(seen.databases.keys()).map((object) => ({ kind: "ORPHAN_DATABASE" as const, object })),
    ...strange([...seen.accounts.keys(), ...seen.grants.keys()]).map((object) => ({
      kind: "ORPHAN_USER" as const,
      object,
    })),
  ];
}
