import type { Clock } from "../../kit/clock.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { ServerReachability } from "./tenant-login.ts";

/** Milliseconds that an answer is believed: a dead server is asked again soon, a live one at once when the next tenant fails. */
const believeMs = { alive: 500, dead: 5_000 } as const;

interface Answer {
  readonly alive: boolean;
  readonly untilMs: number;
}

/**
 * What a run knows of the servers it met. A server is asked once for all tenants that wait for the answer, and while it is known
 * to be gone its tenants are not tried at all.
 */
export class ServerGate {
  readonly #answers = new Map<ServerId, Answer>();
  readonly #asking = new Map<ServerId, Promise<boolean>>();

  /** @param retries how often a silent server is asked again before it counts as gone */
  constructor(
    private readonly reachability: ServerReachability,
    private readonly retries: number,
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Whether the server did not answer a moment ago. */
  isGone(serverId: ServerId): boolean {
    return this.#known(serverId)?.alive === false;
  }

  /** Whether the server answers. @throws the signal's reason */
  answers(serverId: ServerId): Promise<boolean> {
    const known = this.#known(serverId);
    if (known) return Promise.resolve(known.alive);
    let asking = this.#asking.get(serverId);
    if (!asking) {
      asking = this.#ask(serverId).finally(() => this.#asking.delete(serverId));
      this.#asking.set(serverId, asking);
    }
    return asking;
  }

  #known(serverId: ServerId): Answer | undefined {
    const answer = this.#answers.get(serverId);
    return answer && answer.untilMs > this.clock.monotonicMs() ? answer : undefined;
  }

  async #ask(serverId: ServerId): Promise<boolean> {
    let alive = await this.reachability.answers(serverId, this.signal);
    for (let retry = 1; !alive && retry <= Math.min(this.retries, 2); retry += 1) {
      await this.clock.sleep(retry * 500, this.signal);
      alive = await this.reachability.answers(serverId, this.signal);
    }
    const untilMs = this.clock.monotonicMs() + (alive ? believeMs.alive : believeMs.dead);
    this.#answers.set(serverId, { alive, untilMs });
    return alive;
  }
}
