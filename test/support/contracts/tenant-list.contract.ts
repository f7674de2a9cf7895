import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PageRequest } from "../../../src/kit/page.ts";
import type { TenantFilter, TenantOrder } from "../../../src/tenants/tenant-store.ts";
import { aNewTenant, anAdmission, anId, anOrigin } from "../builders.ts";
import { expectList } from "./pages.ts";
import type { OpenWorld, StoreWorld } from "./store-world.ts";

const eu = anId<"DatabaseServer">();
const us = anId<"DatabaseServer">();
const gold = { key: "tier", value: "gold" };
const live = { key: "live", value: "yes" };

/** Entered one by one, but for the last three, which have the same time and, two of them, the same name. */
const fleet = [
  aNewTenant({ slug: "delta", name: "Fish & Co", serverId: eu, labels: [gold, live], hostnames: ["fish.example.com"] }),
  aNewTenant({ slug: "alpha", name: "Zebra", serverId: us, labels: [gold] }),
  aNewTenant({ slug: "echo-1", name: "100% Pure", serverId: eu, hostnames: ["a_b.example.com", "pure.example.com"] }),
  aNewTenant({ slug: "echo-2", name: "Twin", serverId: eu, labels: [{ key: "tier", value: "silver" }] }),
  aNewTenant({ slug: "bravo", name: "Twin", serverId: us, hostnames: ["alpine.example.com"] }),
  aNewTenant({
    slug: "charlie",
    name: "under_score",
    serverId: us,
    labels: [live],
    hostnames: ["xn--bcher-kva.example.com"],
  }),
];
const inOrderOfEntry = fleet.map(({ slug }) => slug);

