import { z } from "zod";
import { storedFilter } from "../../tenants/stored-filter.ts";
import type { TenantFilter } from "../../tenants/tenant-store.ts";
import { maxTenantsLimit, OptionLimits } from "../test-options.ts";

/** What a caller asks for; absent: the default. */
export interface IsolationTestInput {
  readonly filter?: TenantFilter | undefined;
  /** 1..100000; absent: all. */
  readonly maxTenants?: number | undefined;
  /** Whether evidence lists each attempt, also where all of them were denied; default false. */
  readonly detailed?: boolean | undefined;
}

/** What a run works by, as it is stored with the run. */
export interface IsolationTestOptions {
  readonly filter: TenantFilter;
  readonly maxTenants?: number | undefined;
  readonly detailed: boolean;
  /** The job's items are the scope; the filter is only for show. Set for a retry. */
  readonly fixedScope: boolean;
}

/** Tenants that attack at a time on one server: the run is thorough, and in no hurry. */
export const isolationConcurrency = 4;

const limits = new OptionLimits({ maxTenants: maxTenantsLimit });

/** @throws InvalidInput that names the option */
export function isolationTestOptions(input: IsolationTestInput): IsolationTestOptions {
  return {
    filter: input.filter ?? {},
    maxTenants: input.maxTenants === undefined ? undefined : limits.within("maxTenants", input.maxTenants),
    detailed: input.detailed ?? false,
    fixedScope: false,
  };
}

const stored = z.object({
  filter: storedFilter,
  maxTenants: z.number().optional(),
  detailed: z.boolean(),
  fixedScope: z.boolean(),
});

/** The options as a run keeps them. @throws ZodError when they were not written by this service */
export function readIsolationTestOptions(options: Readonly<Record<string, unknown>>): IsolationTestOptions {
  return stored.parse(options);
}
