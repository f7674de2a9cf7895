import type { JobKind } from "./job.ts";

const looking: ReadonlySet<JobKind> = new Set([
  "CONNECTION_TEST",
  "ISOLATION_TEST",
  "PERFORMANCE_TEST",
  "VALIDATE_TENANTS",
  "FILL_WARM_POOL",
  "REENCRYPT_SECRETS",
]);

/** Whether a job of this kind changes tenants, so that a tenant can have only one such job at a time. */
export function changesTenants(kind: JobKind): boolean {
  return !looking.has(kind);
}
