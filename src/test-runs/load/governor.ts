import type { ServerStrain } from "./tenant-load.ts";

/** One look at everything that a load may harm. */
export interface StrainSample {
  /** Of this process since the last look, milliseconds. */
  readonly eventLoopDelayMs: number;
  /** Of this process since the last look: 1 is one core. */
  readonly cpu: number;
  /** By the servers' names; undefined: no answer. */
  readonly servers: ReadonlyMap<string, ServerStrain | undefined>;
}

/** From where on a load is slowed down, and from where on it is ended. */
export interface GovernorLimits {
  readonly eventLoopDelayMs: { readonly slow: number; readonly end: number };
  readonly cpu: { readonly slow: number; readonly end: number };
  readonly threadsRunning: { readonly slow: number; readonly end: number };
  /** Share of max_connections, 0..1. */
  readonly connections: { readonly slow: number; readonly end: number };
  /** Looks in a row above an end, or without an answer, before the load is ended: one may be a hiccup. */
  readonly patience: number;
  /** Looks in a row without strain before the load gets quicker again. */
  readonly calm: number;
}

/** Event loop and CPU as a service that answers people can bear; the server's values leave room for its applications. */
export const defaultGovernorLimits: GovernorLimits = {
  eventLoopDelayMs: { slow: 200, end: 2_000 },
  cpu: { slow: 1.2, end: 4 },
  threadsRunning: { slow: 48, end: 128 },
  connections: { slow: 0.85, end: 0.97 },
  patience: 4,
  calm: 4,
};

/** What to do after a look. */
export interface GovernorDecision {
  readonly action: "KEEP" | "SLOWER" | "FASTER" | "END";
  /** Operations at once from now on. */
  readonly concurrency: number;
  /** A sentence's part, e.g. `the event loop was 250 ms late`; absent without strain. */
  readonly because?: string | undefined;
}

interface Strain {
  readonly level: "SLOW" | "END";
  readonly because: string;
}

/** Slows a load down before its neighbours suffer, and ends it when that does not help. It decides by the looks it was shown alone. */
export class Governor {
  #concurrency: number;
  #bad = 0;
  #calm = 0;

  constructor(
    private readonly most: number,
    private readonly limits: GovernorLimits = defaultGovernorLimits,
  ) {
    this.#concurrency = most;
  }

  decide(sample: StrainSample): GovernorDecision {
    const strain = worst(strainsOf(sample, this.limits));
    if (!strain) return this.#relaxed();
    const { because } = strain;
    this.#calm = 0;
    this.#bad = strain.level === "END" ? this.#bad + 1 : 0;
    if (this.#bad >= this.limits.patience) return { action: "END", concurrency: 0, because };
    if (this.#concurrency === 1) return { action: "KEEP", concurrency: 1, because };
    this.#concurrency = Math.max(1, Math.floor(this.#concurrency / 2));
    return { action: "SLOWER", concurrency: this.#concurrency, because };
  }

  #relaxed(): GovernorDecision {
    this.#bad = 0;
    this.#calm += 1;
    if (this.#concurrency === this.most || this.#calm < this.limits.calm) {
      return { action: "KEEP", concurrency: this.#concurrency };
    }
    this.#calm = 0;
    this.#concurrency = Math.min(this.most, this.#concurrency + Math.max(1, Math.floor(this.#concurrency / 4)));
    return { action: "FASTER", concurrency: this.#concurrency };
  }
}

function worst(strains: readonly Strain[]): Strain | undefined {
  return strains.find(({ level }) => level === "END") ?? strains[0];
}

function strainsOf(sample: StrainSample, limits: GovernorLimits): readonly Strain[] {
  const { eventLoopDelayMs, cpu } = sample;
  return [
    ...judged(
      eventLoopDelayMs,
      limits.eventLoopDelayMs,
      `the service's event loop was ${whole(eventLoopDelayMs)} ms late`,
    ),
    ...judged(cpu, limits.cpu, `the service used ${whole(cpu * 100)} % of a core`),
    ...[...sample.servers].flatMap(([name, strain]) => strainsOfServer(name, strain, limits)),
  ];
}

function strainsOfServer(name: string, strain: ServerStrain | undefined, limits: GovernorLimits): readonly Strain[] {
  if (!strain) return [{ level: "END", because: `server "${name}" did not answer` }];
  const { threadsRunning, threadsConnected, maxConnections } = strain;
  const used = maxConnections === 0 ? 0 : threadsConnected / maxConnections;
  const connections = `${threadsConnected} of ${maxConnections} connections of server "${name}" were in use`;
  return [
    ...judged(threadsRunning, limits.threadsRunning, `server "${name}" had ${threadsRunning} threads running`),
    ...judged(used, limits.connections, connections),
  ];
}

function judged(
  value: number,
  limit: { readonly slow: number; readonly end: number },
  because: string,
): readonly Strain[] {
  if (value < limit.slow) return [];
  return [{ level: value >= limit.end ? "END" : "SLOW", because }];
}

function whole(value: number): string {
  return Math.round(value).toString();
}
