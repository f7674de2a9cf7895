import type { TenantId } from "../../kit/ids.ts";
import type { IsolationCheck, IsolationTestResult } from "../test-run.ts";
import type { AttackTrouble } from "./attempt.ts";
import type { FoundCauses } from "./cause-finder.ts";
import { verdictOfChecks } from "./isolation-judge.ts";

/** What a run says of a tenant whose checks were judged so. Trouble explains what is inconclusive; a failure needs no other reason. */
export function resultOf(
  tenantId: TenantId,
  checks: readonly IsolationCheck[],
  trouble: AttackTrouble | undefined,
  durationMs: number,
  found: FoundCauses = { causes: [], unexplained: [] },
): IsolationTestResult {
  const verdict = verdictOfChecks(checks);
  const base = { kind: "ISOLATION", tenantId, verdict, durationMs, checks, ...found } as const;
  const kindsOf = (sought: IsolationCheck["verdict"]) =>
    checks.filter((check) => check.verdict === sought).map(({ kind }) => kind);
  switch (verdict) {
    case "PASS":
      return base;
    case "FAIL": {
      const message = `It is not isolated: ${kindsOf("FAIL").join(", ")}.`;
      return { ...base, errorCode: "NOT_ISOLATED", message };
    }
    case "INCONCLUSIVE": {
      const message = trouble?.message ?? `It could not be found out: ${kindsOf("INCONCLUSIVE").join(", ")}.`;
      return { ...base, errorCode: trouble?.code ?? "INCONCLUSIVE", message };
    }
  }
}
