import { accountInvariant } from "./account-invariant.ts";
import { databaseInvariant } from "./database-invariant.ts";
import type { Finding } from "./finding.ts";
import { grantsInvariant } from "./grants-invariant.ts";
import type { ExpectedTenant, Invariant } from "./invariant.ts";
import { markerInvariant } from "./marker-invariant.ts";
import type { ServerSnapshot } from "./server-snapshot.ts";

/** What must hold of every tenant before its migrations run, in the order in which it is ensured. */
export const invariants: readonly Invariant[] = [databaseInvariant, markerInvariant, accountInvariant, grantsInvariant];

/** All that differs. */
export function judgeAll(tenant: ExpectedTenant, seen: ServerSnapshot): readonly Finding[] {
  return invariants.flatMap((invariant) => invariant.judge(tenant, seen));
}
