import { Semaphore } from "../kit/concurrency.ts";
import type { ServerId } from "../kit/ids.ts";

interface Streams {
  readonly all: Semaphore;
  readonly spare: Semaphore;
}

/** How many provisionings go on at a time per server, over all jobs. DDL does not scale: 2 to 4 are useful, 32 are slower than one. */
export class ServerStreams {
  readonly #byServer = new Map<ServerId, Streams>();

  /** @param perServer TENANTRY_PROVISION_STREAMS */
  constructor(readonly perServer: number) {}

  /** How many of them work that nobody waits for may hold: one is left, where there are several. */
  get sparePerServer(): number {
    return Math.max(1, this.perServer - 1);
  }

  /** Does the work when a stream of the server is free; jobs take turns in order of arrival. @throws the signal's reason */
  use<T>(serverId: ServerId, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#of(serverId).all.use(work, { signal });
  }

  /** The same for work that nobody waits for: whoever comes by `use` goes first. @throws the signal's reason */
  whenSpare<T>(serverId: ServerId, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { all, spare } = this.#of(serverId);
    return spare.use(() => all.use(work, { signal, behind: true }), { signal });
  }

  #of(serverId: ServerId): Streams {
    const known = this.#byServer.get(serverId);
    if (known) return known;
    const all = new Semaphore(this.perServer, "a provisioning stream");
    const streams = { all, spare: new Semaphore(this.sparePerServer, "a spare provisioning stream") };
    this.#byServer.set(serverId, streams);
    return streams;
  }
}
