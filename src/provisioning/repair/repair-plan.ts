import type { Finding, FindingKind, RepairOutcome } from "../finding.ts";

/** A finding with what is to be done, or was done, about it. */
export interface OutcomeOf extends Finding {
  readonly outcome: RepairOutcome;
}

/** What a repair may do. */
export interface RepairManner {
  /** Nothing is changed. */
  readonly dryRun: boolean;
  /** Lost things may be made anew, empty. */
  readonly confirmDataLoss: boolean;
  /** The tenant never came to the end of its provisioning: nothing of it can have been lost. */
  readonly isNew: boolean;
}

/** Two looks must agree on these before anything is done about them. */
const twiceSeen: ReadonlySet<FindingKind> = new Set(["MISSING_DATABASE", "MISSING_TABLE", "EXCESS_GRANTS"]);
/** They need tables. A MISSING_TABLE among them is a view, or it would ask for confirmation. */
const structural: ReadonlySet<FindingKind> = new Set([
  "MISSING_TABLE",
  "MISSING_FOREIGN_KEY",
  "PENDING_MIGRATIONS",
  "HALF_APPLIED_MIGRATION",
  "STATUS_INCONSISTENT",
]);

/**
 * Says what becomes of each finding of the second look; those to be mended are PLANNED. Pure: a dry run ends here, and
 * a real one carries it out.
 */
export function planRepair(
  first: readonly Finding[],
  second: readonly Finding[],
  manner: Omit<RepairManner, "dryRun">,
): readonly OutcomeOf[] {
  const before = new Set(first.map(keyOf));
  const foreign = second.some(({ kind }) => kind === "OWNERSHIP_MISMATCH");
  const unknown = second.some(({ kind }) => kind === "MIGRATION_TAMPERED" || kind === "SCHEMA_AHEAD");
  const mayLose = manner.confirmDataLoss || manner.isNew;
  const lost = !mayLose && second.some(losesData);
  return second.map((finding) => {
    const plan = (outcome: RepairOutcome, why = ""): OutcomeOf => ({
      ...finding,
      outcome,
      message: why === "" ? finding.message : `${finding.message} ${why}`,
    });
    if (finding.remedy === undefined) return plan("REPORTED");
    if (foreign && finding.kind !== "EXCESS_GRANTS") return plan("SKIPPED", "The database is not the tenant's.");
    if (losesData(finding) && !mayLose) return plan("NEEDS_CONFIRMATION", "What it held is lost.");
    if (twiceSeen.has(finding.kind) && !before.has(keyOf(finding))) {
      return plan("SKIPPED", "It was seen only at the second look.");
    }
    if (unknown && finding.remedy === "MIGRATIONS") return plan("SKIPPED", "The migrations do not fit the database.");
    if (lost && structural.has(finding.kind)) return plan("SKIPPED", "Something that it needs is lost.");
    return plan("PLANNED");
  });
}

/** Whether mending it makes lost things anew, and empty. A view holds nothing. */
export function losesData({ kind, expected }: Finding): boolean {
  return kind === "MISSING_DATABASE" || (kind === "MISSING_TABLE" && expected !== "VIEW");
}

/** Two findings with the same key are the same fact, seen twice. */
export function keyOf({ kind, object, expected, actual }: Finding): string {
  return [kind, object, expected, actual].join("\n");
}
