import { describe, expect, it } from "vitest";
import type { RunResultFragment, Verdict } from "../../src/cli/gql/graphql.ts";
import { paintFor } from "../../src/cli/output/paint.ts";
import { type Run, resultColumns, runText } from "../../src/cli/output/run-text.ts";

const plain = paintFor(false);

function aResult(slug: string, verdict: Verdict, durationMs = 10): RunResultFragment {
  return {
    __typename: "ConnectionTestResult",
    verdict,
    durationMs,
    errorCode: verdict === "PASS" ? null : "ACCOUNT_LOCKED",
    message: verdict === "PASS" ? null : "The account is locked.",
    tenant: { id: `tenant_${slug}`, slug },
    attempts: 1,
    connectMs: 20,
    queryMs: 1,
    serverVersion: "10.11",
    rating: "GOOD",
  };
}

const run: Run = {
  id: "run_1",
  kind: "CONNECTION",
  status: "SUCCEEDED",
  verdict: "FAIL",
  rating: "GOOD",
  createdAt: "2026-01-01T00:00:00.000Z",
  startedAt: "2026-01-01T00:00:01.000Z",
  finishedAt: "2026-01-01T00:00:03.000Z",
  job: { id: "job_1" },
  coverage: { tenantsInScope: 3, tenantsTested: 3 },
  summary: {
    passed: 1,
    failed: 1,
    inconclusive: 1,
    successRate: 1 / 3,
    operations: 3,
    operationsPerSecond: 1.5,
    errors: 1,
    latency: null,
  },
  recommendations: ["Unlock the account.", "Look at the server."],
  budget: {
    requestedOperations: 3,
    plannedOperations: 3,
    maxOperations: 3,
    maxConcurrency: 16,
    limitedBy: [],
    explanation: [],
  },
  comparedToBaseline: null,
};

/** The first words of the lines of a table. */
function slugsIn(text: string): readonly string[] {
  return [...text.matchAll(/^(t-\S+) /gm)].map(([, slug = ""]) => slug);
}

describe("what a run found, for people", () => {
  it("stands as a table, worst first and slowest first, with figures and advice below", () => {
    const results = [
      aResult("t-1", "PASS"),
      aResult("t-2", "PASS", 99),
      aResult("t-3", "FAIL"),
      aResult("t-4", "INCONCLUSIVE"),
    ];
    const text = runText(run, results, false, plain);
    expect(slugsIn(text)).toEqual(["t-3", "t-4", "t-2", "t-1"]);
    expect(text).toContain("The account is locked. (ACCOUNT_LOCKED)\n");
    expect(text).toMatch(/\nSummary\n[\s\S]*Verdict +FAIL\n[\s\S]*Success rate +33\.3 %\n[\s\S]*Took +2\.0 s\n/);
    expect(text).not.toContain("Limited by");
    expect(text.endsWith("\nRecommendations\n- Unlock the account.\n- Look at the server.\n")).toBe(true);
  });

  it("leaves the best ones out of a long table, and says so, unless all are wanted", () => {
    const results = Array.from({ length: 60 }, (_, at) => aResult(`t-${at}`, at === 59 ? "FAIL" : "PASS", at));
    const short = runText(run, results, false, plain);
    expect(slugsIn(short)).toHaveLength(50);
    expect(slugsIn(short)[0]).toBe("t-59");
    expect(short).toContain("… and 10 tenants more: --detailed shows all.\n");
    expect(slugsIn(runText(run, results, true, plain))).toHaveLength(60);
  });

  it("shows checks across, and what was tried below when it is detailed", () => {
    const isolated: RunResultFragment = {
      __typename: "IsolationTestResult",
      verdict: "FAIL",
      durationMs: 5,
      errorCode: null,
      message: null,
      tenant: { id: "tenant_1", slug: "t-1" },
      checks: [
        { kind: "CROSS_READ", verdict: "FAIL", evidence: "1 attempt came through:\nSELECT 1 → 1 row" },
        { kind: "ROLES", verdict: "INCONCLUSIVE", evidence: "Not tried." },
        { kind: "DATA", verdict: "PASS", evidence: "Clean." },
      ],
    };
    const text = runText(run, [isolated], true, plain);
    expect(text).toMatch(/^TENANT +VERDICT +CROSS READ +ROLES +DATA +MESSAGE\nt-1 +FAIL +FAIL +\? +ok +-\n/);
    expect(text).toContain(
      "\nEvidence\nt-1\n  CROSS_READ FAIL: 1 attempt came through:\n    SELECT 1 → 1 row\n  ROLES INCONCLUSIVE: Not tried.\n",
    );
  });

  it("has a line of names for programs also where there is no result", () => {
    expect(resultColumns([]).map(({ name }) => name)).toEqual(["tenant", "verdict", "duration_ms", "code", "message"]);
  });
});
