import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { RatingBands } from "../rating.ts";
import type { PerformanceTestResult, TestBudget } from "../test-run.ts";
import type { PerformanceSight } from "./performance-sight.ts";

/** What to do about each way in which operations fail, by its code; most telling first. */
const remedies: ReadonlyMap<string, string> = new Map([
  [
    "UNREACHABLE",
    "connections broke or the server did not answer. Look into its error log before you trust any figure.",
  ],
  [
    "UNANSWERED",
    "they were under way when the run was over, and no answer came. Look for locks and at the server's load.",
  ],
  ["DISK_FULL", "the server has no room left. Make room: applications fail in the same way."],
  ["READ_ONLY", "the server takes no writes. Is it a replica?"],
  ["WRONG_CREDENTIALS", "the server refused the stored credentials. Validate and repair the tenants."],
  ["ACCOUNT_LOCKED", "the account is locked although the tenant is ACTIVE. Validate and repair the tenants."],
  ["ACCESS_DENIED", "the account lacks privileges in its own database. Validate and repair the tenants."],
  ["DATABASE_DENIED", "the account may not use its database, or the database is gone. Validate the tenants."],
  ["UNKNOWN_DATABASE", "the database does not exist. Restore it before a repair makes an empty one."],
  ["TOO_MANY_CONNECTIONS", "the account had no connections left. Look for an application that leaks connections."],
  ["LOCK_TIMEOUT", "locks were not released in time. Look for long transactions on the server."],
  ["DEADLOCK", "transactions met each other. The load itself cannot bring that about on a healthy server."],
  ["QUEUE_TIMEOUT", "no connection was free in time. Raise the server's connection budget, or lower maxUsers."],
  ["DEEP_TEST_FAILED", "the database did not keep, count or forget what it should. Take the server out of use first."],
]);

/** What else is known of a run when it gives advice. */
export interface AdviceContext {
  readonly budget: TestBudget;
  readonly bands: RatingBands;
  readonly tenants: ReadonlyMap<TenantId, { readonly slug: string; readonly serverId: ServerId }>;
  readonly serverNames: ReadonlyMap<ServerId, string>;
  /** How the run ended before its time, as a sentence's end: `it was cancelled`. */
  readonly cutShort: string | undefined;
  /** Operations that the run had told of when it lost its process, and with it the results of all tenants. */
  readonly counted?: number | undefined;
  /** How the run stands to the accepted baseline, in sentences. */
  readonly baseline: readonly string[];
}

/** Advice that follows from the figures, most urgent first; the same sight gives the same advice. */
export function performanceRecommendations(seen: PerformanceSight, context: AdviceContext): readonly string[] {
  return [
    ...aboutErrors(seen),
    ...aboutDeepTests(seen, context),
    ...aboutSpeed(seen, context),
    ...aboutTail(seen, context),
    ...context.baseline,
    ...aboutLimits(seen, context),
  ];
}

function aboutErrors(seen: PerformanceSight): readonly string[] {
  const counts = new Map<string, number>();
  for (const { errorsByCode, operations, errorCode } of seen.results) {
    for (const { code, count } of errorsByCode) counts.set(code, (counts.get(code) ?? 0) + count);
    // Nothing was measured at all: the tenant's own trouble stands for its operations.
    if (operations === 0 && errorCode !== undefined) counts.set(errorCode, counts.get(errorCode) ?? 0);
  }
  const order = [...remedies.keys()];
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  return [...counts]
    .sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
    .flatMap(([code, count]) => {
      const remedy = remedies.get(code);
      if (count === 0) return remedy ? [`${code}: tenants could not be measured: ${remedy}`] : [];
      return [`${code}: ${count} of ${seen.operations} operations: ${remedy ?? "see the results of the tenants."}`];
    });
}

function aboutDeepTests(seen: PerformanceSight, context: AdviceContext): readonly string[] {
  const wrong = seen.results.filter(({ deepTests }) => deepTests.some(({ passed }) => !passed));
  if (wrong.length === 0) return [];
  return [`Deep tests failed for ${named(wrong, context)}: ${remedies.get("DEEP_TEST_FAILED")}`];
}

