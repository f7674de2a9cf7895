import type { JobKind } from "./job.ts";

const looking: ReadonlySet<JobKind> = new Set([
  "CONNECTION_TEST",
  "ISOLATION_TEST",
  "PERFORMANCE_TEST",
  "VALIDATE_TENANTS",
  "FILL_WARM_POOL",
  "REENCRYPT_SECRETS",
]);

const oneByOne: ReadonlySet<JobKind> = new Set(["MIGRATE_TENANTS", "SEED_TENANTS", "REPAIR_TENANTS"]);

/** Whether a job of this kind changes tenants, so that a tenant can have only one such job at a time. */
export function changesTenants(kind: JobKind): boolean {
  return !looking.has(kind);
}

/**
 * Whether a job of this kind has its tenants from its entering on. One over the fleet occupies each tenant only when it
 * reaches it, so that nobody is kept waiting for the tenants before.
 */
export function reservesAtEntry(kind: JobKind): boolean {
  return changesTenants(kind) && !oneByOne.has(kind);
}

/** Kinds that plant something in tenants' databases for a while: those whose item is open are not to be changed meanwhile. */
export const holdingKinds: readonly JobKind[] = ["ISOLATION_TEST", "PERFORMANCE_TEST"];
