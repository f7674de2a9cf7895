import type { JobKind, JobStatus } from "../jobs/job.ts";
import type { LatencyStats } from "../kit/histogram.ts";
import type { ServerId } from "../kit/ids.ts";
import type { DatabaseServer } from "../servers/database-server.ts";
import type { Rating, TenantStatus } from "../tenants/tenant.ts";

/** The service's own process, over the last seconds. */
export interface ProcessMetrics {
  /** 100 is one core. */
  readonly cpuPercent: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  /** How late timers came, 99 % of the time at most. */
  readonly eventLoopDelayP99Ms: number;
  readonly uptimeSeconds: number;
}

/** The API over both transports. */
export interface ApiMetrics {
  /** Of the last ten seconds. */
  readonly requestsPerSecond: number;
  /** Of the last ten seconds; refusals in `userErrors` are no errors. */
  readonly errorsPerSecond: number;
  /** Queries and mutations of the last half to whole minute; undefined: there were none. */
  readonly latency?: LatencyStats | undefined;
  readonly activeSubscriptions: number;
}

/** Connections that the service itself may hold of one server. */
export interface PoolUsage {
  readonly limit: number;
  readonly inUse: number;
  readonly idle: number;
  /** Pieces of work that wait for a connection. */
  readonly waiting: number;
  /** Since the start: pieces of work that waited in vain. */
  readonly refusedTotal: number;
  /** Since the start: the time that all of them waited together. */
  readonly waitedMsTotal: number;
}

/** One server as the sampling last saw it. */
export interface ServerMetrics {
  readonly server: DatabaseServer;
  readonly reachable: boolean;
  readonly pingMs?: number | undefined;
  readonly threadsConnected?: number | undefined;
  readonly threadsRunning?: number | undefined;
  readonly maxConnections?: number | undefined;
  /** Between the last two samples. */
  readonly queriesPerSecond?: number | undefined;
  readonly pool?: PoolUsage | undefined;
}

/** How ready-made databases are told apart, in the order in which they are counted. */
export const poolStates = ["ready", "filling", "outdated", "reaping"] as const;
/** Of a database that waits for a tenant: may be claimed; is being made; is of another schema; is on its way out. */
export type PoolState = (typeof poolStates)[number];

/** How many things the registry holds, by what they are. */
export interface FleetCounts {
  readonly tenants: ReadonlyMap<TenantStatus, number>;
  readonly jobs: readonly { readonly kind: JobKind; readonly status: JobStatus; readonly count: number }[];
  /** Tenants by what their last connection check was rated. */
  readonly ratings: ReadonlyMap<Rating, number>;
  /** Databases that wait for a tenant. */
  readonly warm: readonly { readonly serverId: ServerId; readonly state: PoolState; readonly count: number }[];
  /** Open findings, advice left out. */
  readonly findings: readonly { readonly kind: string; readonly severity: string; readonly count: number }[];
}

/** Everything that is measured, at one instant. */
export interface MetricsSnapshot {
  readonly at: Date;
  readonly process: ProcessMetrics;
  readonly api: ApiMetrics;
  readonly counts: FleetCounts;
  readonly servers: readonly ServerMetrics[];
}
