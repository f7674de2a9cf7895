import { createHash } from "node:crypto";

/**
 * A sample that is spread evenly over a list: one of each of `wanted` stretches of equal length, which one is decided by the seed.
 * The same list, number and seed give the same sample, in the list's order; a list that is short enough is taken whole.
 */
export function spreadSample<T>(items: readonly T[], wanted: number | undefined, seed: string): readonly T[] {
  if (wanted === undefined || items.length <= wanted) return items;
  const sample: T[] = [];
  for (let stretch = 0; stretch < wanted; stretch += 1) {
    const from = Math.floor((stretch * items.length) / wanted);
    const to = Math.floor(((stretch + 1) * items.length) / wanted);
    const item = items[from + Math.floor(fraction(seed, stretch) * (to - from))];
    if (item !== undefined) sample.push(item);
  }
  return sample;
}

/** 0..1, without 1. */
function fraction(seed: string, n: number): number {
  return createHash("sha256").update(`${seed}:${n}`).digest().readUInt32BE(0) / 2 ** 32;
}
