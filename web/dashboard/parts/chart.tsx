import { lazy, Suspense } from "react";
import classes from "./chart.module.css";
import type { ChartProps } from "./chart-props.ts";

const Plot = lazy(async () => ({ default: (await import("./plot.tsx")).Plot }));

/**
 * Lines over time, with their newest values in the legend. As high before it is there as after; what draws it is loaded when
 * there is something to draw, and so in nobody's way before.
 */
export function Chart(props: ChartProps) {
  const { label, lines, times, values, say } = props;
  const newest = lines.map((line, index) => ({ ...line, text: say(values[index]?.at(-1) ?? null) }));
  return (
    <figure
      className={classes.chart}
      aria-label={`${label}: ${newest.map((each) => `${each.label} ${each.text}`).join(", ")}`}
    >
      <div className={classes.plot} aria-hidden="true">
        {times.length > 0 && (
          <Suspense fallback={null}>
            <Plot {...props} />
          </Suspense>
        )}
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
