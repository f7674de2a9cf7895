import { z } from "zod";
import type { TenantId } from "../../kit/ids.ts";
import { type TestRunDetail, verdicts } from "../../test-runs/test-run.ts";

const latency = z.object({
  count: z.number(),
  min: z.number(),
  avg: z.number(),
  p50: z.number(),
  p90: z.number(),
  p95: z.number(),
  p99: z.number(),
  max: z.number(),
});

const detail = z.object({
  operations: z.number(),
  operationsPerSecond: z.number().optional(),
  errors: z.number(),
  latency: latency.optional(),
  latest: z.array(z.string().transform((id) => id as TenantId)),
  verdict: z.enum(verdicts).optional(),
  concurrency: z.number().optional(),
  slowedBecause: z.string().optional(),
});

const nothingYet: TestRunDetail = { operations: 0, errors: 0, latest: [] };

/** The live figures of an event; zeros for one that carries none, as the first and those of a hand-over do. */
export function toTestRunDetail(value: unknown): TestRunDetail {
  return value === undefined || value === null ? nothingYet : detail.parse(value);
}
