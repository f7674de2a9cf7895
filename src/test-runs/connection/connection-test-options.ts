import { z } from "zod";
import { storedFilter } from "../../tenants/stored-filter.ts";
import type { TenantFilter } from "../../tenants/tenant-store.ts";
import { maxTenantsLimit, OptionLimits } from "../test-options.ts";

/** What a caller asks for; absent: the default. */
export interface ConnectionTestInput {
  readonly filter?: TenantFilter | undefined;
  /** 1..100000; absent: all. */
  readonly maxTenants?: number | undefined;
  /** 0..10 attempts beyond the first; default 2. */
  readonly retries?: number | undefined;
  /** 100..60000 milliseconds of one attempt; default 5000. */
  readonly timeoutMs?: number | undefined;
  /** 1..64 tenants at a time; default 16. */
  readonly concurrency?: number | undefined;
}

/** What a run works by, as it is stored with the run. */
export interface ConnectionTestOptions {
  readonly filter: TenantFilter;
  readonly maxTenants?: number | undefined;
  readonly retries: number;
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** The job's items are the scope; the filter is only for show. Set for a retry. */
  readonly fixedScope: boolean;
}

const limits = new OptionLimits({
  maxTenants: maxTenantsLimit,
  retries: { least: 0, most: 10 },
  timeoutMs: { least: 100, most: 60_000 },
  concurrency: { least: 1, most: 64 },
});

/** @throws InvalidInput that names the option */
export function connectionTestOptions(input: ConnectionTestInput): ConnectionTestOptions {
  return {
    filter: input.filter ?? {},
    maxTenants: input.maxTenants === undefined ? undefined : limits.within("maxTenants", input.maxTenants),
    retries: limits.within("retries", input.retries ?? 2),
    timeoutMs: limits.within("timeoutMs", input.timeoutMs ?? 5_000),
    concurrency: limits.within("concurrency", input.concurrency ?? 16),
    fixedScope: false,
  };
}

const stored = z.object({
  filter: storedFilter,
  maxTenants: z.number().optional(),
  retries: z.number(),
  timeoutMs: z.number(),
  concurrency: z.number(),
  fixedScope: z.boolean(),
});

/** The options as a run keeps them. @throws ZodError when they were not written by this service */
export function readConnectionTestOptions(options: Readonly<Record<string, unknown>>): ConnectionTestOptions {
  return stored.parse(options);
}
