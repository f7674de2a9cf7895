import { describe, expect, it } from "vitest";
import { LatencyHistogram } from "../../../src/kit/histogram.ts";
import type { ServerId } from "../../../src/kit/ids.ts";
import { Arrivals } from "../../../src/test-runs/load/arrivals.ts";
import { defaultGovernorLimits, Governor, type StrainSample } from "../../../src/test-runs/load/governor.ts";
import { operationAt, operationKinds, rangeRows, scratchRows } from "../../../src/test-runs/load/operation-mix.ts";
import {
  budgetOf,
  mostSessionsPerTenant,
  shareSessions,
  tenantsWanted,
} from "../../../src/test-runs/performance/load-plan.ts";
import {
  type PerformanceTestOptions,
  performanceTestOptions,
} from "../../../src/test-runs/performance/performance-test-options.ts";
import { selectTenants } from "../../../src/test-runs/performance/tenant-selection.ts";
import { anId } from "../../support/builders.ts";

function options(part: Partial<PerformanceTestOptions> = {}): PerformanceTestOptions {
  return { ...performanceTestOptions({}), ...part };
}

function servers(count: number): readonly ServerId[] {
  return Array.from({ length: count }, () => anId<"DatabaseServer">()).sort();
}

describe("the budget of a load", () => {
  it("is ten users with 25 operations each when nobody says more", () => {
    expect(budgetOf(options(), 1_500)).toMatchObject({
      requestedOperations: 250,
      plannedOperations: 250,
      maxConcurrency: 10,
      limitedBy: [],
    });
  });

  it("makes 48,000 operations 1,500, and names every limit that it met", () => {
    expect(budgetOf(options({ maxUsers: 480, operationsPerUser: 100 }), 1_500)).toEqual({
      requestedOperations: 48_000,
      maxOperations: 1_500,
      plannedOperations: 1_500,
      maxConcurrency: 64,
      limitedBy: ["MAX_OPERATIONS", "MAX_USERS"],
    });
  });

  it("has no more users at work than operations", () => {
    expect(budgetOf(options({ maxUsers: 10, operationsPerUser: 1 }), 3)).toMatchObject({ maxConcurrency: 3 });
  });

  it("takes few tenants of a fleet that nobody chose from, and all that were chosen, as far as there are users", () => {
    expect(tenantsWanted(options(), 10, true)).toBe(5);
    expect(tenantsWanted(options(), 10, false)).toBe(10);
    expect(tenantsWanted(options({ maxTenants: 3 }), 10, true)).toBe(3);
    expect(tenantsWanted(options({ maxTenants: 30 }), 4, false)).toBe(4);
  });
});

describe("the sessions of a load", () => {
  const [a, b] = servers(2);
  if (!a || !b) throw new Error("There are no servers.");

  it("are dealt out to the tenants in turn", () => {
    const shares = shareSessions(5, [{ serverId: a }, { serverId: a }, { serverId: b }], () => 20);
    expect(shares).toEqual({ sessions: [2, 2, 1], cut: false });
  });

  it("stay within each server's places, and say that they did", () => {
    const shares = shareSessions(10, [{ serverId: a }, { serverId: a }, { serverId: b }], (id) => (id === a ? 3 : 20));
    expect(shares).toEqual({ sessions: [2, 1, 7], cut: false });
    expect(shareSessions(10, [{ serverId: a }, { serverId: a }], () => 1)).toEqual({ sessions: [1, 0], cut: true });
  });

  it("leave a tenant's application most of its account's connections", () => {
    const shares = shareSessions(64, [{ serverId: a }], () => 100);
    expect(shares).toEqual({ sessions: [mostSessionsPerTenant], cut: true });
  });
});

describe("arrivals", () => {
  it("come evenly over the time, each operation once, dealt out by shares", () => {
    const arrivals = new Arrivals(12, 3_000, [2, 1]);
    const of = (tenant: number) => {
      const taken = [];
      for (let next = arrivals.take(tenant); next; next = arrivals.take(tenant)) taken.push(next);
      return taken;
    };
    const [first, second] = [of(0), of(1)];
    expect([first.length, second.length]).toEqual([8, 4]);
    const all = [...first, ...second].sort((x, y) => x.n - y.n);
    expect(all.map(({ n }) => n)).toEqual(Array.from({ length: 12 }, (_, n) => n));
    expect(all.map(({ dueMs }) => dueMs)).toEqual(Array.from({ length: 12 }, (_, n) => n * 250));
  });

  it("are none for a tenant without a share", () => {
    expect(new Arrivals(4, 1_000, [0, 1]).take(0)).toBeUndefined();
  });
});

describe("the mix of operations", () => {
  it("is the same for the same seed and another for another", () => {
    const mix = (seed: number) => Array.from({ length: 50 }, (_, n) => operationAt(seed, n));
    expect(mix(7)).toEqual(mix(7));
    expect(mix(7)).not.toEqual(mix(8));
  });

  it("has every kind in its share, on rows that are there", () => {
    const mix = Array.from({ length: 5_000 }, (_, n) => operationAt(1, n));
    const share = (kind: string) => mix.filter((operation) => operation.kind === kind).length / mix.length;
    const expected = { POINT_READ: 0.4, RANGE_READ: 0.2, INSERT: 0.15, UPDATE: 0.15, TRANSACTION: 0.1 };
    for (const kind of operationKinds) expect(share(kind)).toBeCloseTo(expected[kind], 1);
    for (const { kind, row, payload } of mix) {
      expect(row).toBeGreaterThanOrEqual(1);
      expect(row + rangeRows).toBeLessThanOrEqual(scratchRows + 1);
      expect(payload).toHaveLength(kind === "INSERT" || kind === "TRANSACTION" ? 100 : 0);
    }
  });
});

