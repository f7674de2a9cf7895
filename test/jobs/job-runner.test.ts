import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobEvent } from "../../src/jobs/job.ts";
import type { JobContext, ProgressUpdate } from "../../src/jobs/job-handler.ts";
import { type JobStore, LeaseLost } from "../../src/jobs/job-store.ts";
import { defaultRetryPolicy } from "../../src/jobs/retry-policy.ts";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { InvalidInput, NotFound } from "../../src/kit/domain-error.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { gate, go, handler, origin, stopReason, untilStopped, Workshop } from "./workshop.ts";

let shop: Workshop;

beforeEach(async () => {
  shop = await Workshop.open();
});

afterEach(async () => {
  await shop[Symbol.asyncDispose]();
});

const statuses = (events: readonly JobEvent[]) => events.map(({ status }) => status);
const isDense = (events: readonly JobEvent[]) => events.every(({ sequence }, index) => sequence === index + 1);
const step = (done: number, total = 4): ProgressUpdate => {
  return { phase: "working", total, done, failed: 0, skipped: 0, message: `${done} of ${total}` };
};
const succeeded = { status: "SUCCEEDED", message: "All done." } as const;

describe("the job runner", () => {
  it("runs what is due to its end, with a dense row of events", async () => {
    const job = await shop.enter();
    const runner = shop.runner([
      handler(async (context) => {
        context.report(step(2));
        await context.flush();
        context.report(step(4));
        return succeeded;
      }),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(await shop.job(job.id)).toMatchObject({
      status: "SUCCEEDED",
      attempts: 1,
      progress: { total: 4, done: 4, percent: 100 },
    });
    const events = await shop.events(job.id);
    expect(isDense(events)).toBe(true);
    expect(statuses(events)).toEqual(["QUEUED", "RUNNING", "RUNNING", "SUCCEEDED"]);
    expect(events.at(-1)?.message).toBe("All done.");
    expect(events.filter(({ progress }) => progress.percent === 100)).toHaveLength(1);
  });

  it("shows a follower every event, live", async () => {
    const job = await shop.enter();
    const seen: JobEvent[] = [];
    const following = (async () => {
      for await (const event of shop.feed.follow(job.id, 0, go)) seen.push(event);
    })();
    const runner = shop.runner([
      handler(async (context) => {
        for (let done = 1; done <= 4; done += 1) {
          context.report(step(done));
          await context.flush();
        }
        return succeeded;
      }),
    ]);
    await runner.runOnce(go);
    await following;
    expect(seen.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(seen).toEqual(await shop.events(job.id));
  });

  it("retries trouble that may pass, and says so", async () => {
    const job = await shop.enter();
    const runner = shop.runner([
      handler(async ({ job: { attempts } }) => {
        if (attempts < 3) throw new QueueTimeout("Waited for a place.");
        return succeeded;
      }),
    ]);
    for (let turn = 0; turn < 3; turn += 1) {
      await runner.runOnce(go);
      await runner.whenIdle();
    }
    expect(await shop.job(job.id)).toMatchObject({ status: "SUCCEEDED", attempts: 3 });
    const events = await shop.events(job.id);
    expect(isDense(events)).toBe(true);
    expect(events.filter(({ status }) => status === "QUEUED").map(({ message }) => message)).toEqual([
      "Queued.",
      "Will be tried again in 1 s. Waited for a place.",
      "Will be tried again in 1 s. Waited for a place.",
    ]);
  });

  it("gives the place of a cancelled job to the next one, however long its cleaning up waits", async () => {
    const cleaned = gate();
    const cleaning = gate();
    const next = gate();
    const first = await shop.enter({ tenantId: shop.tenantId() });
    const work = async (context: JobContext) => {
      if (context.job.id === first.id) return untilStopped(context);
      next.open();
      return succeeded;
    };
    const runner = shop.runner(
      [
        handler(work, {
          abandon: () => {
            cleaning.open();
            return cleaned.opened;
          },
        }),
      ],
      { places: { ONE_TENANT: 1, NEW_TENANTS: 1, MANY_TENANTS: 1 } },
    );
    await runner.runOnce(go);
    await shop.service(runner).cancel(first.id, origin);
    await cleaning.opened;
    const second = await shop.enter({ tenantId: shop.tenantId() });
    await runner.runOnce(go);
    await next.opened;
    cleaned.open();
    await runner.whenIdle();
    expect(await shop.job(second.id)).toMatchObject({ status: "SUCCEEDED" });
    expect(await shop.job(first.id)).toMatchObject({ status: "CANCELLED" });
  });

  it("does not claim a job again before its pause is over", async () => {
    const job = await shop.enter();
    const runner = shop.runner(
      [
        handler(async () => {
          throw new QueueTimeout("Waited for a place.");
        }),
      ],
      { policy: { maxAttempts: 5, maxLosses: 20, firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 } },
    );
    await runner.runOnce(go);
    await runner.whenIdle();
    await runner.runOnce(go);
    expect(runner.running).toBe(0);
    expect(await shop.job(job.id)).toMatchObject({ status: "QUEUED", attempts: 1 });
  });

  it("counts in its last event what was settled while it was abandoned", async () => {
    const tenants = [uuidv7Ids.next<"Tenant">(), uuidv7Ids.next<"Tenant">()];
    const job = await shop.enter({ items: tenants });
    const runner = shop.runner([
      handler(
        async () => {
          throw new InvalidInput("Nothing can be done.");
        },
        {
          abandon: async ({ lease }, error) => {
            const settled = tenants.map((tenantId) => ({ tenantId, status: "FAILED" as const, durationMs: 0, error }));
            await shop.store.settleItems(lease, settled);
          },
        },
      ),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    const last = (await shop.events(job.id)).at(-1);
    expect(last).toMatchObject({ status: "FAILED", progress: { total: 2, done: 0, failed: 2, skipped: 0 } });
  });

  it("fails with the trouble's code when the attempts are used up, after the handler left the world in order", async () => {
    const job = await shop.enter();
    const abandoned: { code: string; status: string }[] = [];
    const runner = shop.runner([
      handler(
        async () => {
          throw new QueueTimeout("Waited for a place.");
        },
        {
          maxAttempts: 2,
          abandon: async (context, { code }) => {
            await shop.store.extend(context.lease, 15_000);
            abandoned.push({ code, status: (await shop.job(job.id)).status });
          },
        },
      ),
    ]);
    for (let turn = 0; turn < 2; turn += 1) {
      await runner.runOnce(go);
      await runner.whenIdle();
    }
    expect(abandoned).toEqual([{ code: "QUEUE_TIMEOUT", status: "RUNNING" }]);
    expect(await shop.job(job.id)).toMatchObject({
      status: "FAILED",
      error: { code: "QUEUE_TIMEOUT", message: "Waited for a place.", retryable: true },
    });
  });

  it("fails at once after a refusal, and hides what a bug said", async () => {
    const [refused, broken] = [await shop.enter(), await shop.enter({ kind: "VALIDATE_TENANTS" })];
    const runner = shop.runner([
      handler(async () => {
        throw new NotFound("There is no such thing.");
      }),
      handler(
        async () => {
          throw new TypeError("password=hunter2");
        },
        { kind: "VALIDATE_TENANTS" },
      ),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect((await shop.job(refused.id)).error).toMatchObject({ code: "NOT_FOUND", retryable: false });
    expect((await shop.job(broken.id)).error).toMatchObject({ code: "INTERNAL" });
    expect(JSON.stringify(await shop.events(broken.id))).not.toContain("hunter2");
  });

  it("ends a job that takes the process down each time it is started", async () => {
    const job = await shop.enter();
    const policy = { ...defaultRetryPolicy, maxLosses: 3 };
    let runs = 0;
    for (let start = 0; start < 4; start += 1) {
      const owner = `process ${start}`;
      const runner = shop.runner(
        [
          handler(async (context) => {
            runs += 1;
            context.report(step(1));
            await context.flush();
            return new Promise(() => undefined);
          }),
        ],
        { owner, policy },
      );
      await shop.rescuer(owner, runner).runOnce();
      await runner.runOnce(go);
      if (start < 3) await untilPercent(job.id, 25);
      else await runner.whenIdle();
    }
    expect(runs).toBe(3);
    expect(await shop.job(job.id)).toMatchObject({ status: "FAILED", error: { code: "TOO_MANY_STARTS" } });
  });

  it("neither counts starts of the service as trouble, nor trouble from which the job got on", async () => {
    const job = await shop.enter();
    // Long, so that no start follows by itself: a turn of the runner takes whatever is due while it lasts.
    const delay = { firstDelayMs: 60_000, maxDelayMs: 60_000 };
    const policy = { ...defaultRetryPolicy, ...delay, maxAttempts: 3, maxLosses: 2 };
    const isDue = () => shop.sql("UPDATE jobs SET available_at = UTC_TIMESTAMP(3) WHERE id = ?", [job.id]);
    for (let done = 1; done <= 3; done += 1) {
      const owner = `process ${done}`;
      const runner = shop.runner(
        [
          handler(async (context) => {
            if (context.job.attempts === 3 * done - 2) return new Promise(() => undefined);
            if (context.job.attempts === 3 * done - 1) throw new QueueTimeout("Waited for a place.");
            context.report(step(done));
            await context.flush();
            throw new QueueTimeout("Waited for a place.");
          }),
        ],
        { owner, policy },
      );
      await isDue();
      await runner.runOnce(go);
      await shop.rescuer(`${owner} again`, runner).runOnce();
      for (let turn = 0; turn < 2; turn += 1) {
        await isDue();
        await runner.runOnce(go);
        await runner.whenIdle();
      }
    }
    expect(await shop.job(job.id)).toMatchObject({ status: "QUEUED", attempts: 9, progress: { percent: 75 } });
  });

  it("lets the handler write the end together with what belongs to it", async () => {
    const job = await shop.enter();
    const runner = shop.runner([
      handler(async () => succeeded, {
        conclude: ({ lease }, end) => shop.store.finish(lease, { ...end, message: `Concluded ${end.status}.` }),
      }),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect((await shop.events(job.id)).at(-1)).toMatchObject({ status: "SUCCEEDED", message: "Concluded SUCCEEDED." });
  });

  it("ends a job whose conclusion is broken instead of running it for ever", async () => {
    const job = await shop.enter();
    const runner = shop.runner([
      handler(async () => succeeded, {
        conclude: async () => {
          throw new TypeError("a bug");
        },
      }),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(await shop.job(job.id)).toMatchObject({ status: "FAILED", error: { code: "INTERNAL" } });
  });

  it("writes the end when the registry comes back", async () => {
    const job = await shop.enter();
    let outages = 2;
    const store = overriding(shop.store, {
      finish: (lease, end) => {
        outages -= 1;
        return outages >= 0 ? Promise.reject(new QueueTimeout("away")) : shop.store.finish(lease, end);
      },
    });
    const runner = shop.runner([handler(async () => succeeded)], {}, store);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(await shop.job(job.id)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
  });

  it("runs work on one tenant beside fleet work, each lane with places of its own", async () => {
    const stopAll = gate();
    const begun: string[] = [];
    const work = async ({ job }: JobContext) => {
      begun.push(job.id);
      await stopAll.opened;
      return succeeded;
    };
    const runner = shop.runner([handler(work), handler(work, { kind: "SUSPEND_TENANT" })], {
      places: { ONE_TENANT: 2, NEW_TENANTS: 1, MANY_TENANTS: 1 },
    });
    const fleet = [await shop.enter(), await shop.enter()];
    const single = [];
    for (let n = 0; n < 3; n += 1) single.push(await enterSuspension());
    await runner.runOnce(go);
    expect(begun.toSorted()).toEqual([fleet[0]?.id, single[0]?.id, single[1]?.id].toSorted());
    stopAll.open();
    await runner.whenIdle();
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(begun).toHaveLength(5);
  });

  it("takes work on many in its turn while a queue of short work on one tenant lasts", async () => {
    const stopAll = gate();
    const begun: string[] = [];
    const long = async () => {
      await stopAll.opened;
      return succeeded;
    };
    const short = async ({ job }: JobContext) => {
      begun.push(job.kind);
      return succeeded;
    };
    const runner = shop.runner([
      handler(long, { kind: "FILL_WARM_POOL" }),
      handler(short, { kind: "VALIDATE_TENANTS" }),
      handler(short, { kind: "SUSPEND_TENANT" }),
    ]);
    for (let n = 0; n < 3; n += 1) await shop.enter({ kind: "FILL_WARM_POOL" });
    await runner.runOnce(go);
    await enterSuspension();
    await shop.enter({ kind: "VALIDATE_TENANTS" });
    for (let n = 0; n < 3; n += 1) await enterSuspension();
    await runner.runOnce(go);
    expect(begun.indexOf("VALIDATE_TENANTS")).toBe(1);
    stopAll.open();
    await runner.whenIdle();
  });

  it("lets neither many of one kind nor all other fleet work keep somebody from new tenants, or a kind from its turn", async () => {
    const stopAll = gate();
    const begun: string[] = [];
    const work = async ({ job }: JobContext) => {
      begun.push(job.kind);
      await stopAll.opened;
      return succeeded;
    };
    const kinds = ["FILL_WARM_POOL", "VALIDATE_TENANTS", "CONNECTION_TEST", "PROVISION_TENANTS"] as const;
    const runner = shop.runner(kinds.map((kind) => handler(work, { kind })));
    for (let n = 0; n < 5; n += 1) await shop.enter({ kind: "FILL_WARM_POOL" });
    for (const kind of kinds.slice(1)) await shop.enter({ kind });
    await runner.runOnce(go);
    const fills = Array.from({ length: 3 }, () => "FILL_WARM_POOL");
    expect(begun.toSorted()).toEqual([...fills, "PROVISION_TENANTS", "VALIDATE_TENANTS"]);
    stopAll.open();
    await runner.whenIdle();
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(begun).toHaveLength(8);
  });
});

describe("a wish to cancel", () => {
  it("reaches a running job at once", async () => {
    const job = await shop.enter();
    const started = gate();
    const abandoned: boolean[] = [];
    const runner = shop.runner([
      handler(
        async (context) => {
          context.report(step(1));
          await context.flush();
          started.open();
          return untilStopped(context);
        },
        { abandon: async ({ signal }) => void abandoned.push(signal.aborted) },
      ),
    ]);
    await runner.runOnce(go);
    await started.opened;
    const asked = performance.now();
    expect(await shop.service(runner).cancel(job.id, origin)).toMatchObject({ status: "CANCELLING" });
    await runner.whenIdle();
    expect(performance.now() - asked).toBeLessThan(2_000);
    expect(abandoned).toEqual([false]);
    expect(await shop.job(job.id)).toMatchObject({ status: "CANCELLED", progress: { done: 1, percent: 25 } });
    const events = await shop.events(job.id);
    expect(isDense(events)).toBe(true);
    expect(statuses(events)).toEqual(["QUEUED", "RUNNING", "RUNNING", "CANCELLING", "CANCELLED"]);
  });

  it("says what keeps the job from cleaning up, once", async () => {
    const job = await shop.enter();
    let tries = 0;
    const abandon = async () => {
      tries += 1;
      if (tries < 4) throw new QueueTimeout(tries < 3 ? "The server refuses its admin." : "The server is full.");
    };
    await shop.store.requestCancel(job.id, origin);
    const runner = shop.runner([handler(untilStopped, { abandon })]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect((await shop.events(job.id)).map(({ status, message }) => `${status}: ${message}`)).toEqual([
      "QUEUED: Queued.",
      "CANCELLING: Asked to cancel.",
      "CANCELLING: Cleaning up.",
      "CANCELLING: Waits to clean up. The server refuses its admin.",
      "CANCELLING: Waits to clean up. The server is full.",
      "CANCELLED: Cancelled.",
    ]);
  });

  it("is heard with the heartbeat when it was entered elsewhere", async () => {
    const job = await shop.enter();
    const started = gate();
    const runner = shop.runner([
      handler((context) => {
        started.open();
        return untilStopped(context);
      }),
    ]);
    await runner.runOnce(go);
    await started.opened;
    await shop.store.requestCancel(job.id, origin);
    await runner.beatOnce();
    await runner.whenIdle();
    expect(await shop.job(job.id)).toMatchObject({ status: "CANCELLED" });
  });

  it("ends a job that has not begun without beginning it, also when every place is taken", async () => {
    const job = await shop.enter();
    let runs = 0;
    const runner = shop.runner(
      [
        handler(async () => {
          runs += 1;
          return succeeded;
        }),
      ],
      { places: { ONE_TENANT: 0, NEW_TENANTS: 0, MANY_TENANTS: 0 } },
    );
    await shop.service(runner).cancel(job.id, origin);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(runs).toBe(0);
    expect(await shop.job(job.id)).toMatchObject({ status: "CANCELLED" });
  });

  it("does nothing to a job that has ended, and nothing more when repeated", async () => {
    const job = await shop.enter();
    const runner = shop.runner([handler(async () => succeeded)]);
    await runner.runOnce(go);
    await runner.whenIdle();
    const service = shop.service(runner);
    expect(await service.cancel(job.id, origin)).toMatchObject({ status: "SUCCEEDED" });
    expect(await shop.events(job.id)).toHaveLength(3);
    await expect(service.cancel(uuidv7Ids.next(), origin)).rejects.toThrow(NotFound);
  });

  it("meets the end in one final event, whoever is first", async () => {
    for (let round = 0; round < 5; round += 1) {
      const job = await shop.enter();
      const started = gate();
      const finish = gate();
      const runner = shop.runner([
        handler(async () => {
          started.open();
          await finish.opened;
          return succeeded;
        }),
      ]);
      await runner.runOnce(go);
      await started.opened;
      finish.open();
      await shop.service(runner).cancel(job.id, origin);
      await runner.whenIdle();
      const events = await shop.events(job.id);
      expect(isDense(events)).toBe(true);
      expect(statuses(events).filter((status) => status === "SUCCEEDED" || status === "CANCELLED")).toHaveLength(1);
      expect(["SUCCEEDED", "CANCELLED"]).toContain((await shop.job(job.id)).status);
    }
  });
});

describe("a lost lease", () => {
  it("stops the work at once and writes nothing more, even when the handler does not listen", async () => {
    const job = await shop.enter();
    const started = gate<JobContext>();
    const deaf = gate();
    const runner = shop.runner([
      handler(async (context) => {
        started.open(context);
        await deaf.opened;
        return succeeded;
      }),
    ]);
    await runner.runOnce(go);
    const context = await started.opened;
    await takeLease(job.id);
    await runner.beatOnce();
    await runner.whenIdle();
    expect(stopReason(context.signal)).toBe("LEASE_LOST");
    context.report(step(3));
    deaf.open();
    await context.flush().catch(() => undefined);
    expect(await shop.events(job.id)).toHaveLength(2);
    expect(await shop.job(job.id)).toMatchObject({ status: "RUNNING" });
  });

  it("is noticed by a progress event too", async () => {
    const job = await shop.enter();
    const runner = shop.runner([
      handler(async (context) => {
        await takeLease(job.id);
        context.report(step(1));
        await context.flush();
        return succeeded;
      }),
    ]);
    await runner.runOnce(go);
    await runner.whenIdle();
    expect(await shop.events(job.id)).toHaveLength(2);
  });

  it("is presumed when the registry has not answered for as long as the lease lasts", async () => {
    const job = await shop.enter();
    const started = gate<JobContext>();
    const store = overriding(shop.store, { extend: () => Promise.reject(new QueueTimeout("away")) });
    const runner = shop.runner(
      [
        handler((context) => {
          started.open(context);
          return untilStopped(context);
        }),
      ],
      { leaseMs: 1 },
      store,
    );
    await runner.runOnce(go);
    const context = await started.opened;
    await runner.beatOnce();
    await runner.whenIdle();
    expect(stopReason(context.signal)).toBe("LEASE_LOST");
    expect(await shop.job(job.id)).toMatchObject({ status: "RUNNING" });
  });
});

describe("a stop of the service", () => {
  it("hands the lease back, and the next process goes on at once", async () => {
    const job = await shop.enter();
    const started = gate();
    const first = shop.runner([
      handler((context) => {
        started.open();
        return untilStopped(context);
      }),
    ]);
    first.start();
    await started.opened;
    await first.stop();
    expect(await shop.job(job.id)).toMatchObject({ status: "QUEUED" });
    const second = shop.runner([handler(async () => succeeded)]);
    await second.runOnce(go);
    await second.whenIdle();
    expect(await shop.job(job.id)).toMatchObject({ status: "SUCCEEDED", attempts: 1 });
    expect(isDense(await shop.events(job.id))).toBe(true);
  });

  it("does not wait for a handler that does not listen", async () => {
    const job = await shop.enter();
    const started = gate();
    const runner = shop.runner(
      [
        handler(() => {
          started.open();
          return new Promise(() => undefined);
        }),
      ],
      { stopGraceMs: 50 },
    );
    runner.start();
    await started.opened;
    await runner.stop();
    expect(await shop.job(job.id)).toMatchObject({ status: "QUEUED" });
  });
});

describe("after a crash", () => {
  it("the next process takes up the work, and the old one can write nothing any more", async () => {
    const job = await shop.enter();
    const started = gate<JobContext>();
    const dead = shop.runner(
      [
        handler(async (context) => {
          context.report(step(2));
          await context.flush();
          started.open(context);
          return untilStopped(context);
        }),
      ],
      { owner: "dead" },
    );
    await dead.runOnce(go);
    const old = await started.opened;

    const alive = shop.runner(
      [
        handler(async (context) => {
          context.report(step(1));
          await context.flush();
          return succeeded;
        }),
      ],
      { owner: "alive" },
    );
    await shop.rescuer("alive", alive).runOnce();
    expect(await shop.job(job.id)).toMatchObject({ status: "QUEUED" });
    await alive.runOnce(go);
    await alive.whenIdle();
    const events = await shop.events(job.id);
    expect(isDense(events)).toBe(true);
    const percents = events.map(({ progress }) => progress.percent);
    expect(percents).toEqual(percents.toSorted((a, b) => a - b));
    expect(await shop.job(job.id)).toMatchObject({ status: "SUCCEEDED", attempts: 2 });

    await expect(shop.store.finish(old.lease, { ...last(events), status: "FAILED" })).rejects.toThrow(LeaseLost);
    await dead.beatOnce();
    await dead.whenIdle();
    expect(await shop.events(job.id)).toHaveLength(events.length);
  });

  it("leaves the work of this process alone while its lease is alive", async () => {
    const job = await shop.enter();
    const started = gate();
    const runner = shop.runner(
      [
        handler((context) => {
          started.open();
          return untilStopped(context);
        }),
      ],
      { owner: "alive" },
    );
    await runner.runOnce(go);
    await started.opened;
    await shop.rescuer("alive", runner).runOnce();
    expect(await shop.job(job.id)).toMatchObject({ status: "RUNNING" });
    await runner.stop();
  });

  it("a follower sees that the work was returned and taken up", async () => {
    const job = await shop.enter();
    const started = gate();
    const dead = shop.runner(
      [
        handler((context) => {
          started.open();
          return untilStopped(context);
        }),
      ],
      { owner: "dead" },
    );
    await dead.runOnce(go);
    await started.opened;
    const seen: string[] = [];
    const following = (async () => {
      for await (const event of shop.feed.follow(job.id, 0, go)) seen.push(event.status);
    })();
    const alive = shop.runner([handler(async () => succeeded)], { owner: "alive" });
    await shop.rescuer("alive", alive).runOnce();
    await alive.runOnce(go);
    await following;
    expect(seen).toEqual(["QUEUED", "RUNNING", "QUEUED", "RUNNING", "SUCCEEDED"]);
    await dead.beatOnce();
    await dead.whenIdle();
  });
});

async function enterSuspension() {
  const tenantId = shop.tenantId();
  await shop.sql(
    `INSERT INTO tenants (id, slug, name, status, server_id, database_name, password, seed, generation, created_at, updated_at)
     VALUES (?, ?, 'A tenant', 'ACTIVE', ?, ?, 'sealed', 0, 1, NOW(3), NOW(3))`,
    [tenantId, tenantId, tenantId, `tnt${tenantId.replaceAll("-", "").slice(8)}`],
  );
  return shop.enter({ kind: "SUSPEND_TENANT", tenantId, items: [tenantId] });
}

/** As another process does that finds the lease expired. */
async function takeLease(jobId: string): Promise<void> {
  await shop.sql("UPDATE jobs SET lease_owner = 'another', fence = fence + 1 WHERE id = ?", [jobId]);
}

function overriding(store: JobStore, methods: Partial<JobStore>): JobStore {
  return new Proxy(store, {
    get: (target, name) => {
      const own: unknown = Reflect.get(methods, name);
      if (own !== undefined) return own;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function last(events: readonly JobEvent[]): JobEvent {
  const event = events.at(-1);
  if (!event) throw new Error("There is no event.");
  return event;
}

async function untilPercent(jobId: JobId, percent: number): Promise<void> {
  while ((await shop.job(jobId)).progress.percent < percent) await setImmediate();
}
