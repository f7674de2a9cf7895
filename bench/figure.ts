import type { Bench } from "./bench.ts";

/** What a figure shall be, and the value at which a short run fails. */
export type Goal =
  | { readonly atLeast: number; readonly floor: number }
  | { readonly atMost: number; readonly floor: number };

/** What stands beside ours: a peer, or what the machine can do at best. */
export interface Beside {
  /** What it is, e.g. `drizzle migrate()`. */
  readonly what: string;
  /** In the unit of the row. */
  readonly value: number;
}

/** One line of the table. */
export interface Row {
  /** What was measured, e.g. `1 stream`. */
  readonly what: string;
  /** Unit of `ours` and of what stands beside it. */
  readonly unit: string;
  readonly ours: number;
  readonly beside?: Beside | undefined;
  /** Ours to the other; for durations with an `atLeast` goal how many times quicker ours is. */
  readonly ratio?: number | undefined;
  /** Of the ratio where there is one, else of `ours`. */
  readonly goal?: Goal | undefined;
  /** Something that the reader of the numbers should know. */
  readonly note?: string | undefined;
}

/** One thing that is measured. Each file in figures/ exports one, called `figure`. */
export interface Figure {
  readonly title: string;
  /** A short run takes it only when it is asked for by name: it has three minutes for all of them. */
  readonly lengthy?: true;
  measure(bench: Bench): Promise<readonly Row[]>;
}

/** How a row stands to its goal; BELOW_FLOOR fails a short run. */
export type Standing = "MET" | "MISSED" | "BELOW_FLOOR";

/** @returns undefined for a row without a goal */
export function standingOf({ goal, ratio, ours }: Row): Standing | undefined {
  if (!goal) return undefined;
  const value = ratio ?? ours;
  if ("atLeast" in goal) return value >= goal.atLeast ? "MET" : value >= goal.floor ? "MISSED" : "BELOW_FLOOR";
  return value <= goal.atMost ? "MET" : value <= goal.floor ? "MISSED" : "BELOW_FLOOR";
}
