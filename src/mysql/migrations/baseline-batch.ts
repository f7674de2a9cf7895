import type { TenantId } from "../../kit/ids.ts";
import type { Baseline } from "../../migrations/baseline.ts";
import { baselineEntry } from "../../migrations/journal.ts";
import { quoteName } from "../pools/identifiers.ts";
import { insertJournalSql } from "./journal-sql.ts";
import { journalTable } from "./journal-table.ts";
import { quoteText, sessionSettings } from "./sql-text.ts";

/**
 * The statements that make a tenant's schema out of a baseline. They may stop anywhere and be begun again: tables are made
 * if they are missing, and all rows come with the journal in one transaction at the end.
 * @param options `definer`: the account whose rights the views have, as SQL
 */
export function baselineStatements(
  baseline: Baseline,
  tenantId: TenantId,
  options: { readonly definer: string; readonly lockWaitSeconds: number },
): readonly string[] {
  const begun = {
    migration: baselineEntry,
    statement: 0,
    checksum: baseline.checksum,
    status: "STARTED",
  } as const;
  return [
    sessionSettings(options),
    // Tables come in any order, rows too; ids are written as they are, zeros included.
    "SET SESSION foreign_key_checks = 0, unique_checks = 0, sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')",
    insertJournalSql(tenantId, [begun], true),
    ...baseline.tables.map((table) => table.create),
    ...viewStatements(baseline, options.definer),
    // What a table holds already passed, or was made in, another mode.
    "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES,NO_ENGINE_SUBSTITUTION'",
    "START TRANSACTION",
    ...baseline.rows,
    insertJournalSql(tenantId, baseline.journal, false),
    `DELETE FROM ${quoteName(journalTable)} WHERE migration = ${quoteText(baselineEntry)}`,
    "COMMIT",
  ];
}

function viewStatements(baseline: Baseline, definer: string): readonly string[] {
  return baseline.views.flatMap((view) => [
    `SET NAMES ${view.charset} COLLATE ${view.collation}`,
    `${view.beforeDefiner}DEFINER=${definer} ${view.afterDefiner}`,
    ...(view === baseline.views.at(-1) ? ["SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci"] : []),
  ]);
}
