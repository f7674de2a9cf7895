import { createInterface } from "node:readline";
import type { Job, JobEvent, Progress } from "../../src/jobs/job.ts";
import { JobFeed } from "../../src/jobs/job-feed.ts";
import { systemClock } from "../../src/kit/clock.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";

/**
 * A job in memory, whose events are told on demand: what is left of following it is the server around it. Standard input: "job" begins
 * another, whose first event is there at once, and says "job <id>"; "tell <events> <per second>" tells of as many more, the
 * last one final.
 */
export class ToldJob {
  #id: JobId = uuidv7Ids.next();
  #events: JobEvent[] = [];
  readonly feed: JobFeed;

  constructor() {
    this.feed = new JobFeed(
      {
        findMany: async (ids) => (ids.includes(this.#id) ? [this.#job()] : []),
        events: async (id, after, limit) => (id === this.#id ? this.#events.slice(after, after + limit) : []),
      },
      systemClock,
      silentLogger,
    );
  }

  /** Does what standard input says, until its end. */
  async listen(): Promise<void> {
    for await (const line of createInterface({ input: process.stdin })) {
      const [word, events, perSecond] = line.split(" ");
      if (word === "job") this.#begin();
      if (word === "tell") await this.#tell(Number(events), Number(perSecond));
    }
  }

  #begin(): void {
    this.#id = uuidv7Ids.next();
    this.#events = [];
    this.#add(0, 1, false);
    process.stdout.write(`job job_${this.#id}\n`);
  }

  async #tell(events: number, perSecond: number): Promise<void> {
    const startedAt = performance.now();
    for (let n = 1; n <= events; n += 1) {
      const waitMs = startedAt + (n * 1_000) / perSecond - performance.now();
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      this.#add(n, events, n === events);
    }
  }

  #add(done: number, total: number, isLast: boolean): void {
    const percent = isLast ? 100 : Math.floor((100 * done) / total);
    const progress: Progress = { phase: "provisioning", total, done, failed: 0, skipped: 0, percent };
    const event: JobEvent = {
      jobId: this.#id,
      sequence: this.#events.length + 1,
      at: new Date(),
      status: isLast ? "SUCCEEDED" : "RUNNING",
      progress,
      message: `${done} of ${total} tenants are ready.`,
    };
    this.#events.push(event);
    this.feed.publish(event);
  }

  #job(): Job {
    const newest = this.#events.at(-1);
    return {
      id: this.#id,
      kind: "PROVISION_TENANTS",
      status: newest?.status ?? "QUEUED",
      input: {},
      requestedBy: { id: "bench", name: "bench", role: "ADMIN" },
      progress: newest?.progress ?? { phase: "queued", total: 0, done: 0, failed: 0, skipped: 0, percent: 0 },
      attempts: 1,
      lastSequence: this.#events.length,
      createdAt: new Date(),
    };
  }
}
