import { useSubscription } from "urql";
import { MetricsDocument, type MetricsSubscription } from "../gql/graphql.ts";

export type Snapshot = MetricsSubscription["metrics"];

/** Snapshots since the page was opened, the newest last. */
export interface MetricsSeen {
  readonly snapshots: readonly Snapshot[];
  readonly newest?: Snapshot | undefined;
}

/** Five minutes, at one per second. */
const keptSnapshots = 300;

/** What is measured, once per second. After a lost connection it goes on by itself. */
export function useMetrics(): MetricsSeen {
  const [{ data }] = useSubscription<MetricsSubscription, MetricsSeen>({ query: MetricsDocument }, remember);
  return data ?? { snapshots: [] };
}

function remember(seen: MetricsSeen | undefined, { metrics }: MetricsSubscription): MetricsSeen {
  return { snapshots: [...(seen?.snapshots ?? []), metrics].slice(-keptSnapshots), newest: metrics };
}
