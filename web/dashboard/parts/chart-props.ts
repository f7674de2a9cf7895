/** One of the lines of a chart. */
export interface ChartLine {
  readonly label: string;
  readonly tone: "calm" | "warm" | "hot";
}

/** What a chart shows, and how. */
export interface ChartProps {
  /** What is drawn, in a few words. */
  readonly label: string;
  readonly lines: readonly ChartLine[];
  /** Seconds since 1970, rising. */
  readonly times: readonly number[];
  /** For each line its values at these times; null where there is none. */
  readonly values: readonly (readonly (number | null)[])[];
  /** How a value is said, e.g. `12 ms`. */
  say(value: number | null): string;
  /** Draw each value as a point, too: where there are few. */
  readonly points?: boolean;
  /** So much time is shown at least, up to the newest value; left out: as much as there are values for. */
  readonly leastSeconds?: number;
}
