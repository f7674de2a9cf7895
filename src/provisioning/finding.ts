/** What can differ between what must be and what is. */
export type FindingKind =
  | "MISSING_DATABASE"
  | "ORPHAN_DATABASE"
  | "MISSING_USER"
  | "ORPHAN_USER"
  | "CREDENTIALS_MISMATCH"
  | "ACCOUNT_LOCKED"
  | "MISSING_GRANTS"
  | "EXCESS_GRANTS"
  | "MISSING_TABLE"
  | "EXTRA_TABLE"
  | "MISSING_COLUMN"
  | "EXTRA_COLUMN"
  | "COLUMN_MISMATCH"
  | "MISSING_INDEX"
  | "EXTRA_INDEX"
  | "MISSING_FOREIGN_KEY"
  | "WRONG_CHARSET"
  | "WRONG_ENGINE"
  | "PENDING_MIGRATIONS"
  | "HALF_APPLIED_MIGRATION"
  | "MIGRATION_TAMPERED"
  | "SCHEMA_AHEAD"
  | "STATUS_INCONSISTENT"
  | "OWNERSHIP_MISMATCH"
  | "STALLED"
  | "UNREACHABLE"
  | "SERVER_SETTING";

export type Severity = "INFO" | "WARNING" | "CRITICAL";

/** What repair does, or did, about a finding. Only REPAIRED ones are closed. */
export type RepairOutcome = "REPORTED" | "PLANNED" | "REPAIRED" | "NEEDS_CONFIRMATION" | "FAILED" | "SKIPPED";

/** What repair does about a finding, in the order in which it is done. */
export const remedies = [
  "DATABASE",
  "ACCOUNT",
  "GRANTS",
  "SCHEMA",
  "MIGRATIONS",
  "VERSION",
  "STATUS",
  "RESUME",
] as const;
export type Remedy = (typeof remedies)[number];

/** One difference between what must be and what is. Its texts are public: they name objects, never secrets. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** The database, account, table … meant. */
  readonly object: string;
  readonly message: string;
  readonly expected?: string | undefined;
  readonly actual?: string | undefined;
  /** Absent: it is only reported, and what is there is neither dropped nor changed. */
  readonly remedy?: Remedy | undefined;
}
