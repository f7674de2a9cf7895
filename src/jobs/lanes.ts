import type { Job, JobKind } from "./job.ts";
import type { JobScope } from "./job-store.ts";

/** Whose places a job takes: work on one tenant, the making of many, for which somebody waits, and all other work on many. */
export const lanes = ["ONE_TENANT", "NEW_TENANTS", "MANY_TENANTS"] as const;
export type Lane = (typeof lanes)[number];

/** What a claim may bring. */
export interface Room {
  readonly kinds: readonly JobKind[];
  /** Undefined: both. */
  readonly scope: JobScope | undefined;
}

/** The lane of a job. */
export function laneOf({ kind, tenantId }: Pick<Job, "kind" | "tenantId">): Lane {
  return tenantId === undefined ? laneOfMany(kind) : "ONE_TENANT";
}

/**
 * Where there is room, so that nobody waits behind work that he has nothing to do with: the last place of the lane for many is
 * not for a kind that has one already. Pure.
 * @param held what is under way, by lane @returns claims to try, one after the other
 */
export function roomIn(
  kinds: readonly JobKind[],
  held: Readonly<Record<Lane, readonly JobKind[]>>,
  places: Readonly<Record<Lane, number>>,
): readonly Room[] {
  const free = (lane: Lane) => places[lane] - held[lane].length;
  const isLast = free("MANY_TENANTS") === 1 && places.MANY_TENANTS > 1;
  const ofMany = kinds.filter((kind) => {
    const lane = laneOfMany(kind);
    return free(lane) > 0 && !(lane === "MANY_TENANTS" && isLast && held[lane].includes(kind));
  });
  const ofOne = free("ONE_TENANT") > 0 ? kinds : [];
  // The rule: everything is open, and one look is enough.
  if (ofOne.length === ofMany.length) return [{ kinds: ofOne, scope: undefined }];
  const rooms: Room[] = [
    { kinds: ofOne, scope: "ONE_TENANT" },
    { kinds: ofMany, scope: "MANY_TENANTS" },
  ];
  return rooms.filter((room) => room.kinds.length > 0);
}

function laneOfMany(kind: JobKind): Lane {
  return kind === "PROVISION_TENANTS" ? "NEW_TENANTS" : "MANY_TENANTS";
}
