import type { Clock } from "../../kit/clock.ts";
import { forEachBounded } from "../../kit/concurrency.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import type { WarmKeeper } from "./warm-keeper.ts";

const serversAtOnce = 4;
/** Between two looks at what is ready; the first comes at once, since anything may have happened before the start. */
const inspectMs = 300_000;
/** After the first turn that met trouble; each further one doubles it. */
const firstPauseMs = 5_000;
const longestPauseMs = 300_000;

interface Pause {
  readonly failures: number;
  readonly untilMs: number;
}

/** What {@link WarmPoolWatch} works with. */
export interface WarmPoolWatchParts {
  readonly servers: Pick<ServerStore, "list">;
  readonly keeper: Pick<WarmKeeper, "keep" | "inspect">;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps every server's pool as large as it is to be. A server that does not answer is left alone until it does. */
export class WarmPoolWatch {
  readonly #inspectedAtMs = new Map<ServerId, number>();
  readonly #pauses = new Map<ServerId, Pause>();

  constructor(private readonly parts: WarmPoolWatchParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    const { servers, clock } = this.parts;
    const online = (await servers.list()).filter(({ status }) => status === "ONLINE");
    const nowMs = clock.monotonicMs();
    const due = online.filter(({ id }) => (this.#pauses.get(id)?.untilMs ?? nowMs) <= nowMs);
    await forEachBounded(due, serversAtOnce, signal, ({ id }) => this.#one(id, signal));
  }

  async #one(serverId: ServerId, signal: AbortSignal): Promise<void> {
    const { keeper } = this.parts;
    try {
      await this.#inspectWhenDue(serverId, signal);
      await keeper.keep(serverId, signal);
      this.#pauses.delete(serverId);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      this.#rest(serverId, error);
    }
  }

  async #inspectWhenDue(serverId: ServerId, signal: AbortSignal): Promise<void> {
    const nowMs = this.parts.clock.monotonicMs();
    const last = this.#inspectedAtMs.get(serverId);
    if (last !== undefined && nowMs - last < inspectMs) return;
    await this.parts.keeper.inspect(serverId, signal);
    this.#inspectedAtMs.set(serverId, nowMs);
  }

  #rest(serverId: ServerId, error: DomainError): void {
    const { clock, logger } = this.parts;
    const failures = (this.#pauses.get(serverId)?.failures ?? 0) + 1;
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (failures - 1));
    this.#pauses.set(serverId, { failures, untilMs: clock.monotonicMs() + pauseMs });
    logger.warn({ serverId, code: error.code, failures, pauseMs, err: error }, "warm pool not kept");
  }
}
