import { z } from "zod";
import { storedFilter } from "../../tenants/stored-filter.ts";
import type { TenantFilter } from "../../tenants/tenant-store.ts";
import { maxTenantsLimit, OptionLimits } from "../test-options.ts";

/** What a caller asks for; absent: the default. */
export interface PerformanceTestInput {
  readonly filter?: TenantFilter | undefined;
  /** 1..100000; absent: a few. */
  readonly maxTenants?: number | undefined;
  /** 1..10000 users, spread over the tenants; default 10. */
  readonly maxUsers?: number | undefined;
  /** 1..100000; default 25. */
  readonly operationsPerUser?: number | undefined;
  /** 1..300 seconds over which the operations arrive; default 10. */
  readonly durationSeconds?: number | undefined;
  /** Leaves out persistence, concurrent writers and roll-back; default false. */
  readonly skipDeepTests?: boolean | undefined;
}

/** What a run works by, as it is stored with the run. */
export interface PerformanceTestOptions {
  readonly filter: TenantFilter;
  readonly maxTenants?: number | undefined;
  readonly maxUsers: number;
  readonly operationsPerUser: number;
  readonly durationSeconds: number;
  readonly skipDeepTests: boolean;
  /** The job's items are the tenants; the filter is only for show. Set for a retry. */
  readonly fixedScope: boolean;
}

const limits = new OptionLimits({
  maxTenants: maxTenantsLimit,
  maxUsers: { least: 1, most: 10_000 },
  operationsPerUser: { least: 1, most: 100_000 },
  durationSeconds: { least: 1, most: 300 },
});

/** @throws InvalidInput that names the option */
export function performanceTestOptions(input: PerformanceTestInput): PerformanceTestOptions {
  return {
    filter: input.filter ?? {},
    maxTenants: input.maxTenants === undefined ? undefined : limits.within("maxTenants", input.maxTenants),
    maxUsers: limits.within("maxUsers", input.maxUsers ?? 10),
    operationsPerUser: limits.within("operationsPerUser", input.operationsPerUser ?? 25),
    durationSeconds: limits.within("durationSeconds", input.durationSeconds ?? 10),
    skipDeepTests: input.skipDeepTests ?? false,
    fixedScope: false,
  };
}

const stored = z.object({
  filter: storedFilter,
  maxTenants: z.number().optional(),
  maxUsers: z.number(),
  operationsPerUser: z.number(),
  durationSeconds: z.number(),
  skipDeepTests: z.boolean(),
  fixedScope: z.boolean(),
});

/** The options as a run keeps them. @throws ZodError when they were not written by this service */
export function readPerformanceTestOptions(options: Readonly<Record<string, unknown>>): PerformanceTestOptions {
  return stored.parse(options);
}
