import { setMaxListeners } from "node:events";
import type { Clock } from "../../kit/clock.ts";
import type { Semaphore } from "../../kit/concurrency.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { Arrival, Arrivals } from "./arrivals.ts";
import { operationAt } from "./operation-mix.ts";
import { StartSignal } from "./start-signal.ts";
import type { LoadSession, LoadTarget, TenantLoads } from "./tenant-load.ts";

/** A tenant with the number of sessions that work on it. */
export interface SharedTarget extends LoadTarget {
  readonly sessions: number;
}

/** What a load consists of. */
export interface Load {
  readonly targets: readonly SharedTarget[];
  readonly arrivals: Arrivals;
  readonly seed: number;
  /** Operations at once; the governor makes it narrower. */
  readonly pace: Semaphore;
  /** Told of each operation that ended. @param latencyMs from the moment it was due @param errorCode absent: it went well */
  readonly record: (tenantId: TenantId, latencyMs: number, errorCode?: string) => void;
  /** Told of each operation that was sent and then broken off by the signal: what would have become of it nobody knows. */
  readonly brokenOff: (tenantId: TenantId) => void;
  /** Milliseconds that a session is held at most. */
  readonly deadlineMs: number;
  /** No operation is begun any more; those under way have a moment to end. */
  readonly closing: AbortSignal;
  /** Everything stops at once. */
  readonly signal: AbortSignal;
}

/** The code of an operation that was under way when the load was over, and not answered in the moment after. */
export const unanswered = "UNANSWERED";

/** Milliseconds that the load waits for its sessions before it begins without those that are missing. */
const readyMs = 5_000;
/** Milliseconds before a session that was refused is tried again. */
const againMs = 100;
/** Milliseconds that operations under way have when the load is closing. */
const graceMs = 2_000;

/** The reason of the signal of sessions that did not answer while the load was closing. */
class LoadOver extends Error {
  override readonly name = "LoadOver";
}

/**
 * Sends operations when they are due, not when the ones before are answered: where a server stalls, those that should have been sent
 * meanwhile are sent late, and what they waited counts.
 */
export class LoadGenerator {
  constructor(
    private readonly loads: Pick<TenantLoads, "withSession">,
    private readonly clock: Clock,
  ) {}

  /** @returns milliseconds from the first operation's being due to the last one's end @throws the signal's reason, and bugs */
  async run(load: Load): Promise<number> {
    const over = new AbortController();
    const ended = new AbortController();
    const hard = AbortSignal.any([load.signal, over.signal]);
    setMaxListeners(0, load.closing, hard);
    const onClosing = () =>
      void this.clock.sleep(graceMs, ended.signal).then(
        () => over.abort(new LoadOver("The load was over.")),
        () => undefined,
      );
    load.closing.addEventListener("abort", onClosing, { once: true });
    try {
      return await this.#run(load, hard);
    } finally {
      load.closing.removeEventListener("abort", onClosing);
      ended.abort();
    }
  }

  async #run(load: Load, hard: AbortSignal): Promise<number> {
    const start = new StartSignal(load.targets.reduce((sum, { sessions }) => sum + sessions, 0));
    const workers = load.targets.flatMap((target, at) =>
      Array.from({ length: target.sessions }, () => {
        const place = { target, at, start, signal: hard };
        return new Worker(load, place, this.loads, this.clock).run();
      }),
    );
    const all = Promise.all(workers);
    // Whoever fails before the start is heard of at the end, with the others.
    all.catch(() => undefined);
    const patience = new AbortController();
    const enough = AbortSignal.any([patience.signal, hard, load.closing]);
    await Promise.race([start.everybodyReady, this.clock.sleep(readyMs, enough).catch(() => undefined)]);
    patience.abort();
    const startedAtMs = this.clock.monotonicMs();
    start.begin(startedAtMs);
    await all;
    load.signal.throwIfAborted();
    return this.clock.monotonicMs() - startedAtMs;
  }
}

/** Where a worker stands. */
interface Place {
  readonly target: SharedTarget;
  /** The target's position. */
  readonly at: number;
  readonly start: StartSignal;
  readonly signal: AbortSignal;
}

