import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { isolationCheckKinds } from "../../../src/test-runs/test-run.ts";
import { checkOf, failures, IsolationWorld } from "./isolation-world.ts";

let world: IsolationWorld;

beforeEach(async () => {
  world = await IsolationWorld.open(inject("serverUrl"));
});

afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

describe("an isolation test of a healthy fleet", () => {
  it("passes every tenant on every side, by the server's own denials", async () => {
    await world.addTenants("ada", "bob", "cyd", "dan");
    const { run, reports } = await world.test();
    expect(failures(reports)).toEqual({});
    expect(run).toMatchObject({
      kind: "ISOLATION",
      status: "SUCCEEDED",
      verdict: "PASS",
      coverage: { tenantsInScope: 4, tenantsTested: 4 },
      summary: { passed: 4, failed: 0, inconclusive: 0, successRate: 1, operations: 4, errors: 0 },
      recommendations: [],
    });
    for (const { checks } of reports.values()) expect(checks.map(({ kind }) => kind)).toEqual(isolationCheckKinds);
    expect(checkOf(reports, "ada", "CROSS_READ").evidence).toMatch(
      /^\d+ attempts denied by the server \(.*1142 ×\d+.*\)\.$/,
    );
  });
});
