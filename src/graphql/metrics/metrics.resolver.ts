import { Arg, Ctx, Int, Query, Resolver, Root, type SubscribeResolverData, Subscription } from "type-graphql";
import type { MetricsSnapshot } from "../../metrics/metrics-snapshot.ts";
import type { GraphqlContext } from "../graphql-context.ts";
import { MetricsSnapshotType, toMetricsSnapshotType } from "./metrics.type.ts";

interface MetricsArgs {
  readonly intervalMs?: number | null;
}

@Resolver()
export class MetricsResolver {
  @Query(() => MetricsSnapshotType, { description: "What is measured now. Servers are sampled beforehand, not asked." })
  async metrics(@Ctx() { services }: GraphqlContext): Promise<MetricsSnapshotType> {
    return toMetricsSnapshotType(await services.metrics.snapshot());
  }

  @Subscription(() => MetricsSnapshotType, {
    name: "metrics",
    description:
      "A snapshot at once and then one per interval. Who takes them more slowly misses some, and gets the newest.",
    subscribe: ({ args, context }: SubscribeResolverData<unknown, MetricsArgs, GraphqlContext>) =>
      context.services.metrics.follow(args.intervalMs ?? undefined, context.signal),
  })
  followMetrics(
    @Root() snapshot: MetricsSnapshot,
    @Arg("intervalMs", () => Int, { nullable: true, description: "250..60000 milliseconds, default 1000." })
    _intervalMs?: number,
  ): MetricsSnapshotType {
    return toMetricsSnapshotType(snapshot);
  }
}
