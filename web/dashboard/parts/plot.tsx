import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { ChartProps } from "./chart-props.ts";

const font = "11px system-ui, sans-serif";

/** The drawing of a chart. The library behind it is loaded with it, not with the page. */
export function Plot(props: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const scheme = useComputedColorScheme("light");
  const { times, values } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours are read when it is made; data come by the next effect
  useEffect(() => {
    const parent = box.current;
    if (!parent) return;
    const made = new UPlot(optionsOf(props, parent), dataOf(props), parent);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize(sizeOf(parent)));
    observer.observe(parent);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [scheme]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rest of the properties does not change
  useEffect(() => plot.current?.setData(dataOf(props)), [times, values]);
  return <div ref={box} style={{ height: "100%", overflow: "hidden" }} />;
}

function dataOf({ times, values }: ChartProps): UPlot.AlignedData {
  return [[...times], ...values.map((line) => [...line])];
}

function sizeOf(parent: HTMLElement) {
  return { width: Math.max(80, parent.clientWidth), height: Math.max(60, parent.clientHeight) };
}

function optionsOf({ lines, say, points = false, leastSeconds }: ChartProps, parent: HTMLElement): UPlot.Options {
  const style = getComputedStyle(parent);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--mantine-color-dimmed"),
    font,
    grid: { stroke: colour("--app-faint-line"), width: 1 },
    ticks: { show: false },
  };
  return {
    ...sizeOf(parent),
    padding: [8, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      ...(leastSeconds !== undefined && {
        x: { range: (_plot, low, high) => [Math.min(low, high - leastSeconds), high] },
      }),
      y: { range: (_plot, _low, high) => [0, Math.max(1, high ?? 1) * 1.1] },
    },
    axes: [
      { ...axis, size: 24, space: 80, values: (_plot, ticks) => ticks.map(sayTime) },
      { ...axis, size: 56, values: (_plot, ticks) => ticks.map((tick) => say(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label, tone }) => ({
        label,
        stroke: colour(`--app-line-${tone}`),
        width: 1.5,
        points: { show: points, size: 5 },
      })),
    ],
  };
}

/** Seconds since 1970 as the time of day. */
function sayTime(seconds: number): string {
  return new Date(seconds * 1_000).toLocaleTimeString([], {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
}
