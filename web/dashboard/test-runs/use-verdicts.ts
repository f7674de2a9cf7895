import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useApi } from "../api/use-api.ts";
import { type Rating, TestVerdictsDocument, type Verdict } from "../gql/graphql.ts";

/** What a run says of one tenant, in as few words as possible. */
export interface TenantVerdict {
  readonly tenantId: string;
  readonly slug: string;
  readonly verdict: Verdict;
  readonly rating?: Rating | undefined;
}

const pauseMs = 250;

/** The verdicts of a run in the order in which they came, read page by page: none is missed, however quickly they come. */
class VerdictFeed {
  readonly #listeners = new Set<() => void>();
  #verdicts: readonly TenantVerdict[] = [];
  #cursor: string | undefined;
  #reading = false;
  #again = false;
  #closed = false;

  /** @param load a page; undefined when it could not be had */
  constructor(private readonly load: (after: string | undefined) => Promise<VerdictPage | undefined>) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#closed = false;
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      this.#closed = this.#listeners.size === 0;
    };
  };

  readonly current = (): readonly TenantVerdict[] => this.#verdicts;

  /** There may be more. */
  async more(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again && !this.#closed) {
      this.#again = false;
      const page = await this.load(this.#cursor);
      if (page && page.verdicts.length > 0) {
        this.#cursor = page.endCursor ?? this.#cursor;
        this.#verdicts = [...this.#verdicts, ...page.verdicts];
        for (const listener of this.#listeners) listener();
      }
      this.#again ||= page?.hasNext ?? false;
      if (!page?.hasNext) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    this.#reading = false;
  }
}

interface VerdictPage {
  readonly verdicts: readonly TenantVerdict[];
  readonly endCursor?: string | undefined;
  readonly hasNext: boolean;
}

/** @param step changes whenever there may be more, e.g. with each event that was heard */
export function useVerdicts(runId: string, step: unknown): readonly TenantVerdict[] {
  const { client } = useApi();
  const feed = useMemo(
    () =>
      new VerdictFeed(async (after) => {
        const asked = { id: runId, ...(after !== undefined && { after }) };
        const { data } = await client.query(TestVerdictsDocument, asked, { requestPolicy: "network-only" }).toPromise();
        const results = data?.testRun?.results;
        if (!results) return undefined;
        return {
          verdicts: results.nodes.map((node) => ({
            tenantId: node.tenant.id,
            slug: node.tenant.slug,
            verdict: node.verdict,
            rating: ("rating" in node ? node.rating : undefined) ?? undefined,
          })),
          endCursor: results.pageInfo.endCursor ?? undefined,
          hasNext: results.pageInfo.hasNextPage,
        };
      }),
    [client, runId],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the step is when, not what
  useEffect(() => void feed.more(), [feed, step]);
  return useSyncExternalStore(feed.subscribe, feed.current);
}
