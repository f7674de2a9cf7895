import { useRef, useState } from "react";
import type { TestRunEvent } from "../progress/use-progress.ts";

/** Percentiles of a run as it went on. */
export interface LatencySeries {
  /** Seconds since 1970. */
  readonly times: readonly number[];
  /** p50, p95, p99 in milliseconds. */
  readonly values: readonly (readonly number[])[];
}

const mostPoints = 600;

/** Collects what is drawn; each second point is dropped where there are too many to be seen. */
export class LatencyCollector {
  #times: number[] = [];
  #values: [number[], number[], number[]] = [[], [], []];

  add({ at, latency }: Pick<TestRunEvent, "at" | "latency">): boolean {
    const time = Date.parse(at) / 1_000;
    if (!latency || latency.count === 0 || time <= (this.#times.at(-1) ?? 0)) return false;
    this.#times.push(time);
    for (const [index, value] of [latency.p50, latency.p95, latency.p99].entries()) this.#values[index]?.push(value);
    if (this.#times.length > mostPoints) {
      const thinned = (list: readonly number[]) => list.filter((_, index) => index % 2 === 0);
      this.#times = thinned(this.#times);
      this.#values = [thinned(this.#values[0]), thinned(this.#values[1]), thinned(this.#values[2])];
    }
    return true;
  }

  get series(): LatencySeries {
    return { times: [...this.#times], values: this.#values.map((list) => [...list]) };
  }
}

/** @returns the series, and what takes an event into it; it is drawn at most four times a second */
export function useLatencySeries(): readonly [LatencySeries, (event: TestRunEvent) => void] {
  const collector = useRef<LatencyCollector>(undefined);
  collector.current ??= new LatencyCollector();
  const [series, setSeries] = useState<LatencySeries>(collector.current.series);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const add = (event: TestRunEvent) => {
    if (!collector.current?.add(event)) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      if (collector.current) setSeries(collector.current.series);
    }, 250);
  };
  return [series, add];
}
