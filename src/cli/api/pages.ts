/** A page of a list of the API. */
export interface Page<Item> {
  readonly nodes: readonly Item[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** Asks for the next so many after a cursor. */
export type Turn<Item> = (first: number, after: string | null) => Promise<Page<Item>>;

/** Most that the API gives at a time. */
const largestPage = 100;

/** The items of a list, page by page, `limit` at most. @returns whether there are more */
export async function* pagesOf<Item>(turn: Turn<Item>, limit: number): AsyncGenerator<readonly Item[], boolean> {
  let after: string | null = null;
  for (let left = limit; ; ) {
    const { nodes, pageInfo }: Page<Item> = await turn(Math.min(left, largestPage), after);
    left -= nodes.length;
    yield nodes;
    if (!pageInfo.hasNextPage) return false;
    if (left <= 0) return true;
    after = pageInfo.endCursor;
  }
}

/** All items of a list. */
export async function allOf<Item>(turn: Turn<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const nodes of pagesOf(turn, Number.POSITIVE_INFINITY)) items.push(...nodes);
  return items;
}
