import type { Clock } from "../kit/clock.ts";
import { QueueTimeout } from "../kit/concurrency.ts";
import type { ServerId } from "../kit/ids.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import { ServerTrouble } from "../servers/server-trouble.ts";
import type { PoolUsage, ServerMetrics } from "./metrics-snapshot.ts";

/** What a server says of its load. */
export interface ServerLoad {
  /** Milliseconds of one small statement on a connection that was open. */
  readonly pingMs: number;
  readonly threadsConnected: number;
  readonly threadsRunning: number;
  readonly maxConnections: number;
  /** Statements since the server's start. */
  readonly questions: number;
}

/** Asks servers for their load. */
export interface ServerLoadSource {
  /** @throws ServerTrouble within `deadlineMs`, QueueTimeout when our own connections are all in use */
  load(id: ServerId, deadlineMs: number, signal: AbortSignal): Promise<ServerLoad>;
}

/** Tells how the connections to each server are used. */
export interface PoolUsageSource {
  usageOf(id: ServerId): PoolUsage | undefined;
}

/** A server that needs longer counts as unreachable. Milliseconds. */
const patienceMs = 1_500;

interface Sample {
  readonly atMs: number;
  /** Undefined: it did not answer. */
  readonly load: ServerLoad | undefined;
  readonly queriesPerSecond: number | undefined;
}

/** What {@link ServerSampler} works with. */
export interface ServerSamplerParts {
  readonly servers: { list(): Promise<readonly DatabaseServer[]> };
  readonly loads: ServerLoadSource;
  readonly pools: PoolUsageSource;
  readonly clock: Clock;
}

/** Looks at every server, and remembers what it last saw. */
export class ServerSampler {
  #servers: readonly DatabaseServer[] | undefined;
  readonly #samples = new Map<ServerId, Sample>();

  constructor(private readonly parts: ServerSamplerParts) {}

  /** Looks at all of them, at once. */
  async sample(signal: AbortSignal): Promise<void> {
    const servers = await this.parts.servers.list();
    this.#servers = servers;
    for (const id of this.#samples.keys()) if (!servers.some((server) => server.id === id)) this.#samples.delete(id);
    await Promise.all(servers.map(({ id }) => this.#look(id, signal)));
  }

  /** What was last seen. Touches no server; reads which there are when nothing was sampled yet. */
  async metrics(): Promise<readonly ServerMetrics[]> {
    this.#servers ??= await this.parts.servers.list();
    return this.#servers.map((server) => this.#metricsOf(server));
  }

  #metricsOf(server: DatabaseServer): ServerMetrics {
    const sample = this.#samples.get(server.id);
    const pool = this.parts.pools.usageOf(server.id);
    if (!sample) return { server, reachable: server.status === "ONLINE", pool };
    const { load, queriesPerSecond } = sample;
    return {
      server,
      reachable: load !== undefined,
      pingMs: load?.pingMs,
      threadsConnected: load?.threadsConnected,
      threadsRunning: load?.threadsRunning,
      maxConnections: load?.maxConnections,
      queriesPerSecond,
      pool,
    };
  }

  async #look(id: ServerId, signal: AbortSignal): Promise<void> {
    try {
      const load = await this.parts.loads.load(id, patienceMs, signal);
      this.#remember(id, load);
    } catch (error) {
      signal.throwIfAborted();
      // Our own connections are all in use: what was seen before stands.
      if (error instanceof QueueTimeout) return;
      if (!(error instanceof ServerTrouble)) throw error;
      this.#remember(id, undefined);
    }
  }

  #remember(id: ServerId, load: ServerLoad | undefined): void {
    const atMs = this.parts.clock.monotonicMs();
    this.#samples.set(id, { atMs, load, queriesPerSecond: rate(this.#samples.get(id), load, atMs) });
  }
}

/** Undefined where there is nothing to compare with, or the server was started anew in between. */
function rate(before: Sample | undefined, load: ServerLoad | undefined, atMs: number): number | undefined {
  if (!before?.load || !load || atMs <= before.atMs) return undefined;
  const asked = load.questions - before.load.questions;
  return asked < 0 ? undefined : asked / ((atMs - before.atMs) / 1000);
}
