import type { WarmDatabase } from "./warm-database.ts";

/** What is to be done about a server's pool. */
export interface PoolPlan {
  /** On their way out, or too many: to be dropped. */
  readonly reap: readonly WarmDatabase[];
  /** To be made, made on where a process ended, or brought to the newest schema. */
  readonly make: readonly WarmDatabase[];
  /** How many are to be set aside and made. */
  readonly missing: number;
}

/** Pure. What is ready is kept first, the oldest before the younger; then what has been begun; then what is of another schema. */
export function planPool(
  databases: readonly WarmDatabase[],
  wanted: { readonly target: number; readonly checksum: string },
): PoolPlan {
  const isCurrent = ({ schemaChecksum }: WarmDatabase) => schemaChecksum === wanted.checksum;
  const ready = databases.filter((one) => one.state === "READY");
  const kept = [
    ...ready.filter(isCurrent),
    ...databases.filter(({ state }) => state === "FILLING"),
    ...ready.filter((one) => !isCurrent(one)),
  ];
  const within = kept.slice(0, wanted.target);
  return {
    reap: [...databases.filter(({ state }) => state === "REAPING"), ...kept.slice(wanted.target)],
    make: within.filter((one) => one.state === "FILLING" || !isCurrent(one)),
    missing: Math.max(0, wanted.target - kept.length),
  };
}

/** How many pieces of work there are. */
export function workIn({ reap, make, missing }: PoolPlan): number {
  return reap.length + make.length + missing;
}
