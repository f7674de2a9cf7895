import type { Job, JobKind } from "./job.ts";

/** Whose places a job takes: work on one tenant, the making of many, for which somebody waits, and all other work on many. */
export const lanes = ["ONE_TENANT", "NEW_TENANTS", "MANY_TENANTS"] as const;
export type Lane = (typeof lanes)[number];

/** The kinds that a claim may bring, of jobs on one tenant and of all others. */
export interface Room {
  readonly ofOne: readonly JobKind[];
  readonly ofMany: readonly JobKind[];
}

/** The lane of a job. */
export function laneOf({ kind, tenantId }: Pick<Job, "kind" | "tenantId">): Lane {
  return tenantId === undefined ? laneOfMany(kind) : "ONE_TENANT";
}

/**
 * Where there is room, so that no lane's work waits for another lane's places: the last place of the lane for many is not for a
 * kind that has one already. Pure.
 * @param held what is under way, by lane
 */
export function roomIn(
  kinds: readonly JobKind[],
  held: Readonly<Record<Lane, readonly JobKind[]>>,
  places: Readonly<Record<Lane, number>>,
): Room {
  const free = (lane: Lane) => places[lane] - held[lane].length;
  const isLast = free("MANY_TENANTS") === 1 && places.MANY_TENANTS > 1;
  const ofMany = kinds.filter((kind) => {
    const lane = laneOfMany(kind);
    return free(lane) > 0 && !(lane === "MANY_TENANTS" && isLast && held[lane].includes(kind));
  });
  return { ofOne: free("ONE_TENANT") > 0 ? kinds : [], ofMany };
}

function laneOfMany(kind: JobKind): Lane {
  return kind === "PROVISION_TENANTS" ? "NEW_TENANTS" : "MANY_TENANTS";
}
