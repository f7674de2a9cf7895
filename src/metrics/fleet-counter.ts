import type { Clock } from "../kit/clock.ts";
import type { FleetCounts } from "./metrics-snapshot.ts";

/** The registry, as far as counting is concerned. */
export interface FleetCountSource {
  /** @param newestSchema checksum of the schema that a database has which may be claimed */
  counts(newestSchema: string): Promise<FleetCounts>;
}

/** A count is at least believed for this long: just below the shortest interval of a subscription. Milliseconds. */
const believeMs = 200;
/** Counting takes at most a twentieth of the time, however large the fleet is. */
const share = 20;

/** Counts what the registry holds: once for all who ask at about the same time, and the more seldom the longer it takes. */
export class FleetCounter {
  #counting: Promise<FleetCounts> | undefined;
  #last: { readonly counts: FleetCounts; readonly untilMs: number } | undefined;

  constructor(
    private readonly source: FleetCountSource,
    private readonly newestSchema: () => string,
    private readonly clock: Clock,
  ) {}

  /** @throws RegistryUnavailable */
  counts(): Promise<FleetCounts> {
    const last = this.#last;
    if (last && this.clock.monotonicMs() < last.untilMs) return Promise.resolve(last.counts);
    this.#counting ??= this.#count().finally(() => {
      this.#counting = undefined;
    });
    return this.#counting;
  }

  async #count(): Promise<FleetCounts> {
    const startedAtMs = this.clock.monotonicMs();
    const counts = await this.source.counts(this.newestSchema());
    const nowMs = this.clock.monotonicMs();
    this.#last = { counts, untilMs: startedAtMs + Math.max(believeMs, share * (nowMs - startedAtMs)) };
    return counts;
  }
}
