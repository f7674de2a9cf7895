import type { FindingKind } from "../../provisioning/finding.ts";
import { graphqlEnum } from "../graphql-enum.ts";

const descriptions = {
  MISSING_DATABASE: "The tenant's database is not there.",
  ORPHAN_DATABASE: "A database of the service's kind that no tenant has.",
  MISSING_USER: "The tenant's account is not there.",
  ORPHAN_USER: "An account of the service's kind that no tenant has.",
  CREDENTIALS_MISMATCH: "The stored password does not open the account.",
  ACCOUNT_LOCKED: "The account is locked, though the tenant is not SUSPENDED.",
  MISSING_GRANTS: "The account may do less than it must.",
  EXCESS_GRANTS: "The account may do more than it must: a matter of security.",
  MISSING_TABLE: "A table of the tenant's migrations is not there.",
  EXTRA_TABLE: "A table that no migration made.",
  MISSING_COLUMN: "A column of the tenant's migrations is not there.",
  EXTRA_COLUMN: "A column that no migration made.",
  COLUMN_MISMATCH: "A column's type, nullability, default or charset differs.",
  MISSING_INDEX: "An index of the tenant's migrations is not there.",
  EXTRA_INDEX: "An index that no migration made.",
  MISSING_FOREIGN_KEY: "A foreign key of the tenant's migrations is not there.",
  WRONG_CHARSET: "The database or a table has another charset.",
  WRONG_ENGINE: "A table has another storage engine.",
  PENDING_MIGRATIONS: "Migrations have not been applied yet.",
  HALF_APPLIED_MIGRATION: "A migration was applied in part.",
  MIGRATION_TAMPERED: "A migration was edited after it had been applied.",
  SCHEMA_AHEAD: "The database has migrations that the folder does not know.",
  STATUS_INCONSISTENT: "The registry's status is not what was seen.",
  OWNERSHIP_MISMATCH: "The database carries another tenant's marker, or none.",
  STALLED: "Work stopped before its end.",
  UNREACHABLE: "The server does not answer; nothing is said of its tenants.",
  SERVER_SETTING: "Advice about a setting of the server.",
} as const;

export const FindingKindEnum = graphqlEnum<FindingKind>(
  "FindingKind",
  "What differs between what must be and what is.",
  descriptions,
);
