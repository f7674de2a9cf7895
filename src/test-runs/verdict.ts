import type { Verdict } from "./test-run.ts";
import type { VerdictCounts } from "./test-run-store.ts";

/**
 * A run FAILs if any result failed, is else INCONCLUSIVE if any is, if it did not come to its planned end or saw nothing, and else a PASS.
 * @param complete everything that was planned was done: neither cancelled nor failed nor cut short by a limit
 */
export function verdictOfRun(counts: VerdictCounts, complete: boolean): Verdict {
  if (counts.failed > 0) return "FAIL";
  if (counts.inconclusive > 0 || !complete || counts.passed === 0) return "INCONCLUSIVE";
  return "PASS";
}
