import { describe, expect, it } from "vitest";
import type { TestResultPartsFragment } from "../../web/dashboard/gql/graphql.ts";
import { budgetPreview } from "../../web/dashboard/test-runs/budget-preview.ts";
import { gridShape } from "../../web/dashboard/test-runs/grid-drawing.ts";
import { LatencyCollector } from "../../web/dashboard/test-runs/latency-series.ts";
import { resultsCsv } from "../../web/dashboard/test-runs/results-csv.ts";
import { connectionInput, firstWish, performanceInput } from "../../web/dashboard/test-runs/test-wish.ts";

const load = { ...firstWish, kind: "PERFORMANCE" } as const;

describe("the preview of a performance test", () => {
  it("reckons as the service does, whose documentation has these figures", () => {
    const wish = { ...load, maxUsers: 480, operationsPerUser: 100, durationSeconds: 5 };
    expect(budgetPreview(wish, { matching: 4, open: false })).toEqual({
      requestedOperations: 48_000,
      plannedOperations: 1_500,
      maxOperations: 1_500,
      tenants: 4,
      usersAtOnce: 40,
      operationsPerSecond: 300,
      limitedBy: ["MAX_OPERATIONS", "MAX_USERS"],
    });
  });

  it("takes a few of a fleet without test tenants, and the limit that the service has told", () => {
    expect(budgetPreview(load, { matching: 60, open: true }, 100)).toMatchObject({
      requestedOperations: 250,
      plannedOperations: 100,
      tenants: 5,
      limitedBy: ["MAX_OPERATIONS", "MAX_TENANTS"],
    });
  });
});

it("sends only what was wished for, so that the service's own defaults hold", () => {
  expect(connectionInput(firstWish)).toEqual({});
  expect(performanceInput({ ...load, labels: ["plan=pro"], search: " a ", maxUsers: 3 })).toEqual({
    filter: { labels: [{ key: "plan", value: "pro" }], search: "a" },
    maxUsers: 3,
    skipDeepTests: false,
  });
});

describe("a run as CSV", () => {
  const result = (slug: string, message: string | null): TestResultPartsFragment =>
    ({
      __typename: "ConnectionTestResult",
      tenant: { id: `tenant_${slug}`, slug },
      verdict: "PASS",
      durationMs: 1.5,
      errorCode: null,
      message,
      connectMs: 1,
      queryMs: 0.5,
      attempts: 1,
      serverVersion: "10.11",
      rating: "EXCELLENT",
    }) as TestResultPartsFragment;

  it("quotes what would break a line, and leaves no text that a spreadsheet would run", () => {
    const [, first, second, ...rest] = resultsCsv([
      result("acme", 'It said "no",\nthen yes.'),
      result("evil", '=HYPERLINK("x")'),
    ]).split("\r\n");
    expect(first).toBe('acme,tenant_acme,PASS,,"It said ""no"",\nthen yes.",1.5,EXCELLENT,1,0.5,1,10.11');
    expect(second).toContain(`,"'=HYPERLINK(""x"")",`);
    expect(rest).toEqual([""]);
  });

  it("has a column for each check and its evidence", () => {
    const checks = [{ kind: "DATA", verdict: "FAIL", evidence: "it was changed" }];
    const isolation = { ...result("acme", null), __typename: "IsolationTestResult", checks };
    const [head, line] = resultsCsv([isolation as unknown as TestResultPartsFragment]).split("\r\n");
    expect(head).toBe("tenant,tenantId,verdict,errorCode,message,durationMs,DATA,DATA evidence");
    expect(line).toBe("acme,tenant_acme,PASS,,,1.5,FAIL,it was changed");
  });
});

it("keeps the points of a long run few, in order, with the newest among them", () => {
  const collector = new LatencyCollector();
  const latency = (p50: number) => ({ count: 1, avg: 1, min: 1, max: 1, p50, p90: 1, p95: 2, p99: 3 });
  for (let second = 1; second <= 3_000; second += 1) {
    collector.add({ at: new Date(second * 1_000).toISOString(), latency: latency(second) });
    expect(collector.add({ at: new Date(second * 1_000).toISOString(), latency: latency(0) })).toBe(false);
  }
  const { times, values } = collector.series;
  expect(times.length).toBeLessThanOrEqual(600);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(values[0]).toEqual(times);
  expect(times.at(-1)).toBeGreaterThan(2_990);
});

it("lays ten thousand tenants out in sight", () => {
  expect(gridShape(60, 700)).toEqual({ pitch: 18, columns: 38, height: 36 });
  expect(gridShape(10_000, 700).height).toBeLessThan(400);
});
