import { afterAll, beforeAll, expect, it } from "vitest";
import type { Job } from "../../src/jobs/job.ts";
import type { Origin } from "../../src/kit/actor.ts";
import { DomainError, InvalidInput } from "../../src/kit/domain-error.ts";
import { type JobId, uuidv7Ids } from "../../src/kit/ids.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { DrizzleScheduleStore } from "../../src/registry/schedules/drizzle-schedule-store.ts";
import { auditEntries } from "../../src/registry/tables/audit-entries.ts";
import { schedules } from "../../src/registry/tables/schedules.ts";
import type { Schedule } from "../../src/schedules/schedule.ts";
import { ScheduleRunner } from "../../src/schedules/schedule-runner.ts";
import { ScheduleService, type UpsertSchedule } from "../../src/schedules/schedule-service.ts";
import type { ScheduledRun, ScheduleKind } from "../../src/schedules/scheduled-run.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { aJob, anId, anOrigin } from "../support/builders.ts";
import { type FreshRegistry, freshRegistry } from "../support/registry.ts";

let registry: FreshRegistry;
beforeAll(async () => {
  registry = await freshRegistry();
});
afterAll(() => registry.close());

const minute = 60_000;
const hourly = { cron: "0 * * * *" };

class RegistryGone extends DomainError {
  readonly code = "REGISTRY_UNAVAILABLE";
  override readonly retryable = true;
}

/** Empty tables, a clock that stands at midnight, and starts that only note what was started. */
async function world() {
  await registry.db.orm.delete(schedules);
  await registry.db.orm.delete(auditEntries);
  const clock = new ManualClock();
  const store = new DrizzleScheduleStore(registry.db, clock, uuidv7Ids);
  const started: {
    readonly kind: ScheduleKind;
    readonly options: object;
    readonly origin: Origin;
    readonly jobId: JobId;
  }[] = [];
  const jobs = new Map<JobId, Job>();
  const state = {
    start: async (kind: ScheduleKind, options: object, origin: Origin) => {
      const job = aJob({ status: "SUCCEEDED" });
      jobs.set(job.id, job);
      started.push({ kind, options, origin, jobId: job.id });
      return job.id;
    },
  };
  const start = (kind: ScheduleKind) => (options: object, origin: Origin) => state.start(kind, options, origin);
  const process = () =>
    new ScheduleRunner({
      store,
      jobs: { find: async (id) => jobs.get(id) },
      starts: {
        CONNECTION: start("CONNECTION"),
        ISOLATION: start("ISOLATION"),
        PERFORMANCE: start("PERFORMANCE"),
        VALIDATION: start("VALIDATION"),
      },
      clock,
      logger: silentLogger,
    });
  const service = new ScheduleService(store, clock);
  const runner = process();
  const upsert = (part: Partial<UpsertSchedule> = {}) => {
    const run = { kind: "CONNECTION", options: {} } as const;
    const field = ["input", "run", "connectionTest"];
    return service.upsert({ name: "nightly", run, runField: field, ...hourly, ...part }, anOrigin());
  };
  const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1, 0, minutes));
  const turn = (by = runner) => by.runOnce(new AbortController().signal);
  const now = async (): Promise<Schedule | undefined> => (await service.list())[0];
  const audit = async () => {
    const rows = await registry.db.orm.select().from(auditEntries);
    return rows.map(({ action, result }) => `${action} ${result}`).sort();
  };
  return { clock, store, started, jobs, state, process, service, upsert, at, turn, now, audit };
}

it("starts what falls due with the schedule as actor, and not before", async () => {
  const { clock, started, upsert, turn, now, at } = await world();
  const { id } = await upsert({ run: { kind: "CONNECTION", options: { retries: 1, filter: { slugs: ["acme"] } } } });
  expect((await now())?.nextRunAt).toEqual(at(60));
  await clock.advance(60 * minute - 1);
  await turn();
  expect(started).toEqual([]);
  await clock.advance(1);
  await turn();
  await turn();
  expect(started).toMatchObject([
    {
      options: { retries: 1, filter: { slugs: ["acme"] } },
      origin: { actor: { id: `schedule:${id}`, name: "schedule nightly", role: "OPERATOR" } },
    },
  ]);
  expect(await now()).toMatchObject({
    lastRunAt: at(60),
    lastJobId: started[0]?.jobId,
    nextRunAt: at(120),
    missedTotal: 0,
  });
});

