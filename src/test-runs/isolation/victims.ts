import { createHash } from "node:crypto";
import { covers, isEverybodys } from "./reach.ts";
import type { GrantSight } from "./server-sight.ts";

/** Whom one attacker attacks. */
export interface Victims<Member, Other> {
  /** By every route. */
  readonly main: Member;
  readonly others: readonly Member[];
  readonly far: readonly Other[];
}

/** Of those that a right leads to, at most so many are attacked; the right itself is told in any case. */
const mostLedTo = 3;

/**
 * The neighbours in the ring, one more of it, and one of the whole fleet; each member of a ring of two or more is attacked by every route just
 * once. Which ones beyond the neighbours is decided by the seed.
 */
export function victimsOf<
  Member extends { readonly databaseName: string },
  Other extends { readonly databaseName: string },
>(ring: readonly Member[], at: number, fleet: readonly Other[], seed: string): Victims<Member, Other> | undefined {
  const attacker = ring[at];
  const main = ring[(at + 1) % ring.length];
  if (!attacker || !main || main === attacker) return undefined;
  const before = ring[(at + ring.length - 1) % ring.length];
  const any = ring[Math.floor(fraction(`${seed}:${attacker.databaseName}:near`) * ring.length)];
  const taken = new Set([attacker.databaseName, main.databaseName]);
  const fresh = <T extends { readonly databaseName: string }>(candidate: T | undefined): readonly T[] => {
    if (!candidate || taken.has(candidate.databaseName)) return [];
    taken.add(candidate.databaseName);
    return [candidate];
  };
  const others = [...fresh(before), ...fresh(any)];
  const inRing = new Set(ring.map(({ databaseName }) => databaseName));
  const stranger = fleet[Math.floor(fraction(`${seed}:${attacker.databaseName}:far`) * fleet.length)];
  const far = stranger && inRing.has(stranger.databaseName) ? [] : fresh(stranger);
  return { main, others, far };
}

/** Tenants to whose databases these rights lead, beside those that are attacked already. */
export function ledTo<Other extends { readonly databaseName: string }>(
  grants: readonly GrantSight[],
  fleet: readonly Other[],
  except: ReadonlySet<string>,
): readonly Other[] {
  const leading = grants.filter(
    (grant) => grant.level === "DATABASE" || (isEverybodys(grant) && grant.level === "GLOBAL"),
  );
  if (leading.length === 0) return [];
  const reached: Other[] = [];
  for (const other of fleet) {
    if (except.has(other.databaseName) || !leading.some((grant) => covers(grant, other.databaseName))) continue;
    reached.push(other);
    if (reached.length === mostLedTo) break;
  }
  return reached;
}

/** 0..1, without 1. */
function fraction(text: string): number {
  return createHash("sha256").update(text).digest().readUInt32BE(0) / 2 ** 32;
}
