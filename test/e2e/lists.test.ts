import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { EnterTenantsDocument, type TenantOrder, TenantsDocument, type TenantsQueryVariables } from "../gql/graphql.ts";
import { buildService } from "../support/service.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
/** In the order of their creation; ties in both name and instant of creation are certain. */
const fleet = Array.from({ length: 150 }, (_, n) => ({
  slug: `t-${String((n * 67) % 150).padStart(3, "0")}`,
  name: `Name ${n % 4}`,
  labels: [
    { key: "parity", value: n % 2 === 0 ? "even" : "odd" },
    { key: "third", value: String(n % 3) },
  ],
  domains: n % 10 === 0 ? [`host-${n}.example`] : [],
}));

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  const { createTenants } = await stage.api.data(EnterTenantsDocument, { input: { tenants: fleet } });
  expect(createTenants.userErrors).toEqual([]);
}, 60_000);

afterAll(() => stage?.close());

interface Walk {
  readonly slugs: readonly string[];
  readonly pages: number;
  readonly total: number;
}

/** All pages in one direction, in the order of the list. */
async function walk(direction: "forward" | "backward", size: number, more: TenantsQueryVariables = {}): Promise<Walk> {
  const slugs: string[] = [];
  let cursor: string | null | undefined;
  for (let pages = 1; ; pages += 1) {
    const part = direction === "forward" ? { first: size, after: cursor } : { last: size, before: cursor };
    const { tenants } = await stage.api.data(TenantsDocument, { ...more, ...part });
    const { edges, pageInfo, totalCount } = tenants;
    const page = edges.map(({ node }) => node.slug);
    expect([pageInfo.startCursor, pageInfo.endCursor]).toEqual([
      edges[0]?.cursor ?? null,
      edges.at(-1)?.cursor ?? null,
    ]);
    if (direction === "forward") slugs.push(...page);
    else slugs.unshift(...page);
    const goesOn = direction === "forward" ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    const cameFrom = direction === "forward" ? pageInfo.hasPreviousPage : pageInfo.hasNextPage;
    expect(cameFrom).toBe(pages > 1);
    if (!goesOn) return { slugs, pages, total: totalCount };
    expect(page).toHaveLength(size);
    cursor = direction === "forward" ? pageInfo.endCursor : pageInfo.startCursor;
  }
}

const orders: readonly TenantOrder[] = (["CREATED_AT", "NAME", "SLUG"] as const).flatMap((field) => [
  { field, direction: "ASC" as const },
  { field, direction: "DESC" as const },
]);

describe("the list of 150 tenants", () => {
  it.each(orders)("by $field $direction is whole and the same, page by page, forward and backward", async (orderBy) => {
    const once = await walk("forward", 100, { orderBy });
    expect(new Set(once.slugs).size).toBe(150);
    expect(once).toMatchObject({ pages: 2, total: 150 });
    for (const size of [7, 25, 50]) {
      const forward = await walk("forward", size, { orderBy });
      expect(forward.slugs).toEqual(once.slugs);
      expect(forward.pages).toBe(Math.ceil(150 / size));
      expect((await walk("backward", size, { orderBy })).slugs).toEqual(once.slugs);
    }
  });

  it("by slug is in the order of its bytes, and descending is ascending turned round", async () => {
    const ascending = await walk("forward", 50, { orderBy: { field: "SLUG", direction: "ASC" } });
    expect(ascending.slugs).toEqual(fleet.map(({ slug }) => slug).toSorted());
    const descending = await walk("forward", 50, { orderBy: { field: "SLUG", direction: "DESC" } });
    expect(descending.slugs).toEqual(ascending.slugs.toReversed());
  });

  it("is 25 long when nothing is asked for, the newest first", async () => {
    const { tenants } = await stage.api.data(TenantsDocument, {});
    expect(tenants.edges).toHaveLength(25);
    const all = await walk("forward", 100, { orderBy: { field: "CREATED_AT", direction: "DESC" } });
    expect(tenants.edges.map(({ node }) => node.slug)).toEqual(all.slugs.slice(0, 25));
  });

  const expected = (keep: (tenant: (typeof fleet)[number]) => boolean) => fleet.filter(keep).map(({ slug }) => slug);

  it.each([
    ["a label", { labels: [{ key: "parity", value: "even" }] }, expected((t) => t.labels[0]?.value === "even")],
    [
      "two labels",
      {
        labels: [
          { key: "parity", value: "odd" },
          { key: "third", value: "2" },
        ],
      },
      expected((t) => t.labels[0]?.value === "odd" && t.labels[1]?.value === "2"),
    ],
    ["a label that nobody has", { labels: [{ key: "parity", value: "neither" }] }, []],
    ["slugs", { slugs: ["t-001", "t-149", "unknown"] }, ["t-001", "t-149"]],
    ["the beginning of a slug", { search: "t-14" }, expected((t) => t.slug.startsWith("t-14"))],
    ["the beginning of a name", { search: "name 3" }, expected((t) => t.name === "Name 3")],
    ["the beginning of a host name", { search: "host-1" }, expected((t) => (t.domains[0] ?? "").startsWith("host-1"))],
    ["a search that would be a wildcard", { search: "%" }, []],
    ["a search that would be one character", { search: "t_00" }, []],
    ["no ids at all", { ids: [] }, []],
    ["an id of nobody", { ids: ["tenant_x"] }, []],
    ["a status that nobody has", { statuses: ["DELETED" as const] }, []],
  ])("filtered by %s is whole, page by page, in both directions", async (_what, filter, slugs) => {
    const forward = await walk("forward", 9, { filter });
    expect(forward.slugs.toSorted()).toEqual([...slugs].toSorted());
    expect(forward.total).toBe(slugs.length);
    expect((await walk("backward", 9, { filter })).slugs).toEqual(forward.slugs);
  });

  it("goes on where a cursor says, though tenants were added before and behind it", async () => {
    const orderBy: TenantOrder = { field: "SLUG", direction: "ASC" };
    const filter = { labels: [{ key: "parity", value: "even" }] };
    const before = await walk("forward", 10, { orderBy, filter });
    const { tenants } = await stage.api.data(TenantsDocument, { first: 10, orderBy, filter });
    const labels = [{ key: "parity", value: "even" }];
    const added = ["a-first", "zz-last"].map((slug) => ({ slug, name: "Added", labels }));
    await stage.api.data(EnterTenantsDocument, { input: { tenants: added } });
    const after = tenants.pageInfo.endCursor;
    const next = await stage.api.data(TenantsDocument, { first: 100, orderBy, filter, after });
    const rest = next.tenants.edges.map(({ node }) => node.slug);
    expect(rest).toEqual([...before.slugs.slice(10), "zz-last"]);
    await stage.rows("DELETE FROM tenants WHERE name = 'Added'");
  });
});
