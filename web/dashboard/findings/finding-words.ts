import type { FindingKind, Severity } from "../gql/graphql.ts";

/** The worst first. */
export const severities: readonly Severity[] = ["CRITICAL", "WARNING", "INFO"];

export const findingKinds: readonly FindingKind[] = [
  "ACCOUNT_LOCKED",
  "COLUMN_MISMATCH",
  "CREDENTIALS_MISMATCH",
  "EXCESS_GRANTS",
  "EXTRA_COLUMN",
  "EXTRA_INDEX",
  "EXTRA_TABLE",
  "HALF_APPLIED_MIGRATION",
  "MIGRATION_TAMPERED",
  "MISSING_COLUMN",
  "MISSING_DATABASE",
  "MISSING_FOREIGN_KEY",
  "MISSING_GRANTS",
  "MISSING_INDEX",
  "MISSING_TABLE",
  "MISSING_USER",
  "ORPHAN_DATABASE",
  "ORPHAN_USER",
  "OWNERSHIP_MISMATCH",
  "PENDING_MIGRATIONS",
  "SCHEMA_AHEAD",
  "SERVER_SETTING",
  "STALLED",
  "STATUS_INCONSISTENT",
  "UNREACHABLE",
  "WRONG_CHARSET",
  "WRONG_ENGINE",
];
