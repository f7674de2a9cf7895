import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { jobStatuses } from "../jobs/job.ts";
import { DomainError } from "../kit/domain-error.ts";
import { tenantStatuses } from "../tenants/tenant.ts";
import type { AnsweredRequest } from "./api-meter.ts";
import {
  type FleetCounts,
  type MetricsSnapshot,
  type PoolUsage,
  type ProcessMetrics,
  poolStates,
  type ServerMetrics,
} from "./metrics-snapshot.ts";

/** What the page is written from. */
export interface PrometheusSource {
  /** @throws RegistryUnavailable */
  snapshot(): Promise<MetricsSnapshot>;
  /** What is known without asking anybody. */
  readonly api: {
    readonly requestsTotal: number;
    readonly errorsTotal: number;
    readonly activeSubscriptions: number;
  };
  readonly process: { metrics(): ProcessMetrics };
}

/** Answers within one packet are the rule; a second is the deadline of patience. Seconds. */
const latencyBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Everything measured as Prometheus text. Labels are servers, kinds, statuses, severities and ratings: never anything of a single tenant. */
export class PrometheusText {
  readonly #registry = new Registry();
  readonly #requestSeconds: Histogram;

  constructor() {
    this.#requestSeconds = new Histogram({
      name: "tenantry_api_request_duration_seconds",
      help: "How long queries and mutations took, over HTTP and WebSocket.",
      buckets: latencyBuckets,
      registers: [this.#registry],
    });
  }

  /** Takes an answer of the API into the histogram. */
  observe({ ms }: AnsweredRequest): void {
    this.#requestSeconds.observe(ms / 1000);
  }

  /** The page. Without the registry it says so, and holds what is known of the process alone. */
  async page(source: PrometheusSource): Promise<{ readonly contentType: string; readonly body: string }> {
    const snapshot = await snapshotOrNone(source);
    const momentary = new Registry();
    const samples = new Samples(momentary);
    writeProcess(samples, source);
    samples.gauge("tenantry_registry_up", "1 when the registry answers.", snapshot ? 1 : 0);
    if (snapshot) {
      writeCounts(samples, snapshot.counts);
      for (const server of snapshot.servers) {
        writeServer(samples, server);
        writeWarmPool(samples, server, snapshot.counts);
      }
    }
    const body = await Registry.merge([this.#registry, momentary]).metrics();
    return { contentType: momentary.contentType, body };
  }
}

/** The metrics of one page; made anew for each, so that what is gone leaves no series behind. */
class Samples {
  constructor(private readonly registry: Registry) {}

  gauge(name: string, help: string, value: number | undefined, labels: Readonly<Record<string, string>> = {}): void {
    if (value === undefined) return;
    const known = this.registry.getSingleMetric(name);
    const labelNames = Object.keys(labels);
    const gauge = known instanceof Gauge ? known : new Gauge({ name, help, labelNames, registers: [this.registry] });
    gauge.set(labels, value);
  }

  counter(name: string, help: string, value: number, labels: Readonly<Record<string, string>> = {}): void {
    const known = this.registry.getSingleMetric(name);
    const labelNames = Object.keys(labels);
    const counter =
      known instanceof Counter ? known : new Counter({ name, help, labelNames, registers: [this.registry] });
    counter.inc(labels, value);
  }
}

async function snapshotOrNone(source: PrometheusSource): Promise<MetricsSnapshot | undefined> {
  try {
    return await source.snapshot();
  } catch (error) {
    if (!(error instanceof DomainError) || !error.retryable) throw error;
    return undefined;
  }
}

function writeProcess(to: Samples, { api, process }: PrometheusSource): void {
  const { cpuPercent, rssBytes, heapUsedBytes, eventLoopDelayP99Ms, uptimeSeconds } = process.metrics();
  to.gauge("tenantry_process_cpu_ratio", "Share of one core in use.", cpuPercent / 100);
  to.gauge("tenantry_process_resident_memory_bytes", "Resident memory.", rssBytes);
  to.gauge("tenantry_process_heap_used_bytes", "JavaScript heap in use.", heapUsedBytes);
  to.gauge("tenantry_event_loop_delay_p99_seconds", "How late timers came, 99 % of them.", eventLoopDelayP99Ms / 1000);
  to.gauge("tenantry_process_uptime_seconds", "Since the process began.", uptimeSeconds);
  to.counter("tenantry_api_requests_total", "Operations asked for, subscriptions included.", api.requestsTotal);
  to.counter("tenantry_api_errors_total", "Operations answered with an error.", api.errorsTotal);
  to.gauge("tenantry_api_active_subscriptions", "Subscriptions under way.", api.activeSubscriptions);
}

function writeCounts(to: Samples, { tenants, jobs, ratings, findings }: FleetCounts): void {
  for (const status of tenantStatuses) {
    to.gauge("tenantry_tenants", "Tenants in the registry.", tenants.get(status) ?? 0, { status });
  }
  for (const kind of new Set(jobs.map((job) => job.kind))) {
    for (const status of jobStatuses) {
      const count = jobs.find((job) => job.kind === kind && job.status === status)?.count ?? 0;
      to.gauge("tenantry_jobs", "Jobs that the registry remembers.", count, { kind, status });
    }
  }
  for (const [rating, count] of ratings) {
    to.gauge("tenantry_tenants_by_rating", "Tenants by their last connection check.", count, { rating });
  }
  for (const { kind, severity, count } of findings) {
    to.gauge("tenantry_open_findings", "Open findings, without advice on settings.", count, { kind, severity });
  }
}

/** Of every server each state, so that an alarm on a pool that is not ready does not depend on there being one. */
function writeWarmPool(to: Samples, { server }: ServerMetrics, { warm }: FleetCounts): void {
  const labels = { server: server.name };
  const target = server.warmPoolTarget;
  to.gauge("tenantry_warm_pool_target", "Ready-made databases that are to be kept.", target, labels);
  for (const state of poolStates) {
    const count = warm.find((one) => one.serverId === server.id && one.state === state)?.count ?? 0;
    to.gauge("tenantry_warm_pool_databases", "Databases that wait for a tenant.", count, { ...labels, state });
  }
}

function writeServer(to: Samples, seen: ServerMetrics): void {
  const labels = { server: seen.server.name };
  const pingSeconds = seen.pingMs === undefined ? undefined : seen.pingMs / 1000;
  to.gauge("tenantry_server_up", "1 when the server answers.", seen.reachable ? 1 : 0, labels);
  to.gauge("tenantry_server_ping_seconds", "One small statement.", pingSeconds, labels);
  to.gauge("tenantry_server_threads_connected", "Connections, all clients.", seen.threadsConnected, labels);
  to.gauge("tenantry_server_threads_running", "Statements under way.", seen.threadsRunning, labels);
  to.gauge("tenantry_server_max_connections", "Connections that it takes.", seen.maxConnections, labels);
  to.gauge("tenantry_server_queries_per_second", "Statements, all clients.", seen.queriesPerSecond, labels);
  if (seen.pool) writePool(to, seen.pool, labels);
}

function writePool(to: Samples, pool: PoolUsage, labels: { readonly server: string }): void {
  to.gauge("tenantry_pool_limit", "Connections that the service may hold.", pool.limit, labels);
  to.gauge("tenantry_pool_in_use", "Connections in use.", pool.inUse, labels);
  to.gauge("tenantry_pool_idle", "Open connections that nobody uses.", pool.idle, labels);
  to.gauge("tenantry_pool_waiting", "Pieces of work that wait for a connection.", pool.waiting, labels);
  to.counter("tenantry_pool_refused_total", "Pieces of work that waited in vain.", pool.refusedTotal, labels);
  to.counter("tenantry_pool_wait_seconds_total", "Time waited for a connection.", pool.waitedMsTotal / 1000, labels);
}
