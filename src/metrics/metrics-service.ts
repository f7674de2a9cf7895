import type { Clock } from "../kit/clock.ts";
import { DomainError, InvalidInput } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import type { ApiMeter } from "./api-meter.ts";
import type { FleetCounter } from "./fleet-counter.ts";
import type { MetricsSnapshot } from "./metrics-snapshot.ts";
import type { ProcessMeter } from "./process-meter.ts";
import type { ServerSampler } from "./server-sampler.ts";

/** Pause between two looks at process and servers. Milliseconds. */
const samplingMs = 2_000;
/** Snapshots are shared by all who ask within this time; below the shortest interval, so that each turn brings a new one. */
const sharedMs = 200;
const intervalLimits = { least: 250, most: 60_000, usual: 1_000 } as const;

/** What {@link MetricsService} works with. */
export interface MetricsParts {
  readonly process: ProcessMeter;
  readonly api: ApiMeter;
  readonly fleet: FleetCounter;
  readonly servers: ServerSampler;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Samples, and shows the newest samples. One sampling serves everybody: who asks touches no server. */
export class MetricsService {
  readonly #loop: Loop;
  #newest: { readonly takenAtMs: number; readonly snapshot: Promise<MetricsSnapshot> } | undefined;

  constructor(private readonly parts: MetricsParts) {
    const pauseMs = () => samplingMs;
    this.#loop = new Loop("metrics", (signal) => this.runOnce(signal), pauseMs, parts.clock, parts.logger);
  }

  start(): void {
    this.parts.process.start();
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.parts.process.stop();
    await this.#loop.stop();
  }

  /** Looks at the process and at every server. */
  async runOnce(signal: AbortSignal): Promise<void> {
    this.parts.process.turn();
    await this.parts.servers.sample(signal);
  }

  /** @throws RegistryUnavailable */
  snapshot(): Promise<MetricsSnapshot> {
    const nowMs = this.parts.clock.monotonicMs();
    if (this.#newest && nowMs - this.#newest.takenAtMs < sharedMs) return this.#newest.snapshot;
    const taken = { takenAtMs: nowMs, snapshot: this.#take() };
    this.#newest = taken;
    taken.snapshot.catch(() => {
      // A failure is told to those who wait for it, and to nobody after them.
      if (this.#newest === taken) this.#newest = undefined;
    });
    return taken.snapshot;
  }

  /**
   * A snapshot at once, then one per interval, until the signal aborts. Who takes them more slowly misses some, and gets the
   * newest: nothing queues. While the registry does not answer none comes. @throws InvalidInput for an interval out of range
   */
  follow(intervalMs: number | undefined, signal: AbortSignal): AsyncIterableIterator<MetricsSnapshot, void, void> {
    const { least, most, usual } = intervalLimits;
    const interval = intervalMs ?? usual;
    if (!Number.isInteger(interval) || interval < least || interval > most) {
      const message = `intervalMs must be a whole number from ${least} to ${most}, not ${interval}.`;
      throw new InvalidInput(message, { field: ["intervalMs"] });
    }
    const left = new AbortController();
    const ticks = this.#ticks(interval, AbortSignal.any([signal, left.signal]));
    return {
      next: () => ticks.next(),
      // A generator hears of it only after its pause, which may be a minute.
      return: () => {
        left.abort();
        return ticks.return();
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  async *#ticks(intervalMs: number, signal: AbortSignal): AsyncGenerator<MetricsSnapshot, void, void> {
    const { clock } = this.parts;
    const startedAtMs = clock.monotonicMs();
    for (;;) {
      const snapshot = await this.#snapshotOrNone();
      if (signal.aborted) return;
      if (snapshot) yield snapshot;
      const sinceMs = clock.monotonicMs() - startedAtMs;
      const waited = clock.sleep(intervalMs - (sinceMs % intervalMs), signal).then(
        () => true,
        () => false,
      );
      if (!(await waited)) return;
    }
  }

  async #snapshotOrNone(): Promise<MetricsSnapshot | undefined> {
    try {
      return await this.snapshot();
    } catch (error) {
      if (!(error instanceof DomainError) || !error.retryable) throw error;
      return undefined;
    }
  }

  async #take(): Promise<MetricsSnapshot> {
    const { process, api, fleet, servers, clock } = this.parts;
    const [counts, serverMetrics] = await Promise.all([fleet.counts(), servers.metrics()]);
    return {
      at: clock.now(),
      process: process.metrics(),
      api: api.metrics(),
      counts,
      servers: serverMetrics,
    };
  }
}
