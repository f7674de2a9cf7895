import { canaryMade, canaryTable } from "./canary.ts";

/** Whether a table in a tenant's database is one that a test run of ours has there for as long as it lasts: no drift of the tenant's. */
export function isTableOfARun(name: string): boolean {
  return name === canaryTable || name === canaryMade || /^scratch[a-z0-9]{26}$/.test(name);
}
