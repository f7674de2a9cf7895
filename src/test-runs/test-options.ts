import { z } from "zod";
import { InvalidInput } from "../kit/domain-error.ts";
import type { ServerId, TenantId } from "../kit/ids.ts";
import { tenantStatuses } from "../tenants/tenant.ts";

/** Least and most of a whole number, both allowed. */
export interface OptionLimit {
  readonly least: number;
  readonly most: number;
}

/** How many tenants a run can be told to take at most. */
export const maxTenantsLimit: OptionLimit = { least: 1, most: 100_000 };

/** The limits of a test's options, by their names in the API. */
export class OptionLimits<Name extends string> {
  constructor(private readonly limits: Readonly<Record<Name, OptionLimit>>) {}

  /** @returns the value @throws InvalidInput that names the option */
  within(name: Name, value: number): number {
    const { least, most } = this.limits[name];
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidInput(`${name} must be a whole number from ${least} to ${most}, not ${value}.`, {
      field: ["input", name],
    });
  }
}

/** A tenant filter as a run keeps it among its options. */
export const storedFilter = z.object({
  ids: z.array(z.string().transform((id) => id as TenantId)).optional(),
  slugs: z.array(z.string()).optional(),
  statuses: z.array(z.enum(tenantStatuses)).optional(),
  serverId: z
    .string()
    .transform((id) => id as ServerId)
    .optional(),
  schemaVersions: z.array(z.string()).optional(),
  labels: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
  search: z.string().optional(),
});
