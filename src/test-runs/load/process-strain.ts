import { type IntervalHistogram, monitorEventLoopDelay } from "node:perf_hooks";
import type { StrainSample } from "./governor.ts";

/** Milliseconds between two looks of Node at its event loop; a loop that is never late shows just these. */
const resolutionMs = 10;

/** How strained this process is, look by look. Stopping it is the caller's duty. */
export class ProcessStrain {
  readonly #delay: IntervalHistogram = monitorEventLoopDelay({ resolution: resolutionMs });
  #cpu = process.cpuUsage();
  #atMs = performance.now();

  start(): void {
    this.#delay.enable();
    this.look();
  }

  stop(): void {
    this.#delay.disable();
  }

  /** Since the last look. */
  look(): Pick<StrainSample, "eventLoopDelayMs" | "cpu"> {
    const used = process.cpuUsage(this.#cpu);
    const elapsedMs = performance.now() - this.#atMs;
    const delayMs = this.#delay.count === 0 ? 0 : this.#delay.percentile(99) / 1e6 - resolutionMs;
    this.#cpu = process.cpuUsage();
    this.#atMs += elapsedMs;
    this.#delay.reset();
    return {
      eventLoopDelayMs: Math.max(0, delayMs),
      cpu: elapsedMs < 1 ? 0 : (used.user + used.system) / 1000 / elapsedMs,
    };
  }
}
