import type { OutcomeOf, RepairManner } from "./repair-plan.ts";

/** What is said of tenants that a repair leaves as they are. */
export function wellSentence(tenants: number): string {
  return tenants === 1 ? "One tenant needs nothing." : `${tenants} tenants need nothing.`;
}

/** What became of the findings of one tenant; of a dry run, what would become of them. */
export function mendedSentence(
  findings: readonly Pick<OutcomeOf, "outcome">[],
  { dryRun }: Pick<RepairManner, "dryRun">,
): string {
  const mended = findings.filter(({ outcome }) => outcome === (dryRun ? "PLANNED" : "REPAIRED")).length;
  const [noun, were] = findings.length === 1 ? ["finding", "was"] : ["findings", "were"];
  return `${mended} of ${findings.length} ${noun} ${dryRun ? "would be" : were} repaired.`;
}
