import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { ProcessMetrics } from "./metrics-snapshot.ts";

/** A timer is expected so often; what it comes later is the delay. Milliseconds. */
const resolutionMs = 10;

/** Measures this process: what it used since the last turn. */
export class ProcessMeter {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #cpu = process.cpuUsage();
  #turnedAtMs = performance.now();
  #cpuPercent = 0;
  #delayP99Ms = 0;

  start(): void {
    this.#delay.enable();
  }

  stop(): void {
    this.#delay.disable();
  }

  /** Takes what was used since the last turn as what is shown until the next one. */
  turn(): void {
    const nowMs = performance.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const wallMs = Math.max(1, nowMs - this.#turnedAtMs);
    this.#cpuPercent = ((user + system) / 1000 / wallMs) * 100;
    this.#delayP99Ms = Math.max(0, this.#delay.percentile(99) / 1e6 - resolutionMs);
    this.#cpu = process.cpuUsage();
    this.#turnedAtMs = nowMs;
    this.#delay.reset();
  }

  metrics(): ProcessMetrics {
    const { rss, heapUsed } = process.memoryUsage();
    return {
      cpuPercent: this.#cpuPercent,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      eventLoopDelayP99Ms: this.#delayP99Ms,
      uptimeSeconds: process.uptime(),
    };
  }
}
