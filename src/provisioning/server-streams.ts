import { Semaphore } from "../kit/concurrency.ts";
import type { ServerId } from "../kit/ids.ts";

/** How many provisionings go on at a time per server, over all jobs. DDL does not scale: 2 to 4 are useful, 32 are slower than one. */
export class ServerStreams {
  readonly #byServer = new Map<ServerId, Semaphore>();

  /** @param perServer TENANTRY_PROVISION_STREAMS */
  constructor(readonly perServer: number) {}

  /** Does the work when a stream of the server is free; jobs take turns in order of arrival. @throws the signal's reason */
  use<T>(serverId: ServerId, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const known = this.#byServer.get(serverId);
    const semaphore = known ?? new Semaphore(this.perServer, "a provisioning stream");
    if (!known) this.#byServer.set(serverId, semaphore);
    return semaphore.use(work, { signal });
  }
}