describe("the governor", () => {
  const calm: StrainSample = { eventLoopDelayMs: 2, cpu: 0.3, servers: new Map() };
  const server = (part: object) => ({
    ...calm,
    servers: new Map([["eu", { threadsRunning: 2, threadsConnected: 10, maxConnections: 150, ...part }]]),
  });

  it("leaves a load alone that harms nobody", () => {
    const governor = new Governor(8);
    for (let look = 0; look < 20; look += 1) {
      expect(governor.decide(server({}))).toEqual({ action: "KEEP", concurrency: 8 });
    }
  });

  it.each([
    ["event loop", { ...calm, eventLoopDelayMs: 300 }, "the service's event loop was 300 ms late"],
    ["CPU", { ...calm, cpu: 1.5 }, "the service used 150 % of a core"],
    ["threads", server({ threadsRunning: 60 }), 'server "eu" had 60 threads running'],
    ["connections", server({ threadsConnected: 140 }), '140 of 150 connections of server "eu" were in use'],
  ])("halves the load for a strained %s, and quickens it again in steps when that is over", (_, strained, because) => {
    const governor = new Governor(8);
    expect(governor.decide(strained)).toEqual({ action: "SLOWER", concurrency: 4, because });
    expect(governor.decide(strained)).toMatchObject({ action: "SLOWER", concurrency: 2 });
    expect(governor.decide(strained)).toMatchObject({ action: "SLOWER", concurrency: 1 });
    expect(governor.decide(strained)).toMatchObject({ action: "KEEP", concurrency: 1 });
    const after = Array.from({ length: 60 }, () => governor.decide(calm));
    const steps = after.filter(({ action }) => action === "FASTER").map(({ concurrency }) => concurrency);
    expect(steps).toEqual([2, 3, 4, 5, 6, 7, 8]);
    expect(after.indexOf(after.find(({ action }) => action === "FASTER") ?? calmed)).toBe(
      defaultGovernorLimits.calm - 1,
    );
  });
  const calmed = { action: "KEEP", concurrency: 0 } as const;

  it("ends a load when slowing down does not help, but not for a hiccup", () => {
    const governor = new Governor(8);
    const silent: StrainSample = { ...calm, servers: new Map([["eu", undefined]]) };
    const { patience } = defaultGovernorLimits;
    for (let look = 1; look < patience; look += 1) expect(governor.decide(silent).action).not.toBe("END");
    expect(governor.decide(calm).action).toBe("KEEP");
    for (let look = 1; look < patience; look += 1) expect(governor.decide(silent).action).not.toBe("END");
    expect(governor.decide(silent)).toMatchObject({ action: "END", because: 'server "eu" did not answer' });
  });
});

describe("the choice of tenants", () => {
  const [a, b] = servers(2);
  if (!a || !b) throw new Error("There are no servers.");
  const tenant = (id: string, serverId: ServerId, bytes: number, latencyMs: number) => ({
    id,
    serverId,
    bytes,
    latencyMs,
  });
  const pool = (size: number) => ({ size, name: "ACTIVE tenants" });

  it("takes all when they are few", () => {
    const few = [tenant("x", a, 1, 1), tenant("y", a, 2, 2)];
    const { chosen, explanation } = selectTenants(few, 5, pool(2));
    expect(chosen).toEqual(few);
    expect(explanation).toEqual(["All 2 of 2 ACTIVE tenants, on 1 server."]);
  });

  it("gives every server its share and covers sizes and latencies from end to end", () => {
    const many = Array.from({ length: 20 }, (_, n) =>
      tenant(`t${String(n).padStart(2, "0")}`, n < 18 ? a : b, 1024 * (n + 1), 20 - n),
    );
    const { chosen, explanation } = selectTenants(many, 6, pool(40));
    expect(chosen).toHaveLength(6);
    expect(new Set(chosen).size).toBe(6);
    expect(chosen.filter(({ serverId }) => serverId === b)).toHaveLength(2);
    const sizes = chosen.filter(({ serverId }) => serverId === a).map(({ bytes }) => bytes / 1024);
    expect(Math.min(...sizes)).toBe(1);
    expect(Math.max(...sizes)).toBe(18);
    expect(explanation).toEqual([
      "Chosen: 6 of 40 ACTIVE tenants, on 2 servers, of 1 to 20 KB, last seen at 1.0 to 20.0 ms.",
    ]);
    expect(
      selectTenants(many.toReversed(), 6, pool(40))
        .chosen.map(({ id }) => id)
        .sort(),
    ).toEqual(chosen.map(({ id }) => id).sort());
  });

  it("gets by without knowing anything", () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ id: `t${n}`, serverId: a }));
    for (let wanted = 1; wanted < 9; wanted += 1)
      expect(selectTenants(many, wanted, pool(9)).chosen).toHaveLength(wanted);
  });
});

describe("a latency histogram", () => {
  it("comes back from its text as it was, and takes in another", () => {
    const [one, two] = [new LatencyHistogram(), new LatencyHistogram()];
    for (let ms = 1; ms <= 100; ms += 1) (ms % 2 === 0 ? one : two).record(ms);
    const back = LatencyHistogram.decode(one.encode());
    const { max, p99, ...rest } = one.stats() ?? {};
    expect(back.stats()).toMatchObject(rest);
    expect(back.stats()?.max).toBeCloseTo(100, 0);
    expect([max, p99]).toEqual([100, 100]);
    back.merge(two);
    expect(back.count).toBe(100);
    expect(back.stats()?.p50).toBeCloseTo(50, 0);
    expect(one.encode().length).toBeLessThan(1_000);
    expect(LatencyHistogram.decode(new LatencyHistogram().encode()).stats()).toBeUndefined();
  });
});
