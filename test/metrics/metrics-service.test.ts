import { expect, it } from "vitest";
import { QueueTimeout } from "../../src/kit/concurrency.ts";
import { DomainError } from "../../src/kit/domain-error.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { ApiMeter } from "../../src/metrics/api-meter.ts";
import { FleetCounter } from "../../src/metrics/fleet-counter.ts";
import { MetricsService } from "../../src/metrics/metrics-service.ts";
import type { FleetCounts } from "../../src/metrics/metrics-snapshot.ts";
import { ProcessMeter } from "../../src/metrics/process-meter.ts";
import { PrometheusText } from "../../src/metrics/prometheus-text.ts";
import { type ServerLoad, ServerSampler } from "../../src/metrics/server-sampler.ts";
import { ServerTrouble } from "../../src/servers/server-trouble.ts";
import { ManualClock, settle } from "../jobs/manual-clock.ts";
import { aServer } from "../support/builders.ts";

class RegistryGone extends DomainError {
  readonly code = "REGISTRY_UNAVAILABLE";
  override readonly retryable = true;
}

const server = aServer({ name: "main", warmPoolTarget: 8 });
const counts: FleetCounts = {
  tenants: new Map([["ACTIVE", 3]]),
  jobs: [{ kind: "CONNECTION_TEST", status: "SUCCEEDED", count: 2 }],
  ratings: new Map([["GOOD", 3]]),
  warm: [
    { serverId: server.id, state: "ready", count: 5 },
    { serverId: server.id, state: "filling", count: 2 },
  ],
  findings: [{ kind: "MISSING_USER", severity: "CRITICAL", count: 1 }],
};
const load = (change: Partial<ServerLoad> = {}): ServerLoad => ({
  pingMs: 0.4,
  threadsConnected: 7,
  threadsRunning: 2,
  maxConnections: 151,
  questions: 1_000,
  ...change,
});

/** A service whose registry and one server are played by the test. */
function world() {
  const clock = new ManualClock();
  const state = { looks: 0, counted: 0, answer: async (): Promise<ServerLoad> => load(), count: async () => counts };
  const process = new ProcessMeter();
  const prometheus = new PrometheusText();
  const api = new ApiMeter(clock, (answer) => prometheus.observe(answer));
  const servers = new ServerSampler({
    servers: { list: async () => [server] },
    loads: {
      load: () => {
        state.looks += 1;
        return state.answer();
      },
    },
    pools: {
      usageOf: () => ({ limit: 40, inUse: 3, idle: 2, waiting: 1, refusedTotal: 5, waitedMsTotal: 1_500 }),
    },
    clock,
  });
  const source = {
    counts: () => {
      state.counted += 1;
      return state.count();
    },
  };
  const fleet = new FleetCounter(source, () => "newest", clock);
  const service = new MetricsService({ process, api, fleet, servers, clock, logger: silentLogger });
  const page = () => prometheus.page({ snapshot: () => service.snapshot(), api, process });
  return { clock, state, api, service, server, page, sample: () => service.runOnce(new AbortController().signal) };
}

it("shows what was sampled, and touches no server for it", async () => {
  const { service, state, clock, server, sample } = world();
  await sample();
  await clock.advance(2_000);
  state.answer = async () => load({ questions: 1_500, threadsRunning: 4 });
  await sample();
  const snapshot = await service.snapshot();
  expect(snapshot).toMatchObject({
    counts,
    servers: [{ server, reachable: true, pingMs: 0.4, threadsRunning: 4, queriesPerSecond: 250, pool: { inUse: 3 } }],
  });
  for (let n = 0; n < 10; n += 1) await service.snapshot();
  expect(state.looks).toBe(2);
});

it("knows no rate across a restart of the server, nor across its absence", async () => {
  const { service, state, clock, sample } = world();
  const rate = async () => {
    await clock.advance(2_000);
    await sample();
    return (await service.snapshot()).servers[0];
  };
  await sample();
  state.answer = async () => load({ questions: 10 });
  expect((await rate())?.queriesPerSecond).toBeUndefined();
  state.answer = () => Promise.reject(new ServerTrouble("UNREACHABLE", "It does not answer."));
  expect(await rate()).toMatchObject({ reachable: false, pingMs: undefined, queriesPerSecond: undefined });
  state.answer = async () => load({ questions: 400 });
  expect(await rate()).toMatchObject({ reachable: true, queriesPerSecond: undefined });
});

it("keeps what it saw when the service's own connections are all in use", async () => {
  const { service, state, sample } = world();
  await sample();
  state.answer = () => Promise.reject(new QueueTimeout("Waited 1500 ms for a connection."));
  await sample();
  expect((await service.snapshot()).servers[0]).toMatchObject({ reachable: true, threadsConnected: 7 });
});

it("counts once for all who ask at about the same time, and the more seldom the longer it takes", async () => {
  const { service, state, clock } = world();
  await Promise.all(Array.from({ length: 100 }, () => service.snapshot()));
  expect(state.counted).toBe(1);
  state.count = async () => {
    await clock.sleep(500);
    return counts;
  };
  await clock.advance(1_000);
  const slow = service.snapshot();
  await clock.advance(500);
  await slow;
  await clock.advance(9_400);
  await service.snapshot();
  expect(state.counted).toBe(2);
  await clock.advance(200);
  void service.snapshot();
  expect(state.counted).toBe(3);
  await clock.advance(500);
});

