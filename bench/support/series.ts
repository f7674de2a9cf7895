import type { Goal, Row } from "../figure.ts";

/** One measurement that is taken several times. */
export class Series {
  readonly values: number[] = [];

  /** @param measure takes one sample */
  constructor(private readonly measure: () => Promise<number>) {}

  async sample(): Promise<void> {
    this.values.push(await this.measure());
  }

  /** Begins anew, after a warm-up. */
  forget(): void {
    this.values.length = 0;
  }

  get median(): number {
    return quantile(this.values, 0.5);
  }
}

/**
 * Samples all series in turns, each round in the opposite order of the one before: what else the machine does meets all of
 * them alike.
 * @param rounds how many samples each gets
 */
export async function inTurns(rounds: number, ...series: readonly Series[]): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    for (const one of round % 2 === 0 ? series : series.toReversed()) await one.sample();
  }
}

/** @param share 0..1 of the values lie below the result */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? Number.NaN;
  const above = sorted[Math.ceil(at)] ?? Number.NaN;
  return below + (above - below) * (at - Math.floor(at));
}

/** What {@link compared} makes a row of. */
export interface Comparison {
  readonly what: string;
  readonly unit: string;
  readonly ours: Series;
  readonly beside: Series;
  readonly besideIs: string;
  /** Whether a good value is a small one (a duration) or a large one (a rate). */
  readonly better: "LESS" | "MORE";
  readonly goal?: Goal | undefined;
  readonly note?: string | undefined;
}

/** Medians of both, and the median of the rounds' ratios, which a slow moment of the machine moves least. */
export function compared(comparison: Comparison): Row {
  const { what, unit, ours, beside, besideIs, better, goal, note } = comparison;
  const timesQuicker = better === "LESS" && goal !== undefined && "atLeast" in goal;
  const [over, under] = timesQuicker ? [beside, ours] : [ours, beside];
  const ratios = over.values.map((value, round) => value / (under.values[round] ?? Number.NaN));
  const row = { what, unit, ours: ours.median, beside: { what: besideIs, value: beside.median } };
  return { ...row, ratio: quantile(ratios, 0.5), goal, note };
}

/** Milliseconds that the work took. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
