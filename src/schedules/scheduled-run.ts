import { z } from "zod";
import { InvalidInput } from "../kit/domain-error.ts";
import { storedFilter } from "../tenants/stored-filter.ts";
import { parseTenantFilter } from "../tenants/tenant-filter.ts";
import type { TenantFilter } from "../tenants/tenant-store.ts";
import { type ConnectionTestInput, connectionTestOptions } from "../test-runs/connection/connection-test-options.ts";
import { type IsolationTestInput, isolationTestOptions } from "../test-runs/isolation/isolation-test-options.ts";
import {
  type PerformanceTestInput,
  performanceTestOptions,
} from "../test-runs/performance/performance-test-options.ts";

/** A test run or a validation with its options; what is absent takes its default at each run. */
export type ScheduledRun =
  | { readonly kind: "CONNECTION"; readonly options: ConnectionTestInput }
  | { readonly kind: "ISOLATION"; readonly options: IsolationTestInput }
  | { readonly kind: "PERFORMANCE"; readonly options: PerformanceTestInput }
  | { readonly kind: "VALIDATION"; readonly options: { readonly filter?: TenantFilter | undefined } };
export type ScheduleKind = ScheduledRun["kind"];
/** The run of one kind. */
export type RunOf<Kind extends ScheduleKind> = Extract<ScheduledRun, { readonly kind: Kind }>;

const filter = storedFilter.optional();
const number = z.number().optional();
const flag = z.boolean().optional();

const stored = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("CONNECTION"),
    options: z.object({ filter, maxTenants: number, retries: number, timeoutMs: number, concurrency: number }),
  }),
  z.object({ kind: z.literal("ISOLATION"), options: z.object({ filter, maxTenants: number, detailed: flag }) }),
  z.object({
    kind: z.literal("PERFORMANCE"),
    options: z.object({
      filter,
      maxTenants: number,
      maxUsers: number,
      operationsPerUser: number,
      durationSeconds: number,
      skipDeepTests: flag,
    }),
  }),
  z.object({ kind: z.literal("VALIDATION"), options: z.object({ filter }) }),
]);

/** What a schedule runs, read back. @throws ZodError when it was not written by this service */
export function readRun(value: unknown): ScheduledRun {
  return stored.parse(value);
}

/** Sees to it that the options are what a start would take now. @param field where the run stands @throws InvalidInput below that field */
export function checkRun(run: ScheduledRun, field: readonly string[]): void {
  parseTenantFilter(run.options.filter ?? {}, [...field, "filter"]);
  try {
    checkOptions(run);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    // A start calls the place ["input", option].
    throw new InvalidInput(error.message, { field: [...field, ...(error.field ?? []).slice(1)] });
  }
}

function checkOptions(run: ScheduledRun): void {
  switch (run.kind) {
    case "CONNECTION":
      connectionTestOptions(run.options);
      return;
    case "ISOLATION":
      isolationTestOptions(run.options);
      return;
    case "PERFORMANCE":
      performanceTestOptions(run.options);
      return;
    case "VALIDATION":
      return;
  }
}
