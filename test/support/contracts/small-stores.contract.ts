import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { aNewTenant, anAdmission, anApiKey, anId, anOrigin, aServer } from "../builders.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute));

/** What every ServerStore, ScratchStore, ApiKeyStore and AuditLog keeps to. */
export function smallStoresContract(name: string, open: OpenWorld): void {
  describe(`Servers, scratch objects, API keys and audit log: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    describe("ServerStore", () => {
      it("adds a server once by its name, and corrects where it is", async () => {
        const server = aServer({ name: "main" });
        expect(await world.servers.ensure(server)).toEqual(server);
        const moved = aServer({ name: "main", host: "10.0.0.7", port: 3307, engine: "MYSQL", version: "8.4.0" });
        const now = await world.servers.ensure(moved);
        expect(now).toEqual({ ...moved, id: server.id });
        expect(await world.servers.list()).toEqual([now]);
        const both = await Promise.all([1, 2].map(() => world.servers.ensure(aServer({ name: "other" }))));
        expect(both[0]?.id).toBe(both[1]?.id);
        expect((await world.servers.list()).map((one) => one.name)).toEqual(["main", "other"]);
      });

      it("writes what the last contact showed", async () => {
        const { id } = await world.servers.ensure(aServer());
        await world.servers.observe(id, { status: "ONLINE", version: "11.4.2", at: at(1) });
        await world.servers.observe(id, { status: "UNREACHABLE", at: at(2) });
        expect(await world.servers.findMany([id, anId<"DatabaseServer">()])).toMatchObject([
          { status: "UNREACHABLE", version: "11.4.2", lastContactAt: at(1) },
        ]);
        const cordoned = await world.servers.ensure(aServer({ status: "CORDONED" }));
        await world.servers.observe(cordoned.id, { status: "ONLINE", at: at(3) });
        expect(await world.servers.findMany([cordoned.id])).toMatchObject([
          { status: "CORDONED", lastContactAt: at(3) },
        ]);
      });

      it("counts the tenants of each server", async () => {
        const [full, empty] = [anId<"DatabaseServer">(), anId<"DatabaseServer">()];
        await world.tenants.admit(anAdmission([aNewTenant({ serverId: full }), aNewTenant({ serverId: full })]));
        const counts = await world.servers.tenantCounts([full, empty]);
        expect([counts.get(full), counts.get(empty)]).toEqual([2, 0]);
      });
    });

    it("ScratchStore remembers what was made until it is forgotten, the oldest first", async () => {
      const serverId = anId<"DatabaseServer">();
      for (const scratch of ["scratchb", "scratcha", "scratchb"]) {
        await world.scratch.remember(scratch, serverId, "folding");
      }
      const later = new Date(world.clock.now().getTime() + 1_000);
      const [oldest, ...others] = await world.scratch.listOlderThan(later, 10);
      expect(oldest).toMatchObject({ name: "scratchb", serverId, purpose: "folding" });
      expect(others.map((other) => other.name)).toEqual(["scratcha"]);
      expect(await world.scratch.listOlderThan(later, 1)).toHaveLength(1);
      expect(await world.scratch.listOlderThan(oldest?.createdAt ?? later, 10)).toEqual([]);
      expect(await world.scratch.listOlderThan(later, 10, oldest)).toEqual(others);
      expect(await world.scratch.listOlderThan(later, 10, others.at(-1))).toEqual([]);
      await world.scratch.forget("scratchb");
      await world.scratch.forget("scratchb");
      expect((await world.scratch.listOlderThan(later, 10)).map((left) => left.name)).toEqual(["scratcha"]);
    });

    it("ScratchStore remembers and forgets several at once, and knows what each purpose has made", async () => {
      const serverId = anId<"DatabaseServer">();
      const { scratch } = world;
      await scratch.rememberAll([], serverId, "run:1");
      await scratch.rememberAll(["tntbbbbbb.tenantry_canary", "scratcha"], serverId, "run:1");
      await scratch.rememberAll(["scratchb", "scratchc"], serverId, "run:2");
      const made = await scratch.listByPurpose("run:1");
      expect(made.map((one) => one.name)).toEqual(["scratcha", "tntbbbbbb.tenantry_canary"]);
      await scratch.remember("scratcha", serverId, "run:2");
      await scratch.forgetAll(["scratchb", "scratchx"]);
      await scratch.forgetAll([]);
      expect((await scratch.listByPurpose("run:2")).map((one) => one.name)).toEqual(["scratcha", "scratchc"]);
      expect(await scratch.listByPurpose("run:3")).toEqual([]);
    });

    describe("ApiKeyStore", () => {
      it("adds a key once by its hash, and finds it by hash and id", async () => {
        const key = anApiKey({ name: "first" });
        expect(await world.apiKeys.ensure(key, "aa")).toEqual(key);
        expect(await world.apiKeys.ensure(anApiKey({ name: "second" }), "aa")).toEqual(key);
        expect(await world.apiKeys.findByHash("aa")).toEqual(key);
        expect(await world.apiKeys.find(key.id)).toEqual(key);
        for (const hash of ["AA", "bb", "ää"]) expect(await world.apiKeys.findByHash(hash)).toBeUndefined();
        expect(await world.apiKeys.find(anId<"ApiKey">())).toBeUndefined();
      });

      it("knows whether a live key of a role exists", async () => {
        await world.apiKeys.ensure(anApiKey({ role: "VIEWER" }), "a1");
        await world.apiKeys.ensure(anApiKey({ revokedAt: at(1) }), "a2");
        await world.apiKeys.ensure(anApiKey({ expiresAt: at(5) }), "a3");
        expect(await world.apiKeys.hasLive("ADMIN", at(4))).toBe(true);
        expect(await world.apiKeys.hasLive("ADMIN", at(5))).toBe(false);
        expect(await world.apiKeys.hasLive("OPERATOR", at(4))).toBe(false);
      });

      it("remembers the latest use", async () => {
        const { id } = await world.apiKeys.ensure(anApiKey(), "a4");
        await world.apiKeys.touch(id, at(3));
        await world.apiKeys.touch(id, at(2));
        expect(await world.apiKeys.find(id)).toMatchObject({ lastUsedAt: at(3) });
      });
    });

    describe("ApiKeyStore, keys that are given out and taken back", () => {
      it("lists the newest first, ended ones included, and finds several by id", async () => {
        const [old, mid, young] = [1, 2, 3].map((minute) => anApiKey({ createdAt: at(minute), role: "VIEWER" }));
        if (!old || !mid || !young) throw new TypeError();
        for (const [place, key] of [mid, old, young].entries()) {
          await world.apiKeys.add(key, `b${place}`, 10, anOrigin());
        }
        await world.apiKeys.revoke(mid.id, at(4), anOrigin());
        const ids = (await world.apiKeys.list(10)).map(({ id }) => id);
        expect(ids).toEqual([young.id, mid.id, old.id]);
        expect(await world.apiKeys.list(1)).toHaveLength(1);
        expect(await world.apiKeys.findMany([old.id, anId<"ApiKey">()])).toEqual([old]);
        expect(await world.apiKeys.findMany([])).toEqual([]);
      });

      it("adds no more keys than may be live", async () => {
        const add = (hash: string) => world.apiKeys.add(anApiKey({ createdAt: at(1) }), hash, 2, anOrigin());
        await add("c1");
        const { id } = await add("c2");
        await expect(add("c3")).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
        await world.apiKeys.revoke(id, at(1), anOrigin());
        await add("c4");
      });

      it("revokes a key once, and audits it", async () => {
        const origin = anOrigin();
        const { id } = await world.apiKeys.add(anApiKey({ role: "OPERATOR" }), "d1", 10, origin);
        expect(await world.apiKeys.revoke(id, at(5), origin)).toMatchObject({ id, revokedAt: at(5) });
        expect(await world.apiKeys.revoke(id, at(6), origin)).toMatchObject({ revokedAt: at(5) });
        expect(await world.apiKeys.find(id)).toMatchObject({ revokedAt: at(5) });
        const row = { actorId: origin.actor.id, subject: `ApiKey:${id}`, result: "OK" };
        expect(await world.auditRows()).toEqual([
          { ...row, action: "createApiKey" },
          { ...row, action: "revokeApiKey" },
        ]);
        await expect(world.apiKeys.revoke(anId<"ApiKey">(), at(5), origin)).rejects.toMatchObject({
          code: "NOT_FOUND",
          field: ["input", "id"],
        });
      });

      it("never takes the last live ADMIN key away, also when two go for each other at once", async () => {
        const [one, other] = [anApiKey({ role: "ADMIN" }), anApiKey({ role: "ADMIN" })];
        await world.apiKeys.add(one, "e1", 10, anOrigin());
        await world.apiKeys.add(other, "e2", 10, anOrigin());
        await world.apiKeys.add(anApiKey({ role: "ADMIN", expiresAt: at(1) }), "e3", 10, anOrigin());
        const outcomes = await Promise.allSettled(
          [one, other].map(({ id }) => world.apiKeys.revoke(id, at(2), anOrigin())),
        );
        const refused = outcomes.filter((outcome) => outcome.status === "rejected");
        expect(refused).toMatchObject([{ reason: { code: "INVALID_STATE" } }]);
        expect(await world.apiKeys.hasLive("ADMIN", at(2))).toBe(true);
      });
    });

    it("AuditLog appends who did what, and how it ended", async () => {
      const origin = anOrigin();
      await world.audit.append({ origin, action: "revealTenantConnection", subject: "Tenant:1", result: "OK" });
      await world.audit.append({ origin, action: "createTenant", result: "SLUG_TAKEN", note: "because" });
      expect(await world.auditRows()).toEqual([
        { actorId: origin.actor.id, action: "revealTenantConnection", subject: "Tenant:1", result: "OK" },
        { actorId: origin.actor.id, action: "createTenant", subject: undefined, result: "SLUG_TAKEN" },
      ]);
    });
  });
}
