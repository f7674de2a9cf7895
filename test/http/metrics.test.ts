import { expect, it } from "vitest";
import { systemClock } from "../../src/kit/clock.ts";
import { ApiMeter } from "../../src/metrics/api-meter.ts";
import type { MetricsSnapshot } from "../../src/metrics/metrics-snapshot.ts";
import { Latch } from "./support/latch.ts";
import { keys, startedServer } from "./support/started-server.ts";

const fleet = {
  statusCounts: async () => new Map(),
  schemaVersionCounts: async () => [],
  latestVersion: () => undefined,
};
const snapshot: MetricsSnapshot = {
  at: new Date("2026-01-01T00:00:00.000Z"),
  process: { cpuPercent: 1, rssBytes: 2, heapUsedBytes: 1, eventLoopDelayP99Ms: 0, uptimeSeconds: 9 },
  api: { requestsPerSecond: 1, errorsPerSecond: 0, activeSubscriptions: 1 },
  counts: {
    tenants: new Map([["ACTIVE", 2]]),
    jobs: [
      { kind: "CONNECTION_TEST", status: "SUCCEEDED", count: 2 },
      { kind: "PROVISION_TENANTS", status: "SUCCEEDED", count: 3 },
      { kind: "PROVISION_TENANTS", status: "CANCELLING", count: 1 },
    ],
    ratings: new Map(),
    warm: [],
    findings: [],
  },
  servers: [],
};

it("answers /metrics to whoever has a key, of any role, and to nobody else", async () => {
  const metricsText = async () => ({ contentType: "text/plain; version=0.0.4", body: "tenantry_registry_up 1\n" });
  const { url } = await startedServer({}, { metricsText });
  const ask = (headers: Record<string, string>) => fetch(`${url}/metrics`, { headers });
  expect((await ask({})).status).toBe(401);
  expect((await ask({ authorization: "Bearer wrong-0123456789" })).status).toBe(401);
  const answer = await ask({ authorization: `Bearer ${keys.VIEWER}` });
  expect(answer.headers.get("content-type")).toContain("text/plain; version=0.0.4");
  expect(await answer.text()).toBe("tenantry_registry_up 1\n");
});

it("shows a snapshot over HTTP, jobs summed up over their kinds", async () => {
  const { client } = await startedServer({ metrics: { snapshot: async () => snapshot } });
  const data = await client("VIEWER").data(
    "{ metrics { at jobs { queued running succeededTotal failedTotal } tenants { status count } } }",
  );
  expect(data.metrics).toMatchObject({
    at: "2026-01-01T00:00:00.000Z",
    jobs: { queued: 0, running: 1, succeededTotal: 5, failedTotal: 0 },
    tenants: expect.arrayContaining([
      { status: "ACTIVE", count: 2 },
      { status: "DELETED", count: 0 },
    ]),
  });
});

it("counts what is asked over either transport, what failed, and who subscribes", async () => {
  const meter = new ApiMeter(systemClock);
  const [went, told] = [new Latch(), new Latch()];
  const { client, url } = await startedServer(
    {
      fleet,
      metrics: {
        follow: () => {
          const coming = [{ done: false as const, value: snapshot }];
          const iterator: AsyncIterableIterator<MetricsSnapshot> = {
            next: async () => coming.shift() ?? went.opened.then(() => ({ done: true, value: undefined })),
            return: async () => {
              went.open();
              return { done: true, value: undefined };
            },
            [Symbol.asyncIterator]: () => iterator,
          };
          return iterator;
        },
      },
    },
    {
      meter: {
        answered: (answer) => meter.answered(answer),
        subscribed: () => {
          const end = meter.subscribed();
          return (failed) => {
            end(failed);
            told.open();
          };
        },
      },
    },
  );
  const viewer = client("VIEWER");
  const seen = () => [meter.requestsTotal, meter.errorsTotal, meter.metrics().latency?.count];
  await viewer.send("{ fleet { latestSchemaVersion } }");
  expect(seen()).toEqual([1, 0, 1]);
  expect(meter.metrics().latency?.min).toBeGreaterThan(0.02);
  await viewer.send("{ nothing }");
  await viewer.post("{");
  await fetch(`${url}/graphql`, { method: "POST" });
  expect(seen()).toEqual([4, 3, 4]);
  for await (const _ of viewer.stream("{ fleet { latestSchemaVersion } }"));
  await viewer
    .stream("{ nothing }")
    .next()
    .catch(() => undefined);
  expect(seen()).toEqual([6, 4, 6]);
  const snapshots = viewer.stream("subscription { metrics(intervalMs: 250) { at } }");
  await snapshots.next();
  expect(meter.activeSubscriptions).toBe(1);
  expect(seen()).toEqual([7, 4, 6]);
  await snapshots.return?.();
  await told.opened;
  expect(meter.activeSubscriptions).toBe(0);
});