/** A server that is slow for everybody is one matter, a tenant that is slower than its neighbours another. */
function aboutSpeed(seen: PerformanceSight, context: AdviceContext): readonly string[] {
  const { bands, tenants, serverNames } = context;
  const measured = seen.results.filter(({ operations }) => operations > 0);
  const advice: string[] = [];
  const servers = [...new Set(measured.map(({ tenantId }) => tenants.get(tenantId)?.serverId))].sort();
  for (const serverId of servers) {
    const own = measured.filter(({ tenantId }) => tenants.get(tenantId)?.serverId === serverId);
    if (serverId === undefined || own.length === 0 || own.some(({ latency }) => latency.p50 <= bands.fair)) continue;
    const name = serverNames.get(serverId) ?? serverId;
    advice.push(`Server "${name}" is slow for every tenant that was tried: look at its load, disk and network first.`);
  }
  const outliers = outliersOf(measured, bands);
  if (outliers.length > 0) {
    const rest = ms(medianOf(measured.map(({ latency }) => latency.p95)));
    advice.push(`Much slower than the others, whose p95 is ${rest} in the middle: ${named(outliers, context, true)}.`);
  }
  return advice;
}

/** Tenants whose p95 is out of all proportion to the others'. */
export function outliersOf(
  measured: readonly PerformanceTestResult[],
  bands: RatingBands,
): readonly PerformanceTestResult[] {
  if (measured.length < 3) return [];
  const threshold = Math.max(bands.excellent, 3 * medianOf(measured.map(({ latency }) => latency.p95)));
  return measured.filter(({ latency }) => latency.p95 > threshold).sort((a, b) => b.latency.p95 - a.latency.p95);
}

function aboutTail(seen: PerformanceSight, { bands }: AdviceContext): readonly string[] {
  const stats = seen.latency.stats();
  if (!stats || stats.count < 100) return [];
  if (stats.p95 <= bands.good && stats.p99 > bands.slow) {
    return [
      `Most operations are quick (p95 ${ms(stats.p95)}), yet one in a hundred takes longer than ${ms(stats.p99)}: look for stalls, such as checkpoints, backups or locks.`,
    ];
  }
  return [];
}

function aboutLimits(seen: PerformanceSight, { budget, cutShort, counted }: AdviceContext): readonly string[] {
  const advice: string[] = [];
  if (cutShort !== undefined) advice.push(`${keptOf(seen, budget, counted)} because ${cutShort}.`);
  if (counted !== undefined) {
    advice.push(
      "The figures are those of its last event; of single tenants none were kept. Retry its job to measure anew.",
    );
  }
  if (budget.limitedBy.includes("MAX_OPERATIONS")) {
    const { requestedOperations: asked, plannedOperations: planned } = budget;
    advice.push(`${asked} operations were asked for; the limit of one run made them ${planned}.`);
  }
  if (budget.limitedBy.includes("CONNECTIONS")) {
    advice.push(`The connection budget made the users at work at once ${budget.maxConcurrency}.`);
  }
  return advice;
}

function keptOf(seen: PerformanceSight, { plannedOperations }: TestBudget, counted: number | undefined): string {
  const done = counted ?? seen.operations;
  if (done === 0) return "No measurement was kept";
  const broken = seen.brokenOff === 0 ? "" : `, and ${seen.brokenOff} more were sent and broken off`;
  return done < plannedOperations
    ? `No more than ${done} of ${plannedOperations} operations were done${broken}`
    : `All ${done} operations were done, but the run did not come to its end`;
}

function named(results: readonly PerformanceTestResult[], { tenants }: AdviceContext, timed = false): string {
  const shown = results.slice(0, 5).map(({ tenantId, latency }) => {
    const slug = tenants.get(tenantId)?.slug ?? tenantId;
    return timed ? `${slug} (${ms(latency.p95)})` : slug;
  });
  const more = results.length > shown.length ? ` and ${results.length - shown.length} more` : "";
  return `${shown.join(", ")}${more}`;
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
