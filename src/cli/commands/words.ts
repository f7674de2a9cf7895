import { InvalidArgumentError } from "commander";
import type {
  FindingKind,
  JobItemStatus,
  JobKind,
  JobStatus,
  Role,
  Severity,
  TenantOrderField,
  TenantStatus,
  TestKind,
} from "../gql/graphql.ts";

/** All words of an enum of the API; the compiler complains of a missing one. */
function wordsOf<Word extends string>(words: Readonly<Record<Word, 0>>): readonly Word[] {
  // Object.keys forgets what it was given.
  return Object.keys(words) as Word[];
}

export const tenantStatuses = wordsOf<TenantStatus>({
  ACTIVE: 0,
  PROVISIONING: 0,
  SUSPENDED: 0,
  FAILED: 0,
  DELETING: 0,
  DELETED: 0,
});
export const tenantOrders = wordsOf<TenantOrderField>({ CREATED_AT: 0, NAME: 0, SLUG: 0 });
export const jobStatuses = wordsOf<JobStatus>({
  QUEUED: 0,
  RUNNING: 0,
  CANCELLING: 0,
  SUCCEEDED: 0,
  FAILED: 0,
  CANCELLED: 0,
});
export const jobItemStatuses = wordsOf<JobItemStatus>({ SUCCEEDED: 0, FAILED: 0, SKIPPED: 0 });
export const jobKinds = wordsOf<JobKind>({
  CONNECTION_TEST: 0,
  DELETE_TENANT: 0,
  FILL_WARM_POOL: 0,
  ISOLATION_TEST: 0,
  MIGRATE_TENANTS: 0,
  PERFORMANCE_TEST: 0,
  PROVISION_TENANTS: 0,
  REENCRYPT_SECRETS: 0,
  REPAIR_TENANTS: 0,
  RESUME_TENANT: 0,
  ROTATE_CREDENTIALS: 0,
  SEED_TENANTS: 0,
  SUSPEND_TENANT: 0,
  VALIDATE_TENANTS: 0,
});
export const testKinds = wordsOf<TestKind>({ CONNECTION: 0, ISOLATION: 0, PERFORMANCE: 0 });
export const roles = wordsOf<Role>({ VIEWER: 0, OPERATOR: 0, ADMIN: 0 });
export const severities = wordsOf<Severity>({ CRITICAL: 0, WARNING: 0, INFO: 0 });
export const findingKinds = wordsOf<FindingKind>({
  ACCOUNT_LOCKED: 0,
  COLUMN_MISMATCH: 0,
  CREDENTIALS_MISMATCH: 0,
  EXCESS_GRANTS: 0,
  EXTRA_COLUMN: 0,
  EXTRA_INDEX: 0,
  EXTRA_TABLE: 0,
  HALF_APPLIED_MIGRATION: 0,
  MIGRATION_TAMPERED: 0,
  MISSING_COLUMN: 0,
  MISSING_DATABASE: 0,
  MISSING_FOREIGN_KEY: 0,
  MISSING_GRANTS: 0,
  MISSING_INDEX: 0,
  MISSING_TABLE: 0,
  MISSING_USER: 0,
  ORPHAN_DATABASE: 0,
  ORPHAN_USER: 0,
  OWNERSHIP_MISMATCH: 0,
  PENDING_MIGRATIONS: 0,
  SCHEMA_AHEAD: 0,
  SERVER_SETTING: 0,
  STALLED: 0,
  STATUS_INCONSISTENT: 0,
  UNREACHABLE: 0,
  WRONG_CHARSET: 0,
  WRONG_ENGINE: 0,
});

/** A word of an enum, in any case and with hyphens too. @throws InvalidArgumentError */
export function word<Word extends string>(words: readonly Word[]): (text: string) => Word {
  return (text) => {
    const wanted = text.toUpperCase().replaceAll("-", "_");
    const found = words.find((one) => one === wanted);
    if (found === undefined) throw new InvalidArgumentError(`Allowed are ${words.join(", ").toLowerCase()}.`);
    return found;
  };
}

/** For options that may be given again and again, and take several values with commas between them. */
export function many<Value>(
  read: (text: string) => Value,
): (text: string, before: readonly Value[]) => readonly Value[] {
  return (text, before) => [...(before ?? []), ...text.split(",").map((part) => read(part.trim()))];
}

/** The same for free text, which may hold commas. */
export function each<Value>(
  read: (text: string) => Value,
): (text: string, before: readonly Value[]) => readonly Value[] {
  return (text, before) => [...(before ?? []), read(text)];
}

/** A whole number from `least` on. @throws InvalidArgumentError */
export function whole(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (!(number >= least)) throw new InvalidArgumentError(`It must be a whole number, at least ${least}.`);
    return number;
  };
}

/** A share from 0 to 1. @throws InvalidArgumentError */
export function share(text: string): number {
  const number = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 1)) throw new InvalidArgumentError("It must be a number from 0 to 1.");
  return number;
}

/** How something begins. Nothing at all would begin everything: a variable that is not set must not mean the whole fleet. @throws InvalidArgumentError */
export function prefix(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It must not be empty.");
  return text;
}

/** `key=value`. @throws InvalidArgumentError */
export function label(text: string): { key: string; value: string } {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("It must look like key=value.");
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

/** An instant as the API takes it, from a date or a date with a time. @throws InvalidArgumentError */
export function moment(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError("It must be a date, e.g. 2027-01-31 or 2027-01-31T12:00:00Z.");
  return new Date(ms).toISOString();
}
