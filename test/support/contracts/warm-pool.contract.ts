import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ServerId, TenantId } from "../../../src/kit/ids.ts";
import type { ReservedDatabase } from "../../../src/provisioning/warm-pool/warm-database.ts";
import type { AppliedSchema } from "../../../src/tenants/tenant-lifecycle-store.ts";
import type { NewTenant } from "../../../src/tenants/tenant-store.ts";
import { aNewJob, aNewTenant, anAdmission, anId, anOrigin, aProgress, aServer, aTenant } from "../builders.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const newest: AppliedSchema = { version: "0001_more", checksum: "c1" };

/** What every WarmPoolStore keeps to, and what an admission takes from it. */
export function warmPoolContract(name: string, open: OpenWorld): void {
  describe(`the warm pool: ${name}`, () => {
    let world: StoreWorld;
    let serverId: ServerId;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(async () => {
      await world.reset();
      serverId = (await world.servers.ensure(aServer())).id;
    });
    afterAll(() => world.close());

    const reserved = (part: Partial<ReservedDatabase> = {}): ReservedDatabase => {
      const { id: tenantId, databaseName } = aTenant();
      return { tenantId, serverId, databaseName, password: `v1.key.of-${tenantId}`, ...part };
    };
    const ready = async (count: number, schema = newest): Promise<readonly ReservedDatabase[]> => {
      const made = Array.from({ length: count }, () => reserved());
      for (const one of made) {
        await world.warmPool.reserve([one]);
        expect(await world.warmPool.complete(one.tenantId, schema)).toBe(true);
      }
      return made;
    };
    const wanting = (part: Parameters<typeof aNewTenant>[0] = {}) =>
      aNewTenant({ serverId, warmSchema: newest, ...part });
    const states = async () => (await world.warmPool.list(serverId)).map(({ state }) => state);
    const ready1 = async () => (await world.warmPool.readyCounts([serverId], "c1")).get(serverId) ?? 0;

    it("keeps a server's target, which finding the server again does not change, and enters the job for it", async () => {
      const origin = anOrigin();
      const job = aNewJob({ kind: "FILL_WARM_POOL", input: { serverId }, action: "setWarmPoolTarget" });
      expect(await world.warmPool.setTarget(serverId, 12, job, origin)).toMatchObject({
        job: { id: job.id, status: "QUEUED" },
        cancelled: [],
      });
      const [server] = await world.servers.findMany([serverId]);
      if (!server) throw new TypeError();
      expect(server).toMatchObject({ warmPoolTarget: 12 });
      expect(await world.servers.ensure(aServer({ name: server.name }))).toMatchObject({ warmPoolTarget: 12 });
      expect(await world.auditRows()).toEqual([
        {
          actorId: origin.actor.id,
          action: "setWarmPoolTarget",
          subject: `DatabaseServer:${serverId}`,
          result: "OK",
        },
      ]);
      expect(await world.jobs.events(job.id, 0, 10)).toHaveLength(1);
    });

    it("ends earlier jobs for the same server, and nobody else's", async () => {
      let target = 2;
      const fill = async (of: ServerId) => {
        target += 1;
        const job = aNewJob({ kind: "FILL_WARM_POOL", input: { serverId: of, target } });
        return world.warmPool.setTarget(of, target, job, anOrigin());
      };
      const other = await world.servers.ensure(aServer());
      const [first, elsewhere, second] = [await fill(serverId), await fill(other.id), await fill(serverId)];
      expect(second.cancelled).toMatchObject([{ jobId: first.job.id, sequence: 2, status: "CANCELLING" }]);
      expect(await world.jobs.events(first.job.id, 1, 10)).toEqual(second.cancelled);
      expect((await fill(serverId)).cancelled.map(({ jobId }) => jobId)).toEqual([second.job.id]);
      expect(await world.jobs.find(elsewhere.job.id)).toMatchObject({ status: "QUEUED" });
    });

    it("leaves a job alone that is at the same target, unless it waits for its next try", async () => {
      const fill = async (target: number) => {
        const job = aNewJob({ kind: "FILL_WARM_POOL", input: { serverId, target } });
        const { job: entered, cancelled } = await world.warmPool.setTarget(serverId, target, job, anOrigin());
        return { id: entered.id, status: entered.status, cancelled: cancelled.map(({ jobId }) => jobId) };
      };
      const first = await fill(3);
      expect(await fill(3)).toEqual(first);
      const claimed = await world.jobs.claim("worker", 60_000, ["FILL_WARM_POOL"]);
      if (!claimed) throw new TypeError();
      expect(await fill(3)).toEqual({ ...first, status: "RUNNING" });
      const step = { progress: aProgress(), message: "Again." };
      await world.jobs.handBack(claimed.lease, step, { delayMs: 60_000, counted: true });
      const second = await fill(3);
      expect(second).toMatchObject({ status: "QUEUED", cancelled: [first.id] });
      expect(await fill(4)).toMatchObject({ status: "QUEUED", cancelled: [second.id] });
    });

    it("refuses a target for a server that is not there, and enters nothing", async () => {
      const job = aNewJob({ kind: "FILL_WARM_POOL" });
      await expect(world.warmPool.setTarget(anId<"DatabaseServer">(), 1, job, anOrigin())).rejects.toMatchObject({
        code: "NOT_FOUND",
        field: ["input", "serverId"],
      });
      expect(await world.jobs.find(job.id)).toBeUndefined();
      expect(await world.auditRows()).toEqual([]);
    });

    it("leads a database from its reservation to its end, and counts only what may be claimed", async () => {
      const one = reserved();
      await world.warmPool.reserve([]);
      await world.warmPool.reserve([one, reserved(), reserved({ serverId: anId<"DatabaseServer">() })]);
      expect(await states()).toEqual(["FILLING", "FILLING"]);
      expect((await world.warmPool.list(serverId)).find(({ tenantId }) => tenantId === one.tenantId)).toMatchObject(
        one,
      );
      expect(await world.warmPool.complete(one.tenantId, newest)).toBe(true);
      expect(await world.warmPool.complete(one.tenantId, newest)).toBe(false);
      expect(await world.warmPool.complete(anId<"Tenant">(), newest)).toBe(false);
      expect([await ready1(), (await world.warmPool.readyCounts([], "c1")).size]).toEqual([1, 0]);
      expect(await world.warmPool.readyCounts([serverId], "c0")).toEqual(new Map());
      await world.warmPool.forget(one.tenantId);
      expect(await states()).toContain("READY");
      expect(await world.warmPool.withdraw([one.tenantId, anId<"Tenant">()], "FILLING")).toEqual([one.tenantId]);
      expect(await ready1()).toBe(0);
      expect(await world.warmPool.withdraw([one.tenantId], "REAPING")).toEqual([one.tenantId]);
      expect(await world.warmPool.withdraw([one.tenantId], "FILLING")).toEqual([]);
      expect(await world.warmPool.complete(one.tenantId, newest)).toBe(false);
      await world.warmPool.forget(one.tenantId);
      expect(await states()).toEqual(["FILLING"]);
    });

    describe("an admission", () => {
      it("takes the oldest: the tenant is ACTIVE with the reserved id and credential, and the job has SUCCEEDED", async () => {
        const [first] = await ready(2);
        const wanted = wanting({ slug: "acme", hostnames: ["acme.example"], labels: [{ key: "a", value: "b" }] });
        const origin = anOrigin();
        const idempotency = { key: "k", operation: "createTenant", inputHash: "h" };
        const { tenants, job, repeated } = await world.tenants.admit(anAdmission([wanted], { origin, idempotency }));
        if (!first || !tenants[0]) throw new TypeError();
        const id = first.tenantId;
        const expected = { id, slug: "acme", serverId, databaseName: first.databaseName, status: "ACTIVE" };
        const schema = { schemaVersion: "0001_more", schemaChecksum: "c1", generation: 1 };
        expect([repeated, tenants]).toMatchObject([false, [{ ...expected, ...schema }]]);
        expect(await world.tenants.find(id)).toEqual(tenants[0]);
        expect(await world.tenants.find(wanted.id)).toBeUndefined();
        expect(await world.tenants.passwordsOf([id])).toEqual(new Map([[id, first.password]]));
        expect(await world.tenants.domainsOf([id])).toMatchObject([{ hostname: "acme.example", isPrimary: true }]);
        expect((await world.tenants.labelsOf([id])).get(id)).toEqual([{ key: "a", value: "b" }]);
        expect(await world.tenants.busyWith([id])).toEqual(new Map());
        expect(job).toMatchObject({ tenantId: id, status: "SUCCEEDED", progress: { percent: 100, done: 1, total: 1 } });
        expect(await world.jobs.find(job.id)).toEqual(job);
        expect(await world.auditRows()).toMatchObject([{ action: "createTenant", subject: `Tenant:${id}` }]);
        expect(world.changes).toEqual([{ after: tenants[0] }]);
        expect([await ready1(), await states()]).toEqual([1, ["READY"]]);
        const again = await world.tenants.admit(anAdmission([wanting({ slug: "acme" })], { origin, idempotency }));
        expect(again).toMatchObject({ repeated: true, tenants: [{ id }], job: { id: job.id } });
        expect(await ready1()).toBe(1);
      });

      it("tells the whole life of its job, which nobody claims any more", async () => {
        await ready(1);
        const { job, tenants } = await world.tenants.admit(anAdmission([wanting()]));
        const events = await world.jobs.events(job.id, 0, 10);
        expect(events.map(({ sequence, status }) => [sequence, status])).toEqual([
          [1, "QUEUED"],
          [2, "RUNNING"],
          [3, "SUCCEEDED"],
        ]);
        expect(events.at(-1)).toMatchObject({ message: "1 of 1 tenant is ready.", progress: { percent: 100 } });
        expect(await world.jobs.claim("me", 1_000, ["PROVISION_TENANTS"])).toBeUndefined();
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ total: 1, succeeded: 1, pending: 0 });
        const { edges } = await world.jobs.items(job.id, undefined, { limit: 10, direction: "FORWARD" });
        expect(edges.map(({ node }) => node.tenantId)).toEqual(tenants.map(({ id }) => id));
      });

      it("leaves the rest of many to the job, which counts those that are ready", async () => {
        const made = await ready(2);
        const { tenants, job } = await world.tenants.admit(
          anAdmission([wanting(), wanting({ seed: true, warmSchema: undefined }), wanting(), wanting()]),
        );
        expect(tenants.map(({ status }) => status)).toEqual(["ACTIVE", "PROVISIONING", "ACTIVE", "PROVISIONING"]);
        expect([tenants[0]?.id, tenants[2]?.id]).toEqual(made.map(({ tenantId }) => tenantId));
        expect(job).toMatchObject({ status: "QUEUED", progress: { total: 4, done: 2, percent: 50 }, lastSequence: 1 });
        const open = tenants.filter(({ status }) => status === "PROVISIONING").map(({ id }) => id);
        expect(await world.jobs.pendingItems(job.id, 10)).toEqual(open);
        expect([...(await world.tenants.busyWith(tenants.map(({ id }) => id))).keys()].sort()).toEqual(open.sort());
        const claimed = await world.jobs.claim("me", 10_000, ["PROVISION_TENANTS"]);
        if (!claimed) throw new TypeError();
        for (const id of open) await world.tenants.activate(claimed.lease, id, "0001_more", 1, "c1");
        expect(await world.jobs.itemCounts(job.id)).toMatchObject({ total: 4, succeeded: 4 });
      });

      it("passes over what was sealed with another key, which perhaps nobody can open", async () => {
        const other = reserved();
        await world.warmPool.reserve([{ ...other, password: `v1.other.of-${other.tenantId}` }]);
        expect(await world.warmPool.complete(other.tenantId, newest)).toBe(true);
        const [mine] = await ready(1);
        const { tenants } = await world.tenants.admit(anAdmission([wanting(), wanting()]));
        expect(tenants.map(({ id, status }) => [id === mine?.tenantId, status])).toEqual([
          [true, "ACTIVE"],
          [false, "PROVISIONING"],
        ]);
        expect((await world.warmPool.list(serverId)).map(({ tenantId }) => tenantId)).toEqual([other.tenantId]);
      });

      it("takes none that is of another schema or server, not ready, or not asked for", async () => {
        await ready(1, { version: "0000_init", checksum: "c0" });
        await world.warmPool.reserve([reserved()]);
        const [reaped] = await ready(1);
        await world.warmPool.withdraw([reaped?.tenantId as TenantId], "REAPING");
        const { tenants, job } = await world.tenants.admit(anAdmission([wanting()]));
        expect([tenants[0]?.status, job.status]).toEqual(["PROVISIONING", "QUEUED"]);
        await ready(1);
        const elsewhere = wanting({ serverId: anId<"DatabaseServer">() });
        const unasked = wanting({ warmSchema: undefined });
        for (const wanted of [elsewhere, unasked]) {
          const { tenants: other } = await world.tenants.admit(anAdmission([wanted]));
          expect(other).toMatchObject([{ id: wanted.id, status: "PROVISIONING" }]);
        }
        expect(await ready1()).toBe(1);
      });

      it("gives back what it took when it is refused", async () => {
        await ready(2);
        await world.tenants.admit(anAdmission([wanting({ slug: "taken", hostnames: ["taken.example"] })]));
        const refused = (tenant: NewTenant) => world.tenants.admit(anAdmission([tenant]));
        await expect(refused(wanting({ slug: "taken" }))).rejects.toMatchObject({ code: "SLUG_TAKEN" });
        await expect(refused(wanting({ hostnames: ["taken.example"] }))).rejects.toMatchObject({
          code: "DOMAIN_TAKEN",
        });
        expect(await ready1()).toBe(1);
      });

      it("gives each of many at the same time another one, and none twice", async () => {
        const made = await ready(10);
        const admitted = await Promise.all(
          Array.from({ length: 32 }, () => world.tenants.admit(anAdmission([wanting()]))),
        );
        const active = admitted.flatMap(({ tenants }) => tenants.filter(({ status }) => status === "ACTIVE"));
        const ids = made.map(({ tenantId }) => tenantId);
        expect(active.map(({ id }) => id).sort()).toEqual(ids.sort());
        expect(new Set(active.map(({ databaseName }) => databaseName)).size).toBe(10);
        expect(await states()).toEqual([]);
      });

      it("never takes what is being withdrawn at the same time", async () => {
        const made = await ready(8);
        const ids = made.map(({ tenantId }) => tenantId);
        const [withdrawn, admitted] = await Promise.all([
          world.warmPool.withdraw(ids, "REAPING"),
          Promise.all(ids.map(() => world.tenants.admit(anAdmission([wanting()])))),
        ]);
        const taken = admitted.flatMap(({ tenants }) => tenants).filter(({ status }) => status === "ACTIVE");
        expect([...withdrawn, ...taken.map(({ id }) => id)].sort()).toEqual(ids.sort());
        expect(await states()).toEqual(withdrawn.map(() => "REAPING"));
      });
    });
  });
}
