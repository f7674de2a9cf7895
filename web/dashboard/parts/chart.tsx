import { lazy, Suspense } from "react";
import classes from "./chart.module.css";

export interface ChartLine {
  readonly label: string;
  readonly tone: "calm" | "warm" | "hot";
}

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

const Plot = lazy(async () => ({ default: (await import("./plot.tsx")).Plot }));

/** Lines over time, with their newest values in the legend. As high before it is there as after. */
export function Chart(props: ChartProps) {
  const { label, lines, values, say } = props;
  const newest = lines.map((line, index) => ({ ...line, text: say(values[index]?.at(-1) ?? null) }));
  return (
    <figure
      className={classes.chart}
      aria-label={`${label}: ${newest.map((each) => `${each.label} ${each.text}`).join(", ")}`}
    >
      <div className={classes.plot} aria-hidden="true">
        <Suspense fallback={null}>
          <Plot {...props} />
        </Suspense>
      </div>
      <figcaption className={classes.legend}>
        {newest.map(({ label: name, tone, text }) => (
          <span key={name} className={classes.line} data-tone={tone}>
            <span className={classes.key} data-tone={tone} aria-hidden="true" />
            {name} <b>{text}</b>
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
