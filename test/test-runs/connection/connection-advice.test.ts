import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../src/kit/domain-error.ts";
import { uuidv7Ids } from "../../../src/kit/ids.ts";
import { connectionRecommendations } from "../../../src/test-runs/connection/connection-recommendations.ts";
import { SightGatherer } from "../../../src/test-runs/connection/connection-sight.ts";
import {
  connectionTestOptions,
  readConnectionTestOptions,
} from "../../../src/test-runs/connection/connection-test-options.ts";
import { defaultRatingBands } from "../../../src/test-runs/rating.ts";
import type { ConnectionTestResult } from "../../../src/test-runs/test-run.ts";

const serverId = uuidv7Ids.next<"DatabaseServer">();
const otherServerId = uuidv7Ids.next<"DatabaseServer">();
const serverNames = new Map([
  [serverId, "default"],
  [otherServerId, "far-away"],
]);
const whole = { bands: defaultRatingBands, serverNames, notReached: 0, cutShort: undefined };

function aResult(more: Partial<ConnectionTestResult> = {}): ConnectionTestResult {
  const base = { kind: "CONNECTION", tenantId: uuidv7Ids.next<"Tenant">(), verdict: "PASS", durationMs: 3 } as const;
  return { ...base, attempts: 1, connectMs: 2, queryMs: 1, ...more };
}

const refused = { verdict: "FAIL", errorCode: "WRONG_CREDENTIALS", connectMs: undefined, queryMs: undefined } as const;

describe("recommendations", () => {
  it("are none for a healthy fleet", () => {
    const gatherer = new SightGatherer();
    for (let n = 0; n < 50; n += 1) gatherer.add(aResult(), { slug: `t-${n}`, serverId });
    expect(connectionRecommendations(gatherer.sight(), whole)).toEqual([]);
  });

  it("name the tenants that failed, by cause, a few of them by slug", () => {
    const gatherer = new SightGatherer();
    for (let n = 0; n < 8; n += 1) gatherer.add(aResult(refused), { slug: `bad-${n}`, serverId });
    gatherer.add(aResult({ ...refused, errorCode: "OWNERSHIP_MISMATCH" }), { slug: "stolen", serverId });
    const advice = connectionRecommendations(gatherer.sight(), whole);
    expect(advice).toHaveLength(2);
    expect(advice[0]).toMatch(/^OWNERSHIP_MISMATCH: 1 tenant \(stolen\): /);
    expect(advice[1]).toMatch(/^WRONG_CREDENTIALS: 8 tenants \(bad-0, bad-1, bad-2, bad-3, bad-4 and 3 more\): /);
  });

  it("tell a slow server from a slow tenant", () => {
    const gatherer = new SightGatherer();
    for (let n = 0; n < 20; n += 1) gatherer.add(aResult(), { slug: `near-${n}`, serverId });
    gatherer.add(aResult({ connectMs: 900, queryMs: 100 }), { slug: "slowpoke", serverId });
    const tenantOnly = connectionRecommendations(gatherer.sight(), whole);
    expect(tenantOnly).toEqual([expect.stringMatching(/^Much slower than the others.*: slowpoke \(1000 ms\)\.$/)]);

    const far = new SightGatherer();
    for (let n = 0; n < 20; n += 1)
      far.add(aResult({ connectMs: 150, queryMs: 60 }), { slug: `far-${n}`, serverId: otherServerId });
    const serverOnly = connectionRecommendations(far.sight(), whole);
    expect(serverOnly).toEqual([
      expect.stringMatching(/^Server "far-away" is slow for everybody: a median of 210 ms over 20/),
    ]);
  });

  it("mention successes that needed retries, and what a cancelled run did not reach", () => {
    const gatherer = new SightGatherer();
    gatherer.add(aResult({ attempts: 2 }), { slug: "wobbly", serverId });
    const context = { ...whole, notReached: 7, cutShort: "it was cancelled" };
    expect(connectionRecommendations(gatherer.sight(), context)).toEqual([
      expect.stringMatching(/^1 tenant \(wobbly\) passed, but not at the first attempt/),
      "The run did not reach 7 tenants because it was cancelled. Retry its job to test the rest.",
    ]);
  });

  it("say something about causes that nobody foresaw, too", () => {
    const gatherer = new SightGatherer();
    gatherer.add(aResult({ ...refused, errorCode: "NEW_CODE" }), { slug: "odd", serverId });
    expect(connectionRecommendations(gatherer.sight(), whole)[0]).toMatch(/^NEW_CODE: 1 tenant \(odd\): /);
  });
});

describe("the options of a connection test", () => {
  it("have defaults", () => {
    expect(connectionTestOptions({})).toEqual({
      filter: {},
      maxTenants: undefined,
      retries: 2,
      timeoutMs: 5_000,
      concurrency: 16,
      fixedScope: false,
    });
  });

  it.each([
    ["maxTenants", 0],
    ["maxTenants", 100_001],
    ["maxTenants", 1.5],
    ["retries", -1],
    ["retries", 11],
    ["timeoutMs", 99],
    ["timeoutMs", 60_001],
    ["timeoutMs", Number.NaN],
    ["concurrency", 0],
    ["concurrency", 65],
  ])("refuse %s = %s and name the field", (name, value) => {
    const refusal = expect.objectContaining({ code: "INVALID", field: ["input", name] });
    expect(() => connectionTestOptions({ [name]: value })).toThrow(InvalidInput);
    expect(() => connectionTestOptions({ [name]: value })).toThrow(refusal);
  });

  it("come back from the registry as they were", () => {
    const options = connectionTestOptions({
      filter: { ids: [uuidv7Ids.next()], statuses: ["ACTIVE"], labels: [{ key: "plan", value: "pro" }], search: "ac" },
      maxTenants: 5,
      retries: 0,
    });
    expect(readConnectionTestOptions(JSON.parse(JSON.stringify(options)))).toEqual(options);
  });
});