it("starts every kind of run with the options that it was entered with", async () => {
  const { clock, started, upsert, turn } = await world();
  const filter = { slugs: ["acme"] };
  const runs: readonly ScheduledRun[] = [
    { kind: "CONNECTION", options: { filter, retries: 0 } },
    { kind: "ISOLATION", options: { filter, detailed: true } },
    { kind: "PERFORMANCE", options: { filter, maxUsers: 5, skipDeepTests: true } },
    { kind: "VALIDATION", options: { filter } },
  ];
  for (const run of runs) await upsert({ name: run.kind, run });
  await clock.advance(60 * minute);
  await turn();
  const seen = started.map(({ kind, options }) => ({ kind, options }));
  expect(seen.sort((a, b) => (a.kind < b.kind ? -1 : 1))).toEqual(runs);
});

it("starts each time once, however many look at once", async () => {
  const { clock, started, upsert, turn, process, store } = await world();
  await upsert();
  await clock.advance(60 * minute);
  const due = await store.due(clock.now(), 10);
  expect(due).toHaveLength(1);
  const step = { id: due[0]?.id ?? anId<"Schedule">(), dueAt: due[0]?.nextRunAt ?? new Date(0), nextRunAt: undefined };
  const claims = await Promise.all([1, 2, 3].map(() => store.claim(step, anOrigin())));
  expect(claims.filter(Boolean)).toHaveLength(1);
  await turn(process());
  expect(started).toEqual([]);
});

it("says that a run which was being started when the service died may have started, and does not start it again", async () => {
  const { clock, started, state, upsert, turn, process, now, at, audit } = await world();
  await upsert();
  await clock.advance(60 * minute);
  state.start = () => Promise.reject(new RegistryGone("The registry does not answer."));
  await expect(turn()).rejects.toThrow(RegistryGone);
  await turn(process());
  expect(started).toEqual([]);
  expect(await now()).toMatchObject({
    lastMissedAt: at(60),
    lastMissedReason: expect.stringMatching(/^INTERRUPTED: /),
    missedTotal: 1,
    nextRunAt: at(120),
  });
  expect(await audit()).toEqual(["runSchedule INTERRUPTED", "upsertSchedule OK"]);
});

it("says which runs were missed while the service was not running, and starts none of them late", async () => {
  const { clock, started, upsert, turn, now, at, audit } = await world();
  await upsert();
  await clock.advance(3 * 60 * minute + 6 * minute);
  await turn();
  expect(started).toEqual([]);
  expect(await now()).toMatchObject({
    lastMissedAt: at(180),
    lastMissedReason: "NOT_RUNNING: The service was not running when it fell due.",
    missedTotal: 3,
    nextRunAt: at(240),
  });
  expect(await audit()).toContain("runSchedule NOT_RUNNING");
});

it("still starts what fell due within the last five minutes, once, and says what was missed before", async () => {
  const { clock, started, upsert, turn, now, at } = await world();
  await upsert();
  await clock.advance(2 * 60 * minute + 4 * minute);
  await turn();
  expect(started).toHaveLength(1);
  expect(await now()).toMatchObject({ lastRunAt: at(120), lastMissedAt: at(60), missedTotal: 1 });
});