it("sends a snapshot at once, then one per interval", async () => {
  const { service, clock } = world();
  const snapshots = service.follow(500, new AbortController().signal);
  const first = await snapshots.next();
  const second = snapshots.next();
  await clock.advance(499);
  const early = await Promise.race([second, settle().then(() => "nothing yet")]);
  expect(early).toBe("nothing yet");
  await clock.advance(1);
  const at = [first, await second].map(({ value }) => value?.at.getTime() ?? 0);
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBe(500);
  await snapshots.return?.();
});

it("lets a slow subscriber miss some: the next one it gets is new, and nothing was kept for it", async () => {
  const { service, clock } = world();
  const snapshots = service.follow(1_000, new AbortController().signal);
  await snapshots.next();
  await clock.advance(10_300);
  const next = snapshots.next();
  await clock.advance(700);
  const { value } = await next;
  expect(value?.at).toEqual(clock.now());
  await snapshots.return?.();
  expect(clock.sleepers).toBe(0);
});

it("ends at once when a subscriber leaves in the middle of a pause, or its signal aborts", async () => {
  const { service, clock } = world();
  const leaving = service.follow(60_000, new AbortController().signal);
  await leaving.next();
  const pending = leaving.next();
  await settle();
  await leaving.return?.();
  expect(await pending).toEqual({ done: true, value: undefined });
  const controller = new AbortController();
  const aborted = service.follow(60_000, controller.signal);
  await aborted.next();
  const last = aborted.next();
  controller.abort();
  expect(await last).toEqual({ done: true, value: undefined });
  expect(clock.sleepers).toBe(0);
});

it("goes on after the registry was away, and sends nothing meanwhile", async () => {
  const { service, state, clock } = world();
  const snapshots = service.follow(1_000, new AbortController().signal);
  await snapshots.next();
  state.count = () => Promise.reject(new RegistryGone("The registry does not answer."));
  const next = snapshots.next();
  await clock.advance(3_000);
  await expect(service.snapshot()).rejects.toThrow(RegistryGone);
  state.count = async () => counts;
  await clock.advance(1_000);
  expect((await next).value?.at).toEqual(clock.now());
  await snapshots.return?.();
});

it.each([249, 60_001, 500.5])("refuses an interval of %d ms", (intervalMs) => {
  const { service } = world();
  expect(() => service.follow(intervalMs, new AbortController().signal)).toThrow(/from 250 to 60000/);
});

it("measures how busy the process was, and how late its timers came", async () => {
  const process = new ProcessMeter();
  process.start();
  const timers = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  await timers(30);
  process.turn();
  // The first tick after a turn only begins to measure.
  await timers(30);
  const until = performance.now() + 150;
  while (performance.now() < until);
  await timers(30);
  process.turn();
  process.stop();
  const { cpuPercent, eventLoopDelayP99Ms, rssBytes, heapUsedBytes } = process.metrics();
  expect(cpuPercent).toBeGreaterThan(10);
  expect(eventLoopDelayP99Ms).toBeGreaterThan(50);
  expect(rssBytes).toBeGreaterThan(heapUsedBytes);
});

it("writes Prometheus text with labels of bounded kinds alone", async () => {
  const { page, api, sample } = world();
  await sample();
  api.answered({ ms: 3, failed: true });
  const { body, contentType } = await page();
  expect(contentType).toContain("text/plain");
  const lines = body.split("\n");
  expect(lines).toEqual(
    expect.arrayContaining([
      "tenantry_registry_up 1",
      "tenantry_api_requests_total 1",
      "tenantry_api_errors_total 1",
      'tenantry_api_request_duration_seconds_bucket{le="0.005"} 1',
      'tenantry_tenants{status="ACTIVE"} 3',
      'tenantry_tenants{status="FAILED"} 0',
      'tenantry_jobs{kind="CONNECTION_TEST",status="SUCCEEDED"} 2',
      'tenantry_tenants_by_rating{rating="GOOD"} 3',
      'tenantry_open_findings{kind="MISSING_USER",severity="CRITICAL"} 1',
      'tenantry_warm_pool_target{server="main"} 8',
      'tenantry_warm_pool_databases{server="main",state="ready"} 5',
      'tenantry_warm_pool_databases{server="main",state="filling"} 2',
      'tenantry_warm_pool_databases{server="main",state="reaping"} 0',
      'tenantry_server_up{server="main"} 1',
      'tenantry_pool_refused_total{server="main"} 5',
      'tenantry_pool_wait_seconds_total{server="main"} 1.5',
    ]),
  );
  const labels = new Set([...body.matchAll(/[{,](\w+)="/g)].map(([, label]) => label));
  expect([...labels].sort()).toEqual(["kind", "le", "rating", "server", "severity", "state", "status"]);
  expect((await page()).body).toContain("tenantry_api_requests_total 1");
});

it("still answers Prometheus when the registry does not", async () => {
  const { page, state } = world();
  state.count = () => Promise.reject(new RegistryGone("The registry does not answer."));
  const { body } = await page();
  expect(body).toContain("tenantry_registry_up 0");
  expect(body).toContain("tenantry_process_resident_memory_bytes");
  expect(body).not.toContain("tenantry_tenants{");
});
