import type { Finding, Severity } from "../finding.ts";

const ranks: Readonly<Record<Severity, number>> = { INFO: 1, WARNING: 2, CRITICAL: 3 };

/** The severity of the worst of them; undefined: there are none. */
export function worstFinding(findings: readonly Pick<Finding, "severity">[]): Severity | undefined {
  return findings.map(({ severity }) => severity).toSorted((a, b) => ranks[b] - ranks[a])[0];
}