it("leaves out a run while the one before is under way, and says so; the next one comes about again", async () => {
  const { clock, started, jobs, upsert, turn, now, at } = await world();
  await upsert();
  await clock.advance(60 * minute);
  await turn();
  const [first] = started;
  const id = first?.jobId ?? anId<"Job">();
  jobs.set(id, aJob({ id, status: "RUNNING" }));
  await clock.advance(60 * minute);
  await turn();
  expect(started).toHaveLength(1);
  expect(await now()).toMatchObject({
    lastJobId: id,
    lastMissedAt: at(120),
    lastMissedReason: "OVERLAPPED: The run before it is still RUNNING.",
  });
  jobs.set(id, aJob({ id, status: "FAILED" }));
  await clock.advance(60 * minute);
  await turn();
  expect(started).toHaveLength(2);
});

it("says why a start was refused, and goes on with the next schedule", async () => {
  const { clock, started, state, upsert, turn, service } = await world();
  await upsert({ name: "a" });
  await upsert({ name: "b" });
  const start = state.start;
  state.start = async (kind, options, origin) => {
    if (origin.actor.name === "schedule a") throw new InvalidInput("There is no active tenant to test.");
    return start(kind, options, origin);
  };
  await clock.advance(60 * minute);
  await turn();
  expect(started).toHaveLength(1);
  const [a, b] = await service.list();
  expect(a).toMatchObject({ lastMissedReason: "INVALID: There is no active tenant to test.", missedTotal: 1 });
  expect(b).toMatchObject({ missedTotal: 0, lastJobId: started[0]?.jobId });
});

it("does not fall due while it is not enabled, and counts from then on when it is again", async () => {
  const { clock, started, upsert, turn, now, at } = await world();
  await upsert({ enabled: false });
  expect((await now())?.nextRunAt).toBeUndefined();
  await clock.advance(90 * minute);
  await turn();
  await upsert({ enabled: true });
  await turn();
  expect(started).toEqual([]);
  expect(await now()).toMatchObject({ nextRunAt: at(120), missedTotal: 0 });
});

it("changes the one with the same name, or the one with the id, and never takes another one's name", async () => {
  const { service, upsert, audit } = await world();
  const one = await upsert({ name: "one" });
  const same = await upsert({ name: " one ", cron: "0 3 * * *", timeZone: "Europe/Berlin" });
  expect(same).toMatchObject({ id: one.id, cron: "0 3 * * *", timeZone: "Europe/Berlin" });
  const other = await upsert({ name: "other" });
  await expect(upsert({ id: other.id, name: "one" })).rejects.toMatchObject({
    code: "INVALID",
    field: ["input", "name"],
  });
  await upsert({ id: other.id, name: "renamed" });
  expect((await service.list()).map(({ name }) => name)).toEqual(["one", "renamed"]);
  await expect(upsert({ id: anId<"Schedule">() })).rejects.toMatchObject({ code: "NOT_FOUND", field: ["input", "id"] });
  await service.remove(one.id, anOrigin());
  await expect(service.remove(one.id, anOrigin())).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect(await audit()).toEqual(["deleteSchedule OK", ...Array.from({ length: 4 }, () => "upsertSchedule OK")]);
});

it("enters the same name once when several wish it at once", async () => {
  const { service, upsert } = await world();
  const all = await Promise.all(Array.from({ length: 5 }, () => upsert({ name: "one" })));
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(await service.list()).toHaveLength(1);
});

it("takes a hundred schedules and no more", async () => {
  const { upsert } = await world();
  for (let n = 0; n < 100; n += 1) await upsert({ name: `n${n}` });
  await expect(upsert({ name: "one more" })).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  await expect(upsert({ name: "n7", cron: "5 * * * *" })).resolves.toMatchObject({ cron: "5 * * * *" });
});

it("refuses options that a start would refuse, under their own place", async () => {
  const { upsert, service } = await world();
  const run = { kind: "CONNECTION", options: { retries: 11 } } as const;
  await expect((async () => upsert({ run }))()).rejects.toMatchObject({
    code: "INVALID",
    field: ["input", "run", "connectionTest", "retries"],
  });
  await expect((async () => upsert({ name: "\n" }))()).rejects.toMatchObject({ field: ["input", "name"] });
  expect(await service.list()).toEqual([]);
});
