import { describe, expect, it } from "vitest";
import { exitOfLook, findingAdvice, remaining, skippedAdvice } from "../../src/cli/commands/finding-advice.ts";
import { exitOfJob } from "../../src/cli/commands/job-report.ts";
import { exitOfRun } from "../../src/cli/commands/run-report.ts";
import type { FindingRowFragment, JobStatus, Verdict } from "../../src/cli/gql/graphql.ts";
import { anEvent } from "./support/an-event.ts";

describe("the exit code of a job", () => {
  it.each([
    ["SUCCEEDED", 10, 0, 0],
    ["SUCCEEDED", 9, 1, 4],
    ["FAILED", 9, 1, 4],
    ["FAILED", 0, 10, 1],
    ["FAILED", 0, 0, 1],
    ["CANCELLED", 3, 0, 4],
  ] as const)("%s with %i done and %i failed is %i", (status: JobStatus, done, failed, exitCode) => {
    expect(exitOfJob({ status, progress: anEvent(1, status, { done, failed }).progress })).toBe(exitCode);
  });
});

describe("the exit code of a test run", () => {
  const budget = {
    requestedOperations: 250,
    plannedOperations: 250,
    maxOperations: 1_500,
    maxConcurrency: 10,
    limitedBy: [] as string[],
    explanation: [],
  };

  it.each([
    ["PASS", "SUCCEEDED", 0],
    ["FAIL", "SUCCEEDED", 1],
    ["FAIL", "CANCELLED", 1],
    ["INCONCLUSIVE", "SUCCEEDED", 4],
    ["INCONCLUSIVE", "CANCELLED", 4],
    ["INCONCLUSIVE", "FAILED", 1],
  ] as const)("%s and %s is %i", (verdict: Verdict, status: JobStatus, exitCode) => {
    expect(exitOfRun({ verdict, status, budget })).toBe(exitCode);
  });

  it("is 4 where a limit made it do less than was asked for, but not the caller's own", () => {
    const less = { ...budget, plannedOperations: 100 };
    const run = { verdict: "PASS", status: "SUCCEEDED" } as const;
    expect(exitOfRun({ ...run, budget: { ...less, limitedBy: ["MAX_OPERATIONS"] } })).toBe(4);
    expect(exitOfRun({ ...run, budget: { ...less, limitedBy: ["MAX_TENANTS"] } })).toBe(0);
    expect(exitOfRun({ ...run, budget: { ...budget, limitedBy: ["CONNECTIONS"] } })).toBe(0);
  });
});

describe("findings", () => {
  const finding = (more: Partial<FindingRowFragment>): FindingRowFragment => ({
    kind: "MISSING_TABLE",
    severity: "CRITICAL",
    outcome: "REPORTED",
    object: "orders",
    message: "The table is not there.",
    expected: null,
    actual: null,
    observedAt: "2026-01-01T00:00:00.000Z",
    server: { name: "default" },
    tenant: { id: "tenant_1", slug: "acme" },
    ...more,
  });

  it("remain unless they were mended, or are mere advice", () => {
    const mended = finding({ outcome: "REPAIRED" });
    const advice = finding({ kind: "SERVER_SETTING", severity: "WARNING" });
    const extra = finding({ kind: "EXTRA_TABLE", severity: "INFO" });
    const lost = finding({ outcome: "NEEDS_CONFIRMATION" });
    expect(remaining([mended, advice, extra, lost])).toEqual([lost]);
  });

  it.each([
    ["nothing left", 0, [], 0],
    ["somebody left out", 1, [], 4],
    ["something left", 0, [finding({})], 1],
    ["both", 1, [finding({})], 1],
  ] as const)("and tenants end a validation or repair: %s", (_, skipped, findings, exitCode) => {
    const { progress } = anEvent(1, "SUCCEEDED", { done: 3 - skipped, skipped });
    expect(exitOfLook({ status: "SUCCEEDED", progress }, findings)).toBe(exitCode);
  });

  it("leave out whom the job skipped, and that is said", () => {
    expect(skippedAdvice({ id: "job_1", progress: anEvent(1, "SUCCEEDED", { skipped: 2 }).progress })).toEqual([
      "2 tenants were left out: `tenantry jobs items job_1 --status skipped` says why.",
    ]);
    expect(skippedAdvice({ id: "job_1", progress: anEvent(1, "SUCCEEDED", {}).progress })).toEqual([]);
  });

  it("lead to advice for what is left, and to none where nothing is", () => {
    expect(findingAdvice("REPAIR_TENANTS", [finding({ outcome: "REPAIRED" })], false)).toEqual([]);
    const planned = findingAdvice("REPAIR_TENANTS", [finding({ outcome: "PLANNED" })], true);
    expect(planned).toEqual([
      "1 finding would be repaired: `tenantry fix-databases`.",
      "This was a dry run: nothing was changed.",
    ]);
    expect(findingAdvice("VALIDATE_TENANTS", [finding({}), finding({ kind: "ORPHAN_USER" })], false)).toEqual([
      "1 database or account known to no tenant: nothing drops them but you.",
      "See what a repair would do: `tenantry fix-databases --dry-run`.",
    ]);
    expect(findingAdvice("VALIDATE_TENANTS", [finding({ kind: "UNREACHABLE" })], false)).toEqual([
      "1 server not reachable: bring the server back before anything else.",
    ]);
  });
});
