import { randomUUID } from "node:crypto";
import type { RowDataPacket } from "mysql2";
import mysql from "mysql2/promise";
import type { Job, JobEvent, JobKind } from "../../src/jobs/job.ts";
import { JobFeed } from "../../src/jobs/job-feed.ts";
import { type JobContext, type JobHandler, JobStopped } from "../../src/jobs/job-handler.ts";
import { JobRescuer } from "../../src/jobs/job-rescuer.ts";
import { defaultRunnerOptions, JobRunner, type RunnerOptions } from "../../src/jobs/job-runner.ts";
import { JobService } from "../../src/jobs/job-service.ts";
import type { JobStore, NewJob } from "../../src/jobs/job-store.ts";
import type { Origin } from "../../src/kit/actor.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { type JobId, type TenantId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { DrizzleJobStore } from "../../src/registry/jobs/drizzle-job-store.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

export const actor = { id: "key-1", name: "tester", role: "ADMIN" } as const;
export const origin: Origin = { actor, requestId: "request-1" };
export const go = new AbortController().signal;

/** A promise and its ends. */
export function gate<T = void>(): { readonly opened: Promise<T>; readonly open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A handler that works until it is told to stop, as a good one does. */
export function untilStopped({ signal }: JobContext): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

export function stopReason(signal: AbortSignal): string | undefined {
  return signal.reason instanceof JobStopped ? signal.reason.reason : undefined;
}

export function handler(run: JobHandler["run"], more: Partial<JobHandler> = {}): JobHandler {
  return { kind: "CONNECTION_TEST", run, ...more };
}

/** Jobs over a real registry of their own. */
export class Workshop implements AsyncDisposable {
  readonly feed: JobFeed;

  private constructor(
    private readonly registry: FreshRegistry,
    readonly store: JobStore,
  ) {
    this.feed = new JobFeed(store, systemClock, silentLogger);
  }

  static async open(): Promise<Workshop> {
    const registry = await freshRegistry();
    return new Workshop(registry, new DrizzleJobStore(registry.db, systemClock, uuidv7Ids));
  }

  runner(handlers: readonly JobHandler[], more: Partial<RunnerOptions> = {}, store = this.store): JobRunner {
    const policy = { ...defaultRunnerOptions.policy, firstDelayMs: 0, maxDelayMs: 0, ...more.policy };
    const parts = { store, feed: this.feed, clock: systemClock, logger: silentLogger, random: () => 0 };
    return new JobRunner(handlers, parts, { ...defaultRunnerOptions, owner: randomUUID(), ...more, policy });
  }

  rescuer(owner: string, runner: Pick<JobRunner, "wake">): JobRescuer {
    return new JobRescuer(this.store, this.feed, runner, owner, { clock: systemClock, logger: silentLogger });
  }

  service(runner: Pick<JobRunner, "cancel" | "wake">): JobService {
    return new JobService(this.store, this.feed, runner, []);
  }

  enter(more: Partial<NewJob> & { readonly kind?: JobKind } = {}): Promise<Job> {
    const job = {
      id: uuidv7Ids.next<"Job">(),
      kind: "CONNECTION_TEST",
      input: {},
      requestedBy: actor,
      items: [],
    } as const;
    return this.store.enqueue({ ...job, ...more }, origin);
  }

  tenantId(): TenantId {
    return uuidv7Ids.next();
  }

  async job(id: JobId): Promise<Job> {
    const job = await this.store.find(id);
    if (!job) throw new Error("The job is gone.");
    return job;
  }

  events(id: JobId): Promise<readonly JobEvent[]> {
    return this.store.events(id, 0, 1_000);
  }

  /** What a test needs that no port offers: time passing for a lease, another process. */
  async sql(statement: string, values: readonly string[] = []): Promise<readonly RowDataPacket[]> {
    const connection = await mysql.createConnection(this.registry.url);
    try {
      const [rows] = await connection.query<RowDataPacket[]>(statement, [...values]);
      return Array.isArray(rows) ? rows : [];
    } finally {
      await connection.end();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.registry.close();
  }
}
