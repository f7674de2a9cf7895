import { setMaxListeners } from "node:events";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { isFinal, type Job, type JobEvent, type JobStatus, noProgress } from "../../src/jobs/job.ts";
import { defaultFeedOptions, JobFeed } from "../../src/jobs/job-feed.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { NotFound } from "../../src/kit/domain-error.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { ManualClock, settle } from "./manual-clock.ts";

/** The rows of one job, and how often they were asked for. */
class Rows {
  readonly id: JobId = uuidv7Ids.next();
  readonly events_: JobEvent[] = [];
  reads = 0;
  lookUps = 0;
  away = false;

  write(status: JobStatus = "RUNNING"): JobEvent {
    const sequence = this.events_.length + 1;
    const event = { jobId: this.id, sequence, at: new Date(0), status, progress: noProgress, message: `${sequence}` };
    this.events_.push(event);
    return event;
  }

  async findMany(ids: readonly JobId[]): Promise<readonly Job[]> {
    this.lookUps += 1;
    if (this.away) throw new QueueTimeout("The registry is away.");
    const last = this.events_.at(-1);
    if (!ids.includes(this.id) || !last) return [];
    return [
      {
        id: this.id,
        kind: "CONNECTION_TEST",
        status: last.status,
        input: {},
        requestedBy: { id: "key", name: "key", role: "ADMIN" },
        progress: noProgress,
        attempts: 1,
        lastSequence: last.sequence,
        createdAt: new Date(0),
      },
    ];
  }

  async events(id: JobId, after: number, limit: number): Promise<readonly JobEvent[]> {
    this.reads += 1;
    expect(limit).toBeLessThanOrEqual(100);
    if (this.away) throw new QueueTimeout("The registry is away.");
    if (id !== this.id) return [];
    return this.events_.filter(({ sequence }) => sequence > after).slice(0, limit);
  }
}

let rows: Rows;
let clock: ManualClock;
let feed: JobFeed;

beforeEach(() => {
  rows = new Rows();
  clock = new ManualClock();
  feed = new JobFeed(rows, clock, silentLogger);
});

const never = new AbortController().signal;
setMaxListeners(0, never);
const sequences = (events: readonly JobEvent[]) => events.map(({ sequence }) => sequence);
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

async function all(iterator: AsyncIterable<JobEvent>): Promise<number[]> {
  const seen: JobEvent[] = [];
  for await (const event of iterator) seen.push(event);
  return sequences(seen);
}

function publishNext(status: JobStatus = "RUNNING"): void {
  feed.publish(rows.write(status));
}