/**
 * One user: takes what is due for its tenant, on a session of its own. An arrival is taken before it is sent; whatever becomes of
 * one that was sent, it is not sent again, and somebody is told of it once. One that still waits when the load is closing is as if
 * it had not been taken: it is not sent, and nobody is told of it.
 */
class Worker {
  #startedAtMs = 0;
  #warmedUp = false;

  constructor(
    private readonly load: Load,
    private readonly place: Place,
    private readonly loads: Pick<TenantLoads, "withSession">,
    private readonly clock: Clock,
  ) {}

  /** @throws bugs only */
  async run(): Promise<void> {
    const { target, start, signal } = this.place;
    while (!this.#over) {
      let open = false;
      try {
        await this.loads.withSession(target, { deadlineMs: this.load.deadlineMs, signal }, async (session) => {
          await this.#open(session);
          open = true;
          this.#startedAtMs = await start.whenBegun(this);
          await this.#work(session);
        });
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof DomainError)) throw error;
        // A session that was lost is replaced at once; the operation that it was lost with is told already.
        if (!open && !(await this.#refused(error))) return;
      }
    }
  }

  get #over(): boolean {
    return this.place.signal.aborted || this.load.closing.aborted;
  }

  /** Once a user, so that sessions which take the place of lost ones send nothing beyond the operations. */
  async #open(session: LoadSession): Promise<void> {
    await session.setUp();
    if (this.#warmedUp) return;
    this.#warmedUp = true;
    await session.warmUp();
  }

  async #work(session: LoadSession): Promise<void> {
    for (let arrival = await this.#next(); arrival; arrival = await this.#next()) {
      const leave = await this.load.pace.acquire({ signal: this.load.closing }).catch(() => undefined);
      if (!leave) return;
      try {
        await this.#perform(session, arrival);
      } finally {
        leave();
      }
    }
  }

  /** There is no session for what is due: that operation has failed. @returns whether there was one, and more may come */
  async #refused(error: DomainError): Promise<boolean> {
    this.#startedAtMs = await this.place.start.whenBegun(this);
    const arrival = await this.#next();
    if (!arrival) return false;
    this.#record(this.#dueAtMs(arrival), error.code);
    await this.clock.sleep(againMs, this.load.closing).catch(() => undefined);
    return true;
  }

  /** Waits until the next one is due. @returns undefined when nothing is left, or begun any more */
  async #next(): Promise<Arrival | undefined> {
    if (this.#over) return undefined;
    const arrival = this.load.arrivals.take(this.place.at);
    if (!arrival) return undefined;
    const waitMs = this.#startedAtMs + arrival.dueMs - this.clock.monotonicMs();
    // A timer rings up to a millisecond late, and that must not count: one set a millisecond early rings early instead.
    if (waitMs > 1) {
      await this.clock.sleep(Math.max(1, Math.floor(waitMs) - 1), this.load.closing).catch(() => undefined);
    }
    return this.#over ? undefined : arrival;
  }

  async #perform(session: LoadSession, arrival: Arrival): Promise<void> {
    const dueAtMs = this.#dueAtMs(arrival);
    try {
      await session.perform(operationAt(this.load.seed, arrival.n));
      this.#record(dueAtMs);
    } catch (error) {
      const { signal } = this.place;
      if (signal.aborted) {
        if (signal.reason instanceof LoadOver) this.#record(dueAtMs, unanswered);
        else this.load.brokenOff(this.place.target.tenantId);
        throw error;
      }
      if (!(error instanceof DomainError)) throw error;
      this.#record(dueAtMs, error.code);
      // Nothing more comes over a session that is lost.
      if (error.code === "UNREACHABLE") throw error;
    }
  }

  #dueAtMs({ dueMs }: Arrival): number {
    return Math.min(this.#startedAtMs + dueMs, this.clock.monotonicMs());
  }

  #record(dueAtMs: number, errorCode?: string): void {
    this.load.record(this.place.target.tenantId, this.clock.monotonicMs() - dueAtMs, errorCode);
  }
}
