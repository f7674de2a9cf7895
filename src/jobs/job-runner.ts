import type { JobId } from "../kit/ids.ts";
import { Loop } from "../kit/loop.ts";
import type { JobKind } from "./job.ts";
import type { JobHandler } from "./job-handler.ts";
import { JobRun, type RunParts } from "./job-run.ts";
import type { ClaimedJob } from "./job-store.ts";
import { type Lane, laneOf, roomIn } from "./lanes.ts";
import { defaultRetryPolicy, type RetryPolicy } from "./retry-policy.ts";

/** Times in milliseconds. */
export interface RunnerOptions {
  /** This process; it must be new with each start, so that what a predecessor held is known to be lost. */
  readonly owner: string;
  readonly leaseMs: number;
  /** Pause between two looks for work; a wake cuts it short. */
  readonly pollMs: number;
  /** How many jobs run at a time, per lane. */
  readonly places: Readonly<Record<Lane, number>>;
  /** How long a stop waits for handlers before it hands their leases back without them. */
  readonly stopGraceMs: number;
  readonly policy: RetryPolicy;
}

export const defaultRunnerOptions: Omit<RunnerOptions, "owner"> = {
  leaseMs: 15_000,
  pollMs: 500,
  places: { ONE_TENANT: 16, NEW_TENANTS: 4, MANY_TENANTS: 4 },
  stopGraceMs: 4_000,
  policy: defaultRetryPolicy,
};

/** What the runner works with. */
export type RunnerParts = Pick<RunParts, "store" | "feed" | "clock" | "logger" | "random">;

interface Place {
  readonly run: JobRun;
  readonly done: Promise<void>;
}

/** Claims jobs that are due and runs their handlers, a bounded number per lane, each under a lease that a heartbeat keeps alive. */
export class JobRunner {
  readonly #handlers: ReadonlyMap<JobKind, JobHandler>;
  readonly #parts: RunParts;
  readonly #running = new Map<JobId, Place>();
  /** Jobs that somebody wished to cancel while a claim was under way, which may bring just these. */
  readonly #wishes = new Set<JobId>();
  readonly #claims: Loop;
  readonly #heartbeat: Loop;

  constructor(
    handlers: readonly JobHandler[],
    parts: RunnerParts,
    private readonly options: RunnerOptions,
  ) {
    this.#handlers = new Map(handlers.map((handler) => [handler.kind, handler]));
    this.#parts = { ...parts, policy: options.policy, leaseMs: options.leaseMs };
    const { clock, logger } = parts;
    this.#claims = new Loop(
      "job claims",
      (signal) => this.runOnce(signal),
      () => options.pollMs,
      clock,
      logger,
    );
    const beatMs = options.leaseMs / 3;
    this.#heartbeat = new Loop(
      "job heartbeat",
      () => this.beatOnce(),
      () => beatMs,
      clock,
      logger,
    );
  }

  start(): void {
    this.#claims.start();
    this.#heartbeat.start();
  }

  /** Claims no more, stops what runs, and hands its leases back within seconds. */
  async stop(): Promise<void> {
    await this.#claims.stop();
    for (const { run } of this.#running.values()) run.stop("SHUTTING_DOWN");
    const patience = new AbortController();
    const enough = this.#parts.clock.sleep(this.options.stopGraceMs, patience.signal).catch(() => undefined);
    await Promise.race([this.whenIdle(), enough]);
    patience.abort();
    for (const { run } of this.#running.values()) run.giveUp();
    await this.whenIdle();
    await this.#heartbeat.stop();
  }

  /** A job was entered or may be due: looks for it now. */
  wake(): void {
    this.#claims.wake();
  }

  /** A job became CANCELLING: stops it at once when it runs here, else sees to it that it ends soon. */
  cancel(jobId: JobId): void {
    const place = this.#running.get(jobId);
    if (place) place.run.stop("CANCELLED");
    else this.#wishes.add(jobId);
    this.wake();
  }

  /** Jobs under way now. */
  get running(): number {
    return this.#running.size;
  }

  /** Waits until the jobs that are under way now have ended or gone back. */
  async whenIdle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  /** Claims what is due, as far as there is room, and starts it. */
  async runOnce(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && (await this.#claimOne()));
    this.#wishes.clear();
  }

  /** Extends the leases of what runs, and hears of wishes to cancel. */
  async beatOnce(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ run }) => run.beat()));
  }

  /** What holds a place, by lane. Those who wait for a silent server to clean up must not keep the others from theirs. */
  #held(): Readonly<Record<Lane, readonly JobKind[]>> {
    const held: Record<Lane, JobKind[]> = { ONE_TENANT: [], NEW_TENANTS: [], MANY_TENANTS: [] };
    for (const { run } of this.#running.values()) {
      const { job } = run.claimed;
      if (job.status !== "CANCELLING" && !run.isCancelled) held[laneOf(job)].push(job.kind);
    }
    return held;
  }

  /** @returns whether there was a job */
  async #claimOne(): Promise<boolean> {
    const { owner, leaseMs, places } = this.options;
    const { ofOne, ofMany } = roomIn([...this.#handlers.keys()], this.#held(), places);
    const askedAtMs = this.#parts.clock.monotonicMs();
    // Also where there is no room: what is being cancelled needs none.
    const claimed = await this.#parts.store.claim(owner, leaseMs, ofOne, ofMany);
    if (claimed) this.#begin(claimed, askedAtMs);
    return claimed !== undefined;
  }

  #begin(claimed: ClaimedJob, askedAtMs: number): void {
    const { job } = claimed;
    const run = new JobRun(claimed, this.#handlers.get(job.kind), this.#parts, askedAtMs);
    const place: Place = {
      run,
      done: run.run().finally(() => {
        // The same job may have been claimed anew after its lease was lost.
        if (this.#running.get(job.id)?.run === run) this.#running.delete(job.id);
        this.wake();
      }),
    };
    this.#running.set(job.id, place);
    if (this.#wishes.delete(job.id)) run.stop("CANCELLED");
  }
}