describe("the job feed", () => {
  it("replays a job that has ended, and ends after the final event", async () => {
    for (let n = 0; n < 249; n += 1) rows.write();
    rows.write("SUCCEEDED");
    expect(await all(feed.follow(rows.id, 0, never))).toEqual(upTo(250));
    expect(feed.followedJobs).toBe(0);
  });

  it("resumes after a sequence, and completes at once at or past the end of an ended job", async () => {
    for (let n = 0; n < 4; n += 1) rows.write();
    rows.write("FAILED");
    expect(await all(feed.follow(rows.id, 3, never))).toEqual([4, 5]);
    expect(await all(feed.follow(rows.id, 5, never))).toEqual([]);
    expect(await all(feed.follow(rows.id, 99, never))).toEqual([]);
  });

  it("says that an unknown job is not found", async () => {
    rows.write();
    await expect(all(feed.follow(uuidv7Ids.next(), 0, never))).rejects.toThrow(NotFound);
    expect(feed.followedJobs).toBe(0);
  });

  it("replays and then follows, without a hole or a repetition in between", async () => {
    for (let n = 0; n < 130; n += 1) rows.write();
    const seen = all(feed.follow(rows.id, 0, never));
    for (let n = 0; n < 60; n += 1) {
      publishNext();
      if (n % 7 === 0) await settle();
    }
    publishNext("SUCCEEDED");
    expect(await seen).toEqual(upTo(191));
  });

  it("serves a thousand followers at the live end without asking for a row", async () => {
    rows.write();
    const followers = Array.from({ length: 1_000 }, () => all(feed.follow(rows.id, 1, never)));
    await settle();
    const asked = rows.reads + rows.lookUps;
    expect(rows.lookUps).toBe(1);
    for (let n = 0; n < 50; n += 1) {
      publishNext();
      await settle();
    }
    expect(rows.reads + rows.lookUps).toBe(asked);
    publishNext("SUCCEEDED");
    for (const seen of await Promise.all(followers)) expect(seen).toEqual(upTo(52, 2));
  });

  it("lets a follower stall at no cost to the others, and misses nothing for it", async () => {
    rows.write();
    const stalled = feed.follow(rows.id, 0, never);
    expect((await stalled.next()).value?.sequence).toBe(1);
    const brisk = all(feed.follow(rows.id, 0, never));
    for (let n = 0; n < 1_000; n += 1) {
      publishNext();
      if (n % 50 === 0) await settle();
    }
    publishNext("SUCCEEDED");
    expect(await brisk).toEqual(upTo(1_002));
    expect(await all(stalled)).toEqual(upTo(1_002, 2));
  });

  it("delivers events that were published out of order in order", async () => {
    rows.write();
    const seen = all(feed.follow(rows.id, 0, never));
    await settle();
    const [second, third, fourth] = [rows.write(), rows.write(), rows.write("SUCCEEDED")];
    feed.publish(fourth);
    feed.publish(third);
    feed.publish(second);
    feed.publish(second);
    expect(await seen).toEqual([1, 2, 3, 4]);
  });

  it("delivers what was announced without being handed over", async () => {
    rows.write();
    const seen = all(feed.follow(rows.id, 0, never));
    await settle();
    rows.write();
    feed.announce(rows.id, rows.write("SUCCEEDED").sequence);
    expect(await seen).toEqual([1, 2, 3]);
  });

  it("finds events whose publication was missed within seconds", async () => {
    feed.start();
    rows.write();
    const seen = all(feed.follow(rows.id, 0, never));
    await settle();
    rows.write();
    rows.write("CANCELLED");
    await clock.advance(defaultFeedOptions.rereadMs);
    expect(await seen).toEqual([1, 2, 3]);
    await feed.stop();
  });

  it("asks once for all followers, whatever their number, when it looks for missed events", async () => {
    rows.write();
    const followers = Array.from({ length: 100 }, () => all(feed.follow(rows.id, 0, never)));
    await settle();
    const before = rows.reads;
    rows.write("SUCCEEDED");
    await feed.runOnce();
    expect(rows.reads - before).toBe(1);
    for (const seen of await Promise.all(followers)) expect(seen).toEqual([1, 2]);
  });

  it("is unsubscribed from while a next is pending, and forgets the follower at once", async () => {
    rows.write();
    const follower = feed.follow(rows.id, 1, never);
    const pending = follower.next();
    await settle();
    expect(await follower.return?.()).toEqual({ done: true, value: undefined });
    expect(await pending).toEqual({ done: true, value: undefined });
    expect(await follower.next()).toEqual({ done: true, value: undefined });
    expect(feed.followedJobs).toBe(0);
  });

  it("ends quietly when the signal aborts, before, while and after waiting", async () => {
    rows.write();
    expect(await all(feed.follow(rows.id, 0, AbortSignal.abort()))).toEqual([]);
    const leaving = new AbortController();
    const seen = all(feed.follow(rows.id, 0, leaving.signal));
    await settle();
    leaving.abort();
    expect(await seen).toEqual([1]);
    expect(feed.followedJobs).toBe(0);
  });

  it("keeps its followers while the registry is away for some seconds", async () => {
    for (let n = 0; n < 300; n += 1) rows.write();
    const follower = feed.follow(rows.id, 0, never);
    const first = await follower.next();
    expect(first.value?.sequence).toBe(1);
    rows.away = true;
    const seen = all(follower);
    await clock.advance(10_000);
    rows.away = false;
    publishNext("SUCCEEDED");
    await clock.advance(4_000);
    expect(await seen).toEqual(upTo(301, 2));
  });

  it("shows every follower a dense sequence, whenever it comes, goes, stalls and resumes", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("publish", "miss", "join", "turn", "drop", "reread"), { maxLength: 120 }),
        async (steps) => {
          rows = new Rows();
          feed = new JobFeed(rows, clock, silentLogger, { ...defaultFeedOptions, tailLength: 3, pageLength: 4 });
          rows.write();
          const followers: { seen: number[]; iterator: AsyncIterableIterator<JobEvent> }[] = [];
          for (const [at, step] of steps.entries()) {
            const someone = followers[at % Math.max(1, followers.length)];
            if (step === "publish") publishNext();
            if (step === "miss") rows.write();
            if (step === "reread") await feed.runOnce();
            if (step === "join") followers.push({ seen: [], iterator: feed.follow(rows.id, 0, never) });
            if (step === "turn" && someone && someone.seen.length < rows.events_.length - 6) {
              const { value } = await someone.iterator.next();
              if (value) someone.seen.push(value.sequence);
            }
            if (step === "drop" && someone) {
              await someone.iterator.return?.();
              someone.iterator = feed.follow(rows.id, someone.seen.length, never);
            }
          }
          publishNext("SUCCEEDED");
          await feed.runOnce();
          for (const { seen, iterator } of followers) {
            expect([...seen, ...(await all(iterator))]).toEqual(upTo(rows.events_.length));
          }
          expect(feed.followedJobs).toBe(0);
          expect(isFinal(rows.events_.at(-1)?.status ?? "RUNNING")).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});
