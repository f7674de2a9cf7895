import { expect } from "vitest";
import type { Page, PageRequest } from "../../../src/kit/page.ts";

type List<T> = (page: PageRequest) => Promise<Page<T>>;

/** Walks a list from one end to the other, and checks on the way what the pages say of themselves. @returns its nodes in list order */
export async function walk<T>(list: List<T>, limit: number, direction: PageRequest["direction"]): Promise<T[]> {
  const nodes: T[] = [];
  for (let cursor: string | undefined; ; ) {
    const page: Page<T> = await list({ limit, direction, cursor });
    const forward = direction === "FORWARD";
    const found = page.edges.map(({ node }) => node);
    if (forward) nodes.push(...found);
    else nodes.unshift(...found);
    expect(found.length).toBeLessThanOrEqual(limit);
    expect(forward ? page.hasPreviousPage : page.hasNextPage).toBe(cursor !== undefined);
    if (!(forward ? page.hasNextPage : page.hasPreviousPage)) return nodes;
    expect(found).toHaveLength(limit);
    cursor = (forward ? page.edges.at(-1) : page.edges[0])?.cursor;
  }
}

/** Checks that the list has these nodes, whichever way and however finely it is walked, and that it refuses what is no cursor of its own. */
export async function expectList<T, Key>(list: List<T>, keyOf: (node: T) => Key, expected: readonly Key[]) {
  for (const limit of [1, 2, 3, 100]) {
    for (const direction of ["FORWARD", "BACKWARD"] as const) {
      expect((await walk(list, limit, direction)).map(keyOf)).toEqual(expected);
    }
  }
  const own = (await list({ limit: 1, direction: "FORWARD" })).edges.flatMap(({ cursor }) => [
    ` ${cursor}`,
    `${cursor}!`,
  ]);
  for (const cursor of [...badCursors, ...own]) {
    await expect(list({ limit: 5, direction: "FORWARD", cursor })).rejects.toMatchObject({ code: "INVALID" });
  }
}

const text = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const badCursors = ["", "nonsense", text({}), text(["other list", 1, "x"]), text([null]), text(["jobs", {}, 1])];
