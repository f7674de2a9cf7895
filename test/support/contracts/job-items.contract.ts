import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JobItem, JobKind } from "../../../src/jobs/job.ts";
import type { JobLease } from "../../../src/jobs/job-store.ts";
import type { TenantId } from "../../../src/kit/ids.ts";
import { aNewJob, aNewTenant, anAdmission, anId, anOrigin, aProgress } from "../builders.ts";
import { expectList } from "./pages.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const error = (retryable: boolean) => ({ code: "X", message: "It did not work.", retryable });

const anItem = () => anId<"Tenant">();

/** What every JobStore keeps to, as far as items, and the tenants that jobs change, are concerned. */
export function jobItemsContract(name: string, open: OpenWorld): void {
  describe(`JobStore, items: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    const start = async (items: readonly TenantId[], kind: JobKind = "VALIDATE_TENANTS"): Promise<JobLease> => {
      await world.jobs.enqueue(aNewJob({ kind, items }), anOrigin());
      const claimed = await world.jobs.claim("worker", 60_000, [kind]);
      if (!claimed) throw new Error("No job was due.");
      return claimed.lease;
    };
    const end = (lease: JobLease) =>
      world.jobs.finish(lease, { status: "SUCCEEDED", message: "Done.", progress: aProgress({ percent: 100 }) });
    const item = (tenantId: TenantId, part: Partial<JobItem> = {}): JobItem => ({
      tenantId,
      status: "SUCCEEDED",
      durationMs: 1.5,
      ...part,
    });
    // Not in the order of their ids.
    const [three, one, five, two, four] = [anItem(), anItem(), anItem(), anItem(), anItem()];
    const tenants = [one, two, three, four, five];
    const settledOf = async ({ jobId }: JobLease) =>
      (await world.jobs.items(jobId, undefined, { limit: 100, direction: "FORWARD" })).edges.map(({ node }) => node);

    it("hands out what is pending, in the order of adding", async () => {
      const lease = await start([one, two]);
      await world.jobs.addItems(lease, [four, two, three, three]);
      await world.jobs.addItems(lease, []);
      const { jobId } = lease;
      expect(await world.jobs.pendingItems(jobId, 10)).toEqual([one, two, four, three]);
      expect(await world.jobs.pendingItems(jobId, 2)).toEqual([one, two]);
      expect(await world.jobs.pendingItems(jobId, 2, two)).toEqual([four, three]);
      await world.jobs.settleItems(lease, [item(four)]);
      expect(await world.jobs.pendingItems(jobId, 10, one)).toEqual([two, three]);
      expect(await world.jobs.itemCounts(jobId)).toEqual({ total: 4, pending: 3, succeeded: 1, failed: 0, skipped: 0 });
    });

    it("shows settled items in the order of settling, and an item once", async () => {
      const lease = await start(tenants);
      const failed = item(three, { status: "FAILED", durationMs: 0.25, error: error(true) });
      await world.jobs.settleItems(lease, [failed, item(one)]);
      await world.jobs.settleItems(lease, [
        item(three),
        item(five, { status: "SKIPPED", error: error(false) }),
        item(two, { status: "PENDING" }),
        item(anId<"Tenant">()),
      ]);
      await world.jobs.settleItems(lease, [item(two, { durationMs: 7 }), item(two, { status: "FAILED" })]);
      expect(await settledOf(lease)).toEqual([
        failed,
        item(one),
        item(five, { status: "SKIPPED", error: error(false) }),
        item(two, { durationMs: 7 }),
      ]);
      const { jobId } = lease;
      const order = [three, one, five, two];
      await expectList(
        (page) => world.jobs.items(jobId, undefined, page),
        ({ tenantId }) => tenantId,
        order,
      );
      const few = (page: Parameters<typeof world.jobs.items>[2]) =>
        world.jobs.items(jobId, ["FAILED", "SKIPPED"], page);
      await expectList(few, ({ tenantId }) => tenantId, [three, five]);
      expect(await world.jobs.countItems(jobId, undefined)).toBe(4);
      expect(await world.jobs.countItems(jobId, ["SUCCEEDED"])).toBe(2);
      expect(await world.jobs.itemCounts(jobId)).toEqual({ total: 5, pending: 1, succeeded: 2, failed: 1, skipped: 1 });
    });

    it("retries what is pending, failed, or was skipped for a passing reason", async () => {
      const lease = await start(tenants);
      await world.jobs.settleItems(lease, [
        item(five, { status: "FAILED", error: error(false) }),
        item(four, { status: "SKIPPED", error: error(true) }),
        item(three, { status: "SKIPPED", error: error(false) }),
        item(two),
      ]);
      expect(await world.jobs.unfinishedItems(lease.jobId)).toEqual([one, four, five]);
    });

    it("settles many at once", async () => {
      const many = Array.from({ length: 1_200 }, () => anId<"Tenant">());
      const lease = await start(many);
      await world.jobs.settleItems(
        lease,
        many.map((id) => item(id)),
      );
      expect(await world.jobs.itemCounts(lease.jobId)).toMatchObject({ total: 1_200, succeeded: 1_200 });
      expect(await world.jobs.unfinishedItems(lease.jobId)).toEqual([]);
    });

    describe("one changing job per tenant", () => {
      const active = async (): Promise<TenantId> => {
        const tenant = aNewTenant();
        await world.tenants.admit(anAdmission([tenant]));
        const claimed = await world.jobs.claim("worker", 60_000, ["PROVISION_TENANTS"]);
        if (!claimed) throw new Error("No job was due.");
        await world.tenants.activate(claimed.lease, tenant.id, "x", 1);
        await end(claimed.lease);
        return tenant.id;
      };
      const suspend = (tenantId: TenantId) =>
        world.jobs.enqueue(aNewJob({ kind: "SUSPEND_TENANT", tenantId, items: [tenantId] }), anOrigin());

      it("refuses a second one, names the first, and enters nothing", async () => {
        const tenant = aNewTenant();
        const { job } = await world.tenants.admit(anAdmission([tenant]));
        await expect(suspend(tenant.id)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: job.id });
        expect(await world.jobs.count({}, 10)).toBe(1);
        await world.jobs.enqueue(aNewJob({ kind: "CONNECTION_TEST", items: [tenant.id] }), anOrigin());
      });

      it("lets one of two at once have the tenant", async () => {
        const id = await active();
        const outcomes = await Promise.allSettled([suspend(id), suspend(id), suspend(id)]);
        expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
      });

      it("skips the busy ones of those that it has from its entering on, so that a retry takes them", async () => {
        const [free, busy, later] = [await active(), await active(), await active()];
        await suspend(busy);
        const lease = await start([free, busy], "PROVISION_TENANTS");
        await suspend(later).then((job) => job.id);
        await world.jobs.addItems(lease, [later]);
        expect(await world.jobs.pendingItems(lease.jobId, 10)).toEqual([free]);
        expect(await settledOf(lease)).toMatchObject([
          { tenantId: busy, status: "SKIPPED", error: { code: "TENANT_BUSY", retryable: true } },
          { tenantId: later, status: "SKIPPED" },
        ]);
        expect(await world.jobs.unfinishedItems(lease.jobId)).toEqual([free, busy, later]);
      });

      it("lets go of a tenant when its item is settled, and of all when the job ends", async () => {
        const [first, second] = [await active(), await active()];
        const lease = await start([first, second], "PROVISION_TENANTS");
        await expect(suspend(first)).rejects.toMatchObject({ code: "TENANT_BUSY" });
        await world.jobs.settleItems(lease, [item(first)]);
        await suspend(first);
        await expect(suspend(second)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: lease.jobId });
        await end(lease);
        await suspend(second);
      });

      it("lets a job over the fleet have each tenant from when it is reached until it is settled", async () => {
        const [first, second] = [await active(), await active()];
        const lease = await start([first, second], "MIGRATE_TENANTS");
        expect(await world.jobs.pendingItems(lease.jobId, 10)).toEqual([first, second]);
        expect(await world.tenants.occupy(lease, first)).toBe("TAKEN");
        expect(await world.tenants.occupy(lease, first)).toBe("TAKEN");
        expect([...(await world.tenants.busyWith([first, second]))]).toEqual([[first, lease.jobId]]);
        await expect(suspend(first)).rejects.toMatchObject({ code: "TENANT_BUSY", jobId: lease.jobId });
        const other = await suspend(second);
        expect(await world.tenants.occupy(lease, second)).toBe(other.id);
        await world.jobs.settleItems(lease, [item(first)]);
        expect((await world.tenants.busyWith([first])).size).toBe(0);
        await end(lease);
        await expect(world.tenants.occupy(lease, first)).rejects.toMatchObject({ code: "LEASE_LOST" });
      });

      it("leaves a tenant alone in which a test has planted something", async () => {
        const id = await active();
        const test = await start([id], "ISOLATION_TEST");
        const lease = await start([id], "MIGRATE_TENANTS");
        expect(await world.tenants.occupy(lease, id)).toBe(test.jobId);
        await world.jobs.settleItems(test, [item(id)]);
        expect(await world.tenants.occupy(lease, id)).toBe("TAKEN");
      });

      it("gives a job many tenants at once, without those that others have or that do not exist", async () => {
        const [free, changed, planted] = [await active(), await active(), await active()];
        const test = await start([planted], "ISOLATION_TEST");
        const change = await suspend(changed);
        const lease = await start([free, changed, planted], "MIGRATE_TENANTS");
        const nobody = anId<"Tenant">();
        const { taken, busy } = await world.tenants.occupyMany(lease, [planted, nobody, changed, free]);
        expect(taken).toEqual(await world.tenants.findMany([free]));
        expect(busy).toEqual(
          new Map([
            [changed, change.id],
            [planted, test.jobId],
          ]),
        );
        expect((await world.tenants.busyWith([free])).get(free)).toBe(lease.jobId);
        expect(await world.tenants.occupyMany(lease, [free])).toEqual({ taken, busy: new Map() });
        await end(lease);
        await expect(world.tenants.occupyMany(lease, [free])).rejects.toMatchObject({ code: "LEASE_LOST" });
      });

      it("takes tenants from a job that it did not touch, and none that another job has", async () => {
        const [untouched, kept, changed] = [await active(), await active(), await active()];
        const change = await suspend(changed);
        const lease = await start([untouched, kept, changed], "MIGRATE_TENANTS");
        await world.tenants.occupyMany(lease, [untouched, kept]);
        await world.tenants.letGo(lease, [untouched, changed, anId<"Tenant">()]);
        expect(await world.tenants.busyWith([untouched, kept, changed])).toEqual(
          new Map([
            [kept, lease.jobId],
            [changed, change.id],
          ]),
        );
        expect(await world.jobs.itemCounts(lease.jobId)).toMatchObject({ pending: 3 });
        await end(lease);
        await expect(world.tenants.letGo(lease, [untouched])).rejects.toMatchObject({ code: "LEASE_LOST" });
      });

      it("knows whose password is being changed", async () => {
        const id = await active();
        expect(await world.tenants.rotationOf(id)).toBeUndefined();
        const job = aNewJob({ kind: "ROTATE_CREDENTIALS", tenantId: id, items: [id] });
        await world.jobs.enqueue(job, anOrigin());
        expect(await world.tenants.rotationOf(id)).toEqual({ jobId: job.id });
      });
    });
  });
}
