import { LatencyHistogram } from "../../kit/histogram.ts";
import type { ServerId } from "../../kit/ids.ts";
import { type Group, GroupGatherer, groupOf, namesShown } from "../tenant-group.ts";
import type { ProbedTenant, TestResult } from "../test-run.ts";
import { latencyOf } from "./connection-figures.ts";

/** A tenant that passed, and how long connect and first query took. Milliseconds. */
export interface Timed {
  readonly slug: string;
  readonly ms: number;
}

/** What a connection test saw, as far as advice follows from it. */
export interface ConnectionSight {
  readonly tested: number;
  /** By error code. */
  readonly failures: ReadonlyMap<string, Group>;
  /** Passed, but not at the first attempt. */
  readonly retried: Group;
  /** The slowest that passed, slowest first. */
  readonly slowest: readonly Timed[];
  /** Median over all that passed. */
  readonly medianMs: number | undefined;
  readonly servers: readonly { readonly serverId: ServerId; readonly tenants: number; readonly medianMs: number }[];
}

/** Gathers a sight from results, in any number of batches; memory does not grow with the fleet. */
export class SightGatherer {
  #tested = 0;
  readonly #failures = new Map<string, GroupGatherer>();
  readonly #retried = new GroupGatherer();
  #slowest: Timed[] = [];
  readonly #all = new LatencyHistogram();
  readonly #servers = new Map<ServerId, LatencyHistogram>();

  add(result: TestResult, tenant: Pick<ProbedTenant, "slug" | "serverId"> | undefined): void {
    const slug = tenant?.slug ?? result.tenantId;
    this.#tested += 1;
    if (result.verdict !== "PASS") groupOf(this.#failures, result.errorCode ?? "INTERNAL").add(slug);
    else if (result.kind === "CONNECTION" && result.attempts > 1) this.#retried.add(slug);
    const ms = latencyOf(result);
    if (ms === undefined || result.verdict !== "PASS") return;
    this.#all.record(ms);
    if (this.#slowest.length < namesShown || ms > (this.#slowest.at(-1)?.ms ?? 0)) {
      this.#slowest = [...this.#slowest, { slug, ms }].sort((a, b) => b.ms - a.ms).slice(0, namesShown);
    }
    if (tenant) histogramOf(this.#servers, tenant.serverId).record(ms);
  }

  sight(): ConnectionSight {
    const servers = [...this.#servers].map(([serverId, histogram]) => {
      const stats = histogram.stats();
      return { serverId, tenants: stats?.count ?? 0, medianMs: stats?.p50 ?? 0 };
    });
    return {
      tested: this.#tested,
      failures: new Map([...this.#failures].map(([code, group]) => [code, group.group()])),
      retried: this.#retried.group(),
      slowest: this.#slowest,
      medianMs: this.#all.stats()?.p50,
      servers,
    };
  }
}

function histogramOf(histograms: Map<ServerId, LatencyHistogram>, serverId: ServerId): LatencyHistogram {
  const known = histograms.get(serverId);
  if (known) return known;
  const histogram = new LatencyHistogram();
  histograms.set(serverId, histogram);
  return histogram;
}
