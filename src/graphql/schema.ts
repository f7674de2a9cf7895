import "reflect-metadata";
import type { GraphQLSchema } from "graphql";
import { type BuildSchemaOptions, buildSchemaSync, type PubSub } from "type-graphql";
import { ApiKeyResolver } from "./access/api-key.resolver.ts";
import { AuditResolver } from "./access/audit.resolver.ts";
import { SecretsResolver } from "./access/secrets.resolver.ts";
import { ViewerResolver } from "./access/viewer.resolver.ts";
import { resolveCountsOf } from "./connection.ts";
import { resolveDirectly } from "./direct-resolvers.ts";
import { FindingResolver } from "./findings/finding.resolver.ts";
import { FleetResolver } from "./fleet/fleet.resolver.ts";
import { FleetWorkResolver } from "./fleet/fleet-work.resolver.ts";
import { guard } from "./guard.ts";
import { JobResolver } from "./jobs/job.resolver.ts";
import { JobItemResolver } from "./jobs/job-item.resolver.ts";
import { JobProgressResolver } from "./jobs/job-progress.resolver.ts";
import { MetricsResolver } from "./metrics/metrics.resolver.ts";
import { NodeResolver } from "./node/node.resolver.ts";
import { resolveTypesOf } from "./resolve-type.ts";
import { ScheduleResolver } from "./schedules/schedule.resolver.ts";
import { DatabaseServerResolver } from "./servers/database-server.resolver.ts";
import { ServerWarmPoolResolver, WarmPoolResolver } from "./servers/warm-pool.resolver.ts";
import { DomainResolver } from "./tenants/domain.resolver.ts";
import { TenantResolver } from "./tenants/tenant.resolver.ts";
import { TenantChangedResolver } from "./tenants/tenant-changed.resolver.ts";
import { TenantLifecycleResolver } from "./tenants/tenant-lifecycle.resolver.ts";
import { TenantMutationsResolver } from "./tenants/tenant-mutations.resolver.ts";
import { PerformanceTestResolver } from "./test-runs/performance-test.resolver.ts";
import { TestRunResolver } from "./test-runs/test-run.resolver.ts";
import { TestRunProgressResolver } from "./test-runs/test-run-progress.resolver.ts";

const resolvers = [
  ApiKeyResolver,
  AuditResolver,
  DatabaseServerResolver,
  ServerWarmPoolResolver,
  WarmPoolResolver,
  DomainResolver,
  FindingResolver,
  FleetResolver,
  FleetWorkResolver,
  JobItemResolver,
  JobProgressResolver,
  JobResolver,
  MetricsResolver,
  NodeResolver,
  ScheduleResolver,
  SecretsResolver,
  TenantChangedResolver,
  TenantLifecycleResolver,
  TenantMutationsResolver,
  TenantResolver,
  TestRunProgressResolver,
  PerformanceTestResolver,
  TestRunResolver,
  ViewerResolver,
] as const;

/** A subscription without a `subscribe` of its own: a mistake of ours. */
class NoPubSub extends Error {
  override readonly name = "NoPubSub";
}

/** type-graphql demands one, but its default drops events of slow subscribers and dies of it: each subscription brings its own source. */
const noPubSub: PubSub = {
  publish: () => {
    throw new NoPubSub("Nothing is published through the schema.");
  },
  subscribe: () => {
    throw new NoPubSub("Each subscription has a source of its own.");
  },
};

/** The API's schema. Its resolvers expect a GraphqlContext. */
export function buildApiSchema(): GraphQLSchema {
  const options: BuildSchemaOptions = {
    resolvers: [...resolvers],
    pubSub: noPubSub,
    // The rules of inputs are the domain's; here only shapes are checked, which graphql does.
    validate: false,
    // Asks the whole schema of itself: an eighth of a start, and a test says the same.
    skipCheck: true,
  };
  const schema = buildSchemaSync(options);
  resolveTypesOf(schema);
  resolveDirectly(schema, options);
  resolveCountsOf(schema);
  guard(schema);
  return schema;
}
