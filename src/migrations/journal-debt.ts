import type { JournalRow } from "./journal.ts";
import type { SchemaStep } from "./tenant-schemas.ts";

/** A step of a packet; or a row that the journal is owed once all steps before it are carried out. */
export type PlannedStep = SchemaStep | { readonly what: "OWE"; readonly row: JournalRow };

/** Rows that the next write brings to the journal. */
export interface JournalDebt {
  readonly rows: readonly JournalRow[];
  /** Within a transaction: what they are when it is rolled back. */
  readonly rolledBack?: readonly JournalRow[] | undefined;
}

/** What the journal is owed when these steps are carried out, and none behind them. */
export function debtAfter(before: JournalDebt, steps: readonly PlannedStep[]): JournalDebt {
  let { rows, rolledBack } = before;
  for (const step of steps) {
    if (step.what === "OWE") rows = [...rows, step.row];
    else if (step.what === "WRITE" || step.what === "ENTER") rows = [];
    else if (step.what === "START_TRANSACTION") rolledBack = rows;
    else if (step.what === "COMMIT") rolledBack = undefined;
  }
  return { rows, rolledBack };
}
