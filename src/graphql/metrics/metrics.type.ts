import { Field, Float, Int, ObjectType } from "type-graphql";
import { type JobStatus, jobStatuses } from "../../jobs/job.ts";
import type { FleetCounts, MetricsSnapshot, ServerMetrics } from "../../metrics/metrics-snapshot.ts";
import { tenantStatuses } from "../../tenants/tenant.ts";
import { DateTime } from "../date-time.ts";
import { TenantStatusCountType } from "../fleet/fleet.type.ts";
import { DatabaseServerType, toDatabaseServerType } from "../servers/database-server.type.ts";
import { LatencyStatsType } from "../test-runs/latency-stats.type.ts";

@ObjectType("ProcessMetrics", { description: "The service's process over the last seconds.", simpleResolvers: true })
export class ProcessMetricsType {
  @Field(() => Float, { description: "100 is one core." })
  readonly cpuPercent!: number;

  @Field(() => Float, { description: "Resident memory." })
  readonly rssBytes!: number;

  @Field(() => Float, { description: "JavaScript heap in use." })
  readonly heapUsedBytes!: number;

  @Field(() => Float, { description: "How many milliseconds late timers came, 99 % of them at most." })
  readonly eventLoopDelayP99Ms!: number;

  @Field(() => Float, { description: "Since the process began." })
  readonly uptimeSeconds!: number;
}

@ObjectType("ApiMetrics", { description: "This API, over HTTP and WebSocket.", simpleResolvers: true })
export class ApiMetricsType {
  @Field(() => Float, { description: "Operations of the last ten seconds." })
  readonly requestsPerSecond!: number;

  @Field(() => Float, { description: "Operations answered with `errors`; `userErrors` are none." })
  readonly errorsPerSecond!: number;

  @Field(() => LatencyStatsType, {
    nullable: true,
    description: "Queries and mutations of the last half to whole minute; null when there were none.",
  })
  readonly latency?: LatencyStatsType | undefined;

  @Field(() => Int, { description: "Subscriptions under way, this one included." })
  readonly activeSubscriptions!: number;
}

@ObjectType("JobMetrics", { description: "Jobs that the registry remembers.", simpleResolvers: true })
export class JobMetricsType {
  @Field(() => Int, { description: "Wait for their turn." })
  readonly queued!: number;

  @Field(() => Int, { description: "RUNNING or CANCELLING." })
  readonly running!: number;

  @Field(() => Int, { description: "Ended SUCCEEDED." })
  readonly succeededTotal!: number;

  @Field(() => Int, { description: "Ended FAILED." })
  readonly failedTotal!: number;
}

@ObjectType("ConnectionPoolMetrics", {
  description: "The service's own connections to a server.",
  simpleResolvers: true,
})
export class ConnectionPoolMetricsType {
  @Field(() => Int, { description: "How many it may hold." })
  readonly limit!: number;

  @Field(() => Int, { description: "In use." })
  readonly inUse!: number;

  @Field(() => Int, { description: "Open, and used by nobody." })
  readonly idle!: number;

  @Field(() => Int, { description: "Pieces of work that wait for one." })
  readonly waiting!: number;

  @Field(() => Int, { description: "Pieces of work that waited in vain, since the start." })
  readonly refusedTotal!: number;
}

@ObjectType("ServerMetrics", {
  description: "A database server as it was last sampled, every two seconds.",
  simpleResolvers: true,
})
export class ServerMetricsType {
  @Field(() => DatabaseServerType, { description: "The server." })
  readonly server!: DatabaseServerType;

  @Field(() => Boolean, { description: "Whether it answered." })
  readonly reachable!: boolean;

  @Field(() => Float, { nullable: true, description: "Milliseconds of one small statement." })
  readonly pingMs?: number | undefined;

  @Field(() => Int, { nullable: true, description: "Connections, of all clients." })
  readonly threadsConnected?: number | undefined;

  @Field(() => Int, { nullable: true, description: "Statements under way, of all clients." })
  readonly threadsRunning?: number | undefined;

  @Field(() => Int, { nullable: true, description: "Connections that it takes." })
  readonly maxConnections?: number | undefined;

  @Field(() => Float, { nullable: true, description: "Statements of all clients, between the last two samples." })
  readonly queriesPerSecond?: number | undefined;

  @Field(() => ConnectionPoolMetricsType, { nullable: true, description: "How the service's connections are used." })
  readonly pool?: ConnectionPoolMetricsType | undefined;
}

@ObjectType("MetricsSnapshot", { description: "Everything that is measured, at one instant.", simpleResolvers: true })
export class MetricsSnapshotType {
  @Field(() => DateTime, { description: "When." })
  readonly at!: Date;

  @Field(() => ProcessMetricsType, { description: "The service's process." })
  readonly process!: ProcessMetricsType;

  @Field(() => ApiMetricsType, { description: "This API." })
  readonly api!: ApiMetricsType;

  @Field(() => JobMetricsType, { description: "Jobs." })
  readonly jobs!: JobMetricsType;

  @Field(() => [TenantStatusCountType], { description: "Every status, also those that no tenant has." })
  readonly tenants!: readonly TenantStatusCountType[];

  @Field(() => [ServerMetricsType], { description: "Every server that holds tenant databases." })
  readonly servers!: readonly ServerMetricsType[];
}

/** A snapshot, as the API shows it. */
export function toMetricsSnapshotType(snapshot: MetricsSnapshot): MetricsSnapshotType {
  const { at, process, api, counts, servers } = snapshot;
  return {
    at,
    process,
    api,
    jobs: toJobMetrics(counts),
    tenants: tenantStatuses.map((status) => ({ status, count: counts.tenants.get(status) ?? 0 })),
    servers: servers.map(toServerMetrics),
  };
}

function toJobMetrics({ jobs }: FleetCounts): JobMetricsType {
  const byStatus = new Map(jobStatuses.map((status) => [status, 0]));
  for (const { status, count } of jobs) byStatus.set(status, (byStatus.get(status) ?? 0) + count);
  const of = (status: JobStatus) => byStatus.get(status) ?? 0;
  return {
    queued: of("QUEUED"),
    running: of("RUNNING") + of("CANCELLING"),
    succeededTotal: of("SUCCEEDED"),
    failedTotal: of("FAILED"),
  };
}

function toServerMetrics({ server, ...seen }: ServerMetrics): ServerMetricsType {
  return { ...seen, server: toDatabaseServerType(server) };
}
