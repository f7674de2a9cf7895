import { LatencyHistogram } from "../../kit/histogram.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { TestRunDetail } from "../test-run.ts";

/** What was measured of one tenant. */
export interface LoadMeasure {
  /** Operations that were answered, well or not. */
  readonly operations: number;
  readonly errors: number;
  /** By error code. */
  readonly errorsByCode: ReadonlyMap<string, number>;
  /** Operations that were sent and broken off with the run, beside those that were answered. */
  readonly brokenOff: number;
  /** From the moment that each operation was due. */
  readonly latency: LatencyHistogram;
}

/** How a tenant fared, for a run that is at work on it. */
class Gathered implements LoadMeasure {
  operations = 0;
  errors = 0;
  brokenOff = 0;
  readonly errorsByCode = new Map<string, number>();
  readonly latency = new LatencyHistogram();
}

/** Milliseconds that the rate of the live figures looks back. */
const windowMs = 3_000;

/** The figures of a load, grown operation by operation. */
export class LoadFigures {
  readonly #tenants = new Map<TenantId, Gathered>();
  readonly #all = new Gathered();
  /** Operations done at certain times; for the rate. */
  #samples: { readonly atMs: number; readonly operations: number }[] = [];

  get operations(): number {
    return this.#all.operations;
  }
  get errors(): number {
    return this.#all.errors;
  }

  /** @param errorCode absent: it went well */
  add(tenantId: TenantId, latencyMs: number, errorCode?: string): void {
    for (const gathered of [this.#of(tenantId), this.#all]) {
      gathered.operations += 1;
      gathered.latency.record(latencyMs);
      if (errorCode === undefined) continue;
      gathered.errors += 1;
      gathered.errorsByCode.set(errorCode, (gathered.errorsByCode.get(errorCode) ?? 0) + 1);
    }
  }

  breakOff(tenantId: TenantId): void {
    this.#of(tenantId).brokenOff += 1;
  }

  measureOf(tenantId: TenantId): LoadMeasure {
    return this.#of(tenantId);
  }

  /** What an event shows. @param latest tenants whose results came since the last one */
  detail(atMs: number, latest: readonly TenantId[]): TestRunDetail {
    const { operations, errors, latency } = this.#all;
    return { operations, operationsPerSecond: this.#rate(atMs), errors, latency: latency.stats(), latest };
  }

  #rate(atMs: number): number | undefined {
    const { operations } = this.#all;
    this.#samples.push({ atMs, operations });
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= windowMs) this.#samples.shift();
    const [first] = this.#samples;
    if (!first || atMs - first.atMs < 50) return undefined;
    return Math.round(((operations - first.operations) * 10_000) / (atMs - first.atMs)) / 10;
  }

  #of(tenantId: TenantId): Gathered {
    const known = this.#tenants.get(tenantId);
    if (known) return known;
    const gathered = new Gathered();
    this.#tenants.set(tenantId, gathered);
    return gathered;
  }
}
