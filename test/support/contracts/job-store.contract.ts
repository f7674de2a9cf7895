import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobKind } from "../../../src/jobs/job.ts";
import type { ClaimedJob, JobEnd, NewJob } from "../../../src/jobs/job-store.ts";
import type { JobId } from "../../../src/kit/ids.ts";
import { aNewJob, aNewTenant, anAdmission, anId, anOrigin, aProgress } from "../builders.ts";
import { expectList } from "./pages.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const looking: readonly JobKind[] = ["VALIDATE_TENANTS"];
const done: JobEnd = { status: "SUCCEEDED", message: "Done.", progress: aProgress({ percent: 100 }) };
const step = (percent: number) => ({ progress: aProgress({ percent }), message: `At ${percent}.` });

/** What every JobStore keeps to, as far as jobs and their events are concerned. */
export function jobStoreContract(name: string, open: OpenWorld): void {
  describe(`JobStore: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    const enqueue = (part: Partial<NewJob> = {}) => world.jobs.enqueue(aNewJob(part), anOrigin());
    const claim = async (kinds = looking, owner = "worker"): Promise<ClaimedJob> => {
      const claimed = await world.jobs.claim(owner, 60_000, kinds);
      if (!claimed) throw new Error("No job was due.");
      return claimed;
    };
    const sequences = async (id: JobId) =>
      (await world.jobs.events(id, 0, 100)).map(({ sequence, status }) => [sequence, status]);

    it("enters a job with its first event and an audit row", async () => {
      const origin = anOrigin();
      const wish = aNewJob({ input: { dryRun: true, nested: [1, "ü"] } });
      const job = await world.jobs.enqueue(wish, origin);
      expect(job).toMatchObject({ id: wish.id, status: "QUEUED", attempts: 0, lastSequence: 1, input: wish.input });
      expect(await world.jobs.find(wish.id)).toEqual(job);
      const [event, ...others] = await world.jobs.events(wish.id, 0, 10);
      expect(event).toMatchObject({ jobId: wish.id, sequence: 1, status: "QUEUED", at: job.createdAt });
      expect(others).toEqual([]);
      expect(await world.auditRows()).toMatchObject([
        { actorId: origin.actor.id, action: "validateTenants", subject: `Job:${wish.id}` },
      ]);
      expect(await world.jobs.findMany([anId<"Job">(), wish.id])).toEqual([job]);
    });

    describe("claim", () => {
      it("takes the oldest of the kinds there is room for", async () => {
        const first = await enqueue();
        const other = await enqueue({ kind: "CONNECTION_TEST" });
        const second = await enqueue();
        expect((await claim()).job.id).toBe(first.id);
        expect((await claim()).job.id).toBe(second.id);
        expect(await world.jobs.claim("worker", 60_000, looking)).toBeUndefined();
        expect(await world.jobs.claim("worker", 60_000, [])).toBeUndefined();
        expect((await claim(["ISOLATION_TEST", "CONNECTION_TEST"])).job.id).toBe(other.id);
      });

      it("takes only jobs on one tenant, or only the others, when it is told so", async () => {
        const many = await enqueue();
        const one = await enqueue({ tenantId: anId<"Tenant">() });
        expect((await world.jobs.claim("worker", 60_000, looking, []))?.job.id).toBe(one.id);
        expect(await world.jobs.claim("worker", 60_000, looking, [])).toBeUndefined();
        expect((await world.jobs.claim("worker", 60_000, [], looking))?.job.id).toBe(many.id);
      });

      it("takes the oldest first also where there is room for other kinds on one tenant than on many", async () => {
        const [many, none] = [await enqueue(), await enqueue({ kind: "CONNECTION_TEST" })];
        const one = await enqueue({ kind: "CONNECTION_TEST", tenantId: anId<"Tenant">() });
        const next = async () => (await world.jobs.claim("worker", 60_000, ["CONNECTION_TEST"], looking))?.job.id;
        expect([await next(), await next(), await next()]).toEqual([many.id, one.id, undefined]);
        expect(await world.jobs.find(none.id)).toMatchObject({ status: "QUEUED" });
      });

      it("takes what is being cancelled whatever there is room for", async () => {
        const { id } = await enqueue();
        await world.jobs.requestCancel(id, anOrigin());
        expect(await world.jobs.claim("worker", 60_000, [], [])).toMatchObject({
          job: { id, status: "CANCELLING" },
        });
      });

      it("starts the job, with an event", async () => {
        const { id } = await enqueue();
        const { job, lease } = await claim();
        expect(job).toMatchObject({ id, status: "RUNNING", attempts: 1, lastSequence: 2 });
        expect(job.startedAt).toBeInstanceOf(Date);
        expect(job).toEqual(await world.jobs.find(id));
        expect(lease).toMatchObject({ jobId: id, owner: "worker" });
        expect(await sequences(id)).toEqual([
          [1, "QUEUED"],
          [2, "RUNNING"],
        ]);
      });

      it("gives a job to one of many who ask at once", async () => {
        await enqueue();
        await enqueue();
        const asked = Array.from({ length: 6 }, (_, at) => world.jobs.claim(`worker-${at}`, 60_000, looking));
        const claimed = (await Promise.all(asked)).filter((one) => one !== undefined);
        expect(claimed).toHaveLength(2);
        expect(new Set(claimed.map(({ job }) => job.id)).size).toBe(2);
      });
    });

    describe("with a lease", () => {
      it("writes events without a gap", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        for (const percent of [10, 20]) await world.jobs.record(lease, step(percent), 60_000);
        const event = await world.jobs.record(lease, { ...step(30), detail: { rate: 1.5 } }, 60_000);
        expect(event).toMatchObject({ sequence: 5, status: "RUNNING", detail: { rate: 1.5 }, message: "At 30." });
        expect(await world.jobs.events(id, 4, 10)).toEqual([event]);
        expect(await world.jobs.events(id, 1, 2)).toMatchObject([{ sequence: 2 }, { sequence: 3 }]);
        expect(await world.jobs.find(id)).toMatchObject({ lastSequence: 5, progress: { percent: 30 } });
      });

      it("ends with a final event and lets go", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        const error = { code: "BROKEN", message: "It broke.", retryable: false };
        const event = await world.jobs.finish(lease, { ...done, status: "FAILED", error });
        expect(event).toMatchObject({ sequence: 3, status: "FAILED" });
        expect(await world.jobs.find(id)).toMatchObject({ status: "FAILED", error, finishedAt: event.at });
        await expect(world.jobs.record(lease, step(1), 60_000)).rejects.toMatchObject({ code: "LEASE_LOST" });
        await expect(world.jobs.finish(lease, done)).rejects.toMatchObject({ code: "LEASE_LOST" });
        expect(await world.jobs.claim("worker", 60_000, looking)).toBeUndefined();
        expect(await sequences(id)).toHaveLength(3);
      });

      it("refuses an end that the job cannot come to", async () => {
        await enqueue();
        const { lease, job } = await claim();
        await expect(world.jobs.finish(lease, { ...done, status: "CANCELLED" })).rejects.toMatchObject({
          code: "INVALID_STATE",
        });
        expect(await world.jobs.find(job.id)).toMatchObject({ status: "RUNNING", lastSequence: 2 });
      });

      it("goes back into the queue and waits there", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        expect(await world.jobs.handBack(lease, step(40), { delayMs: 5_000, counted: true })).toMatchObject({
          sequence: 3,
          status: "QUEUED",
        });
        expect(await world.jobs.claim("worker", 60_000, looking)).toBeUndefined();
        await expect(world.jobs.extend(lease, 60_000)).rejects.toMatchObject({ code: "LEASE_LOST" });
        await world.passTime(id, 6_000);
        const again = await claim();
        expect(again.job).toMatchObject({ id, attempts: 2, progress: { percent: 40 } });
        expect(again.lease.fence).toBeGreaterThan(lease.fence);
      });

      it("counts failures and losses in a row, until the job gets on", async () => {
        await enqueue();
        const again = async (wanted: { readonly failures: number; readonly losses: number }) => {
          const claimed = await claim();
          expect(claimed).toMatchObject(wanted);
          return claimed.lease;
        };
        const back = { delayMs: 0, counted: true };
        await world.jobs.handBack(await again({ failures: 0, losses: 0 }), step(0), back);
        await world.jobs.handBack(await again({ failures: 1, losses: 0 }), step(0), { ...back, counted: false });
        await again({ failures: 1, losses: 0 });
        await world.jobs.returnLost("another process");
        const lease = await again({ failures: 1, losses: 1 });
        await world.jobs.record(lease, step(0), 60_000);
        await world.jobs.handBack(lease, step(0), back);
        await again({ failures: 2, losses: 0 });
        await world.jobs.returnLost("another process");
        await world.jobs.record(await again({ failures: 2, losses: 1 }), step(10), 60_000);
        await world.jobs.returnLost("another process");
        await world.jobs.handBack(await again({ failures: 0, losses: 1 }), step(20), back);
        await again({ failures: 1, losses: 0 });
      });

      it("does not count a start that only the stop of the service cut short", async () => {
        const { id } = await enqueue();
        await world.jobs.handBack((await claim()).lease, step(40), { delayMs: 0, counted: false });
        expect(await world.jobs.find(id)).toMatchObject({ status: "QUEUED", attempts: 0 });
        expect((await claim()).job).toMatchObject({ id, attempts: 1 });
      });

      it("changes nothing once the time has run out", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        await world.passTime(id, 50_000);
        await world.jobs.extend(lease, 60_000);
        await world.passTime(id, 50_000);
        await world.jobs.record(lease, step(1), 60_000);
        await world.passTime(id, 61_000);
        const attempts = [
          world.jobs.record(lease, step(2), 60_000),
          world.jobs.extend(lease, 60_000),
          world.jobs.finish(lease, done),
          world.jobs.handBack(lease, step(2), { delayMs: 0, counted: true }),
          world.jobs.addItems(lease, [anId<"Tenant">()]),
          world.jobs.settleItems(lease, []),
        ];
        for (const outcome of await Promise.allSettled(attempts)) {
          expect(outcome).toMatchObject({ status: "rejected", reason: { code: "LEASE_LOST" } });
        }
        expect(await world.jobs.find(id)).toMatchObject({ status: "RUNNING", lastSequence: 3 });
      });

      it("cannot be used by who had it before", async () => {
        const { id } = await enqueue();
        const { lease: old } = await claim();
        await world.jobs.returnLost("somebody else");
        const { lease } = await claim(looking, "worker");
        await expect(world.jobs.record(old, step(1), 60_000)).rejects.toMatchObject({ code: "LEASE_LOST" });
        expect(await world.jobs.record(lease, step(1), 60_000)).toMatchObject({ jobId: id });
      });
    });

    describe("cancel", () => {
      it("tells a running job and leaves the end to it", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        const origin = anOrigin();
        const cancelled = await world.jobs.requestCancel(id, origin);
        expect(cancelled?.job).toMatchObject({ status: "CANCELLING", lastSequence: 3 });
        expect(cancelled?.event).toMatchObject({ sequence: 3, status: "CANCELLING" });
        expect(await world.jobs.extend(lease, 60_000)).toBe("CANCELLING");
        expect(await world.jobs.record(lease, step(5), 60_000)).toMatchObject({ status: "CANCELLING" });
        expect(await world.jobs.claim("other", 60_000, looking)).toBeUndefined();
        const again = await world.jobs.requestCancel(id, origin);
        expect(again?.event).toBeUndefined();
        expect(await world.jobs.finish(lease, { ...done, status: "CANCELLED" })).toMatchObject({ sequence: 5 });
        expect((await world.jobs.requestCancel(id, origin))?.job).toMatchObject({ status: "CANCELLED" });
        const audited = (await world.auditRows()).filter(({ action }) => action === "cancelJob");
        expect(audited).toMatchObject([{ actorId: origin.actor.id, subject: `Job:${id}` }]);
      });

      it("hands a queued job out for its cleaning up, even when it was to wait", async () => {
        const { id } = await enqueue();
        await world.jobs.handBack((await claim()).lease, step(1), { delayMs: 60_000, counted: true });
        await world.jobs.requestCancel(id, anOrigin());
        const { job, lease } = await claim();
        expect(job).toMatchObject({ id, status: "CANCELLING" });
        expect(await world.jobs.handBack(lease, step(1), { delayMs: 0, counted: true })).toMatchObject({
          status: "CANCELLING",
        });
        expect((await claim()).job).toMatchObject({ id, status: "CANCELLING" });
      });

      it("does not know an unknown job", async () => {
        expect(await world.jobs.requestCancel(anId<"Job">(), anOrigin())).toBeUndefined();
      });

      it("leaves one final event when the end and the wish meet", async () => {
        const { id } = await enqueue();
        const { lease } = await claim();
        await Promise.all([world.jobs.finish(lease, done), world.jobs.requestCancel(id, anOrigin())]);
        const events = await sequences(id);
        expect(events.at(-1)?.[1]).toBe("SUCCEEDED");
        expect(events.map(([sequence]) => sequence)).toEqual(events.map((_, at) => at + 1));
      });
    });

    describe("returnLost", () => {
      it("returns what a dead process had, and what ran out of time, and nothing else", async () => {
        const [dead, late, alive, queued] = [await enqueue(), await enqueue(), await enqueue(), await enqueue()];
        await claim(looking, "dead");
        await claim(looking, "me");
        await claim(looking, "me");
        await world.passTime(late.id, 61_000);
        const events = await world.jobs.returnLost("me");
        expect(events.map(({ jobId, status, sequence }) => [jobId, status, sequence])).toEqual([
          [dead.id, "QUEUED", 3],
          [late.id, "QUEUED", 3],
        ]);
        expect(await world.jobs.find(alive.id)).toMatchObject({ status: "RUNNING" });
        expect(await world.jobs.find(queued.id)).toMatchObject({ lastSequence: 1 });
        expect(await world.jobs.returnLost("me")).toEqual([]);
        expect((await claim(looking, "me")).job).toMatchObject({ id: dead.id, attempts: 2 });
      });

      it("counts as a loss what a dead process had, and not what only ran out of time", async () => {
        const { id } = await enqueue();
        await claim(looking, "dead");
        await world.jobs.returnLost("me");
        expect(await claim(looking, "me")).toMatchObject({ losses: 1 });
        await world.passTime(id, 61_000);
        await world.jobs.returnLost("me");
        expect(await claim(looking, "me")).toMatchObject({ losses: 1 });
        const messages = (await world.jobs.events(id, 0, 100)).map(({ message }) => message);
        expect(messages.filter((message) => message.endsWith("it will be taken up again."))).toEqual([
          "The process that ran it is gone; it will be taken up again.",
          "Its lease ran out; it will be taken up again.",
        ]);
      });

      it("lets the cleaning up of a dead process' job be taken at once", async () => {
        const { id } = await enqueue();
        await claim(looking, "dead");
        await world.jobs.requestCancel(id, anOrigin());
        expect(await world.jobs.claim("me", 60_000, looking)).toBeUndefined();
        expect(await world.jobs.returnLost("me")).toEqual([]);
        expect((await claim(looking, "me")).job).toMatchObject({ id, status: "CANCELLING" });
      });
    });

    it("lists the newest first, both ways, by kind, status and tenant", async () => {
      const tenant = aNewTenant();
      const { job: provision } = await world.tenants.admit(anAdmission([tenant]));
      const validation = await enqueue({ items: [tenant.id] });
      const test = await enqueue({ kind: "CONNECTION_TEST" });
      const lone = await enqueue({ tenantId: tenant.id });
      await claim(["CONNECTION_TEST"]);
      const all = [lone, test, validation, provision].map(({ id }) => id);
      await expectList(
        (page) => world.jobs.list({}, page),
        ({ id }) => id,
        all,
      );
      const ids = async (filter: Parameters<typeof world.jobs.list>[0]) => {
        const page = await world.jobs.list(filter, { limit: 50, direction: "FORWARD" });
        expect(await world.jobs.count(filter, 50)).toBe(page.edges.length);
        return page.edges.map(({ node }) => node.id);
      };
      expect(await ids({ kinds: ["VALIDATE_TENANTS"] })).toEqual([lone.id, validation.id]);
      expect(await ids({ kinds: ["VALIDATE_TENANTS"], statuses: ["QUEUED"] })).toEqual([lone.id, validation.id]);
      expect(await ids({ statuses: ["RUNNING"] })).toEqual([test.id]);
      expect(await ids({ statuses: ["RUNNING", "QUEUED"], kinds: ["CONNECTION_TEST"] })).toEqual([test.id]);
      expect(await ids({ tenantId: tenant.id })).toEqual([lone.id, validation.id, provision.id]);
      expect(await ids({ tenantId: anId<"Tenant">() })).toEqual([]);
      expect(await ids({ kinds: [] })).toEqual([]);
      expect(await world.jobs.count({}, 2)).toBe(2);
    });
  });
}
