import { expect, it } from "vitest";
import { type ListPage, PageStore } from "../../web/dashboard/parts/page-store.ts";

interface Shown {
  readonly id: string;
  readonly text?: string;
}

/** A list of so many rows, two to a page, of which new ones can come in front. */
class FakeList {
  rows: Shown[];
  asked = 0;
  reachable = true;

  constructor(count: number) {
    this.rows = Array.from({ length: count }, (_, index) => ({ id: `r${index + 1}` }));
  }

  readonly load = async (after: string | undefined): Promise<ListPage<Shown> | undefined> => {
    this.asked += 1;
    if (!this.reachable) return undefined;
    const from = after === undefined ? 0 : this.rows.findIndex(({ id }) => id === after) + 1;
    const rows = this.rows.slice(from, from + 2);
    const hasNext = from + 2 < this.rows.length;
    return { rows, endCursor: rows.at(-1)?.id, hasNext, ...(after === undefined && { total: this.rows.length }) };
  };
}

function storeOf(list: FakeList): PageStore<Shown> {
  return new PageStore<Shown>(list.load, ({ id }) => id);
}

const idsOf = (store: PageStore<Shown>) => store.current().rows.map(({ id }) => id);

it("loads as many pages as are in sight, and knows the total from the first", async () => {
  const list = new FakeList(9);
  const store = storeOf(list);
  await store.loadTo(1);
  expect([idsOf(store), store.current().total, store.current().hasMore]).toEqual([["r1", "r2"], 9, true]);
  await store.loadTo(5);
  expect([idsOf(store).length, list.asked]).toEqual([6, 3]);
  await store.loadTo(100);
  expect([idsOf(store).length, store.current().hasMore]).toEqual([9, false]);
});

it("goes on with what is under way instead of asking twice", async () => {
  const list = new FakeList(6);
  const store = storeOf(list);
  await Promise.all([store.loadTo(1), store.loadTo(2), store.loadTo(5)]);
  expect([idsOf(store).length, list.asked]).toEqual([6, 3]);
});

it("keeps the old rows until all that is in sight was read anew", async () => {
  const list = new FakeList(4);
  const store = storeOf(list);
  await store.loadTo(4);
  list.rows = [{ id: "n1" }, { id: "r1" }, { id: "r3" }];
  const lengths: number[] = [];
  store.subscribe(() => lengths.push(store.current().rows.length));
  await store.reload();
  expect([idsOf(store), store.current().total]).toEqual([["n1", "r1", "r3"], 3]);
  expect(lengths).toEqual([4, 3]);
});

it("puts new rows in front, changes known ones, and says how many came", async () => {
  const list = new FakeList(4);
  const store = storeOf(list);
  await store.loadTo(4);
  list.rows = [{ id: "n1" }, { id: "r1", text: "changed" }, ...list.rows.slice(1)];
  await store.refreshHead();
  expect(store.current().rows.slice(0, 2)).toEqual([{ id: "n1" }, { id: "r1", text: "changed" }]);
  expect([idsOf(store).length, store.current().addedInFront, store.current().total]).toEqual([5, 1, 5]);
});

it("reads anew when a whole page of strangers came", async () => {
  const list = new FakeList(2);
  const store = storeOf(list);
  await store.loadTo(2);
  list.rows = [{ id: "n1" }, { id: "n2" }, { id: "n3" }, { id: "r1" }, { id: "r2" }];
  await store.refreshHead();
  expect(idsOf(store)).toEqual(["n1", "n2"]);
});

it("changes rows in their place, drops those that left, and names those that it does not have", async () => {
  const store = storeOf(new FakeList(4));
  await store.loadTo(4);
  expect(store.patch([{ id: "r2", text: "new" }, { id: "elsewhere" }])).toEqual(["elsewhere"]);
  expect(store.drop(({ text }) => text === "new")).toBe(1);
  expect([idsOf(store), store.current().total]).toEqual([["r1", "r3", "r4"], 3]);
});

it("says when a page could not be had, and asks again at the next look", async () => {
  const list = new FakeList(4);
  const store = storeOf(list);
  await store.loadTo(1);
  list.reachable = false;
  await store.loadTo(4);
  expect([idsOf(store).length, store.current().failed]).toEqual([2, true]);
  list.reachable = true;
  await store.loadTo(4);
  expect([idsOf(store).length, store.current().failed]).toEqual([4, false]);
});
