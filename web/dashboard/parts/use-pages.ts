import type { AnyVariables, TypedDocumentNode } from "@urql/core";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { useApi, useConnection, useReconnected } from "../api/use-api.ts";
import { type PageSnapshot, PageStore } from "./page-store.ts";

/** What is read of a connection of the API. */
export interface ConnectionShown<Row> {
  readonly nodes: readonly Row[];
  readonly pageInfo: { readonly endCursor?: string | null; readonly hasNextPage: boolean };
  readonly totalCount?: number;
}

export interface PagedQuery<Data, Row, Variables extends AnyVariables> {
  /**
   * With the variables `$first: Int, $after: String, $counted: Boolean!`; `totalCount @include(if: $counted)` is asked for
   * with the first page alone.
   */
  readonly document: TypedDocumentNode<Data, Variables>;
  /** All but the three. When they change, it is another list. */
  readonly variables: Omit<Variables, "first" | "after" | "counted">;
  pick(data: Data): ConnectionShown<Row>;
  idOf(row: Row): string;
  /** Look at the first page so often: for lists with the newest in front. */
  readonly everyMs?: number;
}

export interface Pages<Row> extends PageSnapshot<Row> {
  readonly store: PageStore<Row>;
  /** Shown are the rows of the list before; those of this one are on their way. */
  readonly outdated: boolean;
}

const pageSize = 100;

/** A long list, loaded page by page as it is scrolled. Read anew when the service was away. */
export function usePages<Data, Row, Variables extends AnyVariables>({
  document: query,
  variables,
  pick,
  idOf,
  everyMs,
}: PagedQuery<Data, Row, Variables>): Pages<Row> {
  const { client } = useApi();
  const { status } = useConnection();
  const key = JSON.stringify(variables);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the variables; how rows are read does not change
  const store = useMemo(() => {
    const given = JSON.parse(key) as object;
    return new PageStore<Row>(async (after) => {
      const asked = { ...given, first: pageSize, after, counted: after === undefined } as unknown as Variables;
      const { data } = await client.query(query, asked, { requestPolicy: "network-only" }).toPromise();
      if (!data) return undefined;
      const { nodes, pageInfo, totalCount } = pick(data);
      return {
        rows: nodes,
        endCursor: pageInfo.endCursor ?? undefined,
        hasNext: pageInfo.hasNextPage,
        total: totalCount,
      };
    }, idOf);
  }, [client, query, key]);
  useEffect(() => void store.loadTo(1), [store]);
  useReconnected(() => void store.reload());
  useEffect(() => {
    if (everyMs === undefined || status !== "ONLINE") return;
    const timer = setInterval(() => document.visibilityState === "visible" && void store.refreshHead(), everyMs);
    return () => clearInterval(timer);
  }, [store, everyMs, status]);
  const snapshot = useSyncExternalStore(store.subscribe, store.current);
  const before = useRef(snapshot);
  const outdated = snapshot.loading === "FIRST" && before.current.rows.length > 0;
  useEffect(() => {
    if (snapshot.loading !== "FIRST") before.current = snapshot;
  }, [snapshot]);
  const shown = outdated ? { ...before.current, loading: snapshot.loading } : snapshot;
  return { ...shown, store, outdated };
}