/** What every TenantStore keeps to, as far as lists are concerned. */
export function tenantListContract(name: string, open: OpenWorld): void {
  describe(`TenantStore, lists: ${name}`, () => {
    let world: StoreWorld;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(async () => {
      await world.reset();
      for (const tenant of fleet.slice(0, 3)) await world.tenants.admit(anAdmission([tenant]));
      await world.tenants.admit(anAdmission(fleet.slice(3)));
    });
    afterAll(() => world.close());

    const oldest: TenantOrder = { field: "CREATED_AT", direction: "ASC" };
    const slugs = async (filter: TenantFilter, order = oldest) => {
      const page = await world.tenants.list(filter, order, { limit: 100, direction: "FORWARD" });
      expect(await world.tenants.count(filter, 100)).toBe(page.edges.length);
      return page.edges.map(({ node }) => node.slug);
    };

    const byName = ["echo-1", "delta", "echo-2", "bravo", "charlie", "alpha"];
    const orders: readonly (readonly [TenantOrder["field"], readonly string[]])[] = [
      ["CREATED_AT", inOrderOfEntry],
      ["NAME", byName],
      ["SLUG", [...inOrderOfEntry].sort()],
    ];
    it.each(orders)("pages by %s, both ways, also where values are equal", async (field, expected) => {
      for (const search of [undefined, "e"]) {
        const filter = search ? { search } : {};
        const wanted = search ? expected.filter((slug) => slug.startsWith("e")) : expected;
        const list = (direction: TenantOrder["direction"]) => (page: PageRequest) =>
          world.tenants.list(filter, { field, direction }, page);
        await expectList(list("ASC"), ({ slug }) => slug, wanted);
        await expectList(list("DESC"), ({ slug }) => slug, wanted.toReversed());
      }
    });

    it("refuses a cursor of another order", async () => {
      const page = await world.tenants.list({}, oldest, { limit: 1, direction: "FORWARD" });
      const request: PageRequest = { limit: 1, direction: "BACKWARD", cursor: page.edges[0]?.cursor };
      await expect(world.tenants.list({}, { field: "SLUG", direction: "ASC" }, request)).rejects.toMatchObject({
        code: "INVALID",
        field: ["before"],
      });
    });

    it("filters by ids, slugs, server and labels", async () => {
      const [delta, alpha] = fleet;
      expect(await slugs({ ids: [alpha?.id ?? anId(), anId(), delta?.id ?? anId()] })).toEqual(["delta", "alpha"]);
      expect(await slugs({ slugs: ["charlie", "nobody", "ünï"] })).toEqual(["charlie"]);
      expect(await slugs({ serverId: us })).toEqual(["alpha", "bravo", "charlie"]);
      expect(await slugs({ labels: [gold] })).toEqual(["delta", "alpha"]);
      expect(await slugs({ labels: [gold, live] })).toEqual(["delta"]);
      expect(await slugs({ labels: [{ key: "tier", value: "GOLD" }] })).toEqual([]);
      const [key, value] = ["tier", "gold"];
      for (const label of [
        { key, value: "gold " },
        { key: "tier ", value },
      ]) {
        expect(await slugs({ labels: [label] })).toEqual([]);
        expect(await slugs({ labels: [label], search: "fish" })).toEqual([]);
      }
      expect(await slugs({ slugs: ["alpha "] })).toEqual([]);
      for (const none of [{ ids: [] }, { slugs: [] }, { statuses: [] }, { schemaVersions: [] }]) {
        expect(await slugs(none)).toEqual([]);
      }
      expect(await slugs({ labels: [] })).toEqual(inOrderOfEntry);
      expect(await slugs({ serverId: us, labels: [live], search: "under" })).toEqual(["charlie"]);
    });

    it("filters by status and schema version", async () => {
      const claimed = await world.jobs.claim("worker", 60_000, ["PROVISION_TENANTS"]);
      if (!claimed || !fleet[0]) throw new Error("No job was due.");
      await world.tenants.activate(claimed.lease, fleet[0].id, "0002_x", 1);
      expect(await slugs({ statuses: ["ACTIVE"] })).toEqual(["delta"]);
      expect(await slugs({ statuses: ["ACTIVE", "PROVISIONING"] })).toEqual(inOrderOfEntry);
      expect(await slugs({ statuses: ["ACTIVE"] }, { field: "NAME", direction: "DESC" })).toEqual(["delta"]);
      expect(await slugs({ schemaVersions: ["0002_x", "0009_y"] })).toEqual(["delta"]);
      expect(await slugs({ schemaVersions: ["0002_x "] })).toEqual([]);
    });

    it("searches for a prefix of slug, name or host name, and for nothing else", async () => {
      expect(await slugs({ search: "alp" })).toEqual(["alpha", "bravo"]);
      expect(await slugs({ search: "ALP" })).toEqual(["alpha", "bravo"]);
      expect(await slugs({ search: "twin" })).toEqual(["echo-2", "bravo"]);
      expect(await slugs({ search: "pure" })).toEqual(["echo-1"]);
      expect(await slugs({ search: "lpha" })).toEqual([]);
      expect(await slugs({ search: "zebrá" })).toEqual(["alpha"]);
      expect(await slugs({ search: "" })).toEqual(inOrderOfEntry);
    });

    it("searches for the parts of a host name as people write them", async () => {
      for (const search of ["bücher", "BÜCHER", "bücher.ex", "xn--bcher-kva.e"]) {
        expect(await slugs({ search })).toEqual(["charlie"]);
      }
      for (const search of ["büch", "bücher.x", "bücher..", "ü bücher"]) expect(await slugs({ search })).toEqual([]);
    });

    it("takes the wild cards of SQL for what they are", async () => {
      expect(await slugs({ search: "%" })).toEqual([]);
      expect(await slugs({ search: "100%" })).toEqual(["echo-1"]);
      expect(await slugs({ search: "a_b" })).toEqual(["echo-1"]);
      expect(await slugs({ search: "under_s" })).toEqual(["charlie"]);
      expect(await slugs({ search: "underxs" })).toEqual([]);
      expect(await slugs({ search: "\\" })).toEqual([]);
      expect(await slugs({ search: "' or 1=1 -- " })).toEqual([]);
    });

    it("counts up to the cap", async () => {
      expect(await world.tenants.count({}, 4)).toBe(4);
      expect(await world.tenants.count({}, 100)).toBe(6);
      expect(await world.tenants.count({ search: "e" }, 1)).toBe(1);
    });

    it("scans the fleet in order of slug, part by part", async () => {
      const seen: string[] = [];
      for (let after: string | undefined; ; after = seen.at(-1)) {
        const part = await world.tenants.scan({ labels: [] }, 4, after);
        if (part.length === 0) break;
        seen.push(...part.map(({ slug }) => slug));
      }
      expect(seen).toEqual([...inOrderOfEntry].sort());
    });

    it("gives an empty page of an empty list", async () => {
      const page = await world.tenants.list({ slugs: ["nobody"] }, oldest, { limit: 5, direction: "BACKWARD" });
      expect(page).toEqual({ edges: [], hasNextPage: false, hasPreviousPage: false });
      expect(await world.tenants.list({}, oldest, { limit: 6, direction: "FORWARD" })).toMatchObject({
        hasNextPage: false,
      });
      await world.tenants.update({ id: fleet[0]?.id ?? anId(), name: "Aa" }, anOrigin());
      expect((await slugs({}, { field: "NAME", direction: "ASC" }))[1]).toBe("delta");
    });
  });
}
