import { InvalidInput } from "../kit/domain-error.ts";
import type { TenantFilter } from "./tenant-store.ts";

const maxParallelLimit = 32;

/** A wish to bring tenants to the newest migration. */
export interface MigrateTenants {
  readonly filter: TenantFilter;
  /** Tenants at once on one server. */
  readonly maxParallel?: number | undefined;
  /** 0..1 */
  readonly haltOnFailureRate?: number | undefined;
}

/** How boldly a migration goes about the fleet, checked. */
export interface MigrationManner {
  readonly maxParallel?: number | undefined;
  readonly haltOnFailureRate?: number | undefined;
}

/** @throws InvalidInput */
export function parseMigrationManner({ maxParallel, haltOnFailureRate }: MigrateTenants): MigrationManner {
  if (
    maxParallel !== undefined &&
    (!Number.isInteger(maxParallel) || maxParallel < 1 || maxParallel > maxParallelLimit)
  ) {
    throw new InvalidInput(`1 to ${maxParallelLimit} tenants can be migrated at once.`, {
      field: ["input", "maxParallel"],
    });
  }
  if (haltOnFailureRate !== undefined && !(haltOnFailureRate >= 0 && haltOnFailureRate <= 1)) {
    throw new InvalidInput("A share is 0 to 1.", { field: ["input", "haltOnFailureRate"] });
  }
  return { maxParallel, haltOnFailureRate };
}

/** Reads back what was written into a job's input. */
export function readMigrationManner(input: Readonly<Record<string, unknown>>): MigrationManner {
  const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
  return { maxParallel: numberOf(input.maxParallel), haltOnFailureRate: numberOf(input.haltOnFailureRate) };
}
