import type { Rating } from "../tenants/tenant.ts";

/** Upper ends of the bands, in milliseconds; above `slow` is CRITICAL. */
export interface RatingBands {
  readonly excellent: number;
  readonly good: number;
  readonly fair: number;
  readonly slow: number;
}

export const defaultRatingBands: RatingBands = { excellent: 25, good: 50, fair: 100, slow: 500 };

/** The band that a latency falls into; its upper end belongs to it. */
export function rateLatency(ms: number, bands: RatingBands): Rating {
  if (ms <= bands.excellent) return "EXCELLENT";
  if (ms <= bands.good) return "GOOD";
  if (ms <= bands.fair) return "FAIR";
  return ms <= bands.slow ? "SLOW" : "CRITICAL";
}

/** A run is rated by its p95; an error makes it CRITICAL, and where nothing was measured there is no rating. */
export function rateRun(p95Ms: number | undefined, failed: number, bands: RatingBands): Rating | undefined {
  if (failed > 0) return "CRITICAL";
  return p95Ms === undefined ? undefined : rateLatency(p95Ms, bands);
}
