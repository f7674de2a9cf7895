import type { Clock } from "../../kit/clock.ts";
import type { Semaphore } from "../../kit/concurrency.ts";
import type { ServerId } from "../../kit/ids.ts";
import type { TestRunDetail } from "../test-run.ts";
import { Governor, type GovernorLimits, type StrainSample } from "./governor.ts";
import type { ServerStrains } from "./tenant-load.ts";

/** How this process fares. */
export interface ProcessLook {
  start(): void;
  stop(): void;
  /** Since the last look. */
  look(): Pick<StrainSample, "eventLoopDelayMs" | "cpu">;
}

/** Milliseconds between two looks. */
const everyMs = 250;

/** Looks at service and servers while a load runs, and makes the load narrower or ends it. */
export class LoadWatch {
  #slowest: { readonly concurrency: number; readonly because: string } | undefined;

  constructor(
    private readonly strains: ServerStrains,
    private readonly servers: ReadonlyMap<ServerId, string>,
    private readonly process: ProcessLook,
    private readonly clock: Clock,
    private readonly limits?: GovernorLimits,
  ) {}

  #pace: Pick<TestRunDetail, "concurrency" | "slowedBecause"> = {};

  /** How narrow the load is now, and why. */
  get pace(): Pick<TestRunDetail, "concurrency" | "slowedBecause"> {
    return this.#pace;
  }

  /** How narrow the load was made, and why, in a sentence. */
  get slowed(): string | undefined {
    if (!this.#slowest) return undefined;
    const { concurrency, because } = this.#slowest;
    return `It was slowed down, to ${concurrency} at once at the lowest, because ${because}.`;
  }

  /** @returns why the load must end, as a sentence's end; undefined when the signal ended the watch first */
  async run(pace: Semaphore, most: number, signal: AbortSignal): Promise<string | undefined> {
    const governor = new Governor(most, this.limits);
    this.#pace = { concurrency: most };
    this.process.start();
    try {
      for (;;) {
        await this.clock.sleep(everyMs, signal);
        const servers = await this.#servers(signal);
        const { action, concurrency, because } = governor.decide({ ...this.process.look(), servers });
        if (action === "END") return because ?? "its neighbours suffered";
        if (action === "KEEP") continue;
        pace.resize(concurrency);
        const slowedBecause = concurrency < most ? (because ?? this.#pace.slowedBecause) : undefined;
        this.#pace = { concurrency, ...(slowedBecause !== undefined && { slowedBecause }) };
        if (because !== undefined && concurrency < (this.#slowest?.concurrency ?? most)) {
          this.#slowest = { concurrency, because };
        }
      }
    } catch (error) {
      if (signal.aborted) return undefined;
      throw error;
    } finally {
      this.process.stop();
    }
  }

  async #servers(signal: AbortSignal): Promise<StrainSample["servers"]> {
    const asked = [...this.servers].map(async ([id, name]) => [name, await this.strains.of(id, signal)] as const);
    return new Map(await Promise.all(asked));
  }
}
