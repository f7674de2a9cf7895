import type { ServerId } from "../../kit/ids.ts";
import type { RatingBands } from "../rating.ts";
import { tenantsText } from "../tenant-group.ts";
import type { ConnectionSight, Timed } from "./connection-sight.ts";

/** What to do about each kind of failure, by its code; most telling first. */
const remedies: ReadonlyMap<string, string> = new Map([
  [
    "UNREACHABLE",
    "their database server did not answer. Nothing is known of these tenants; test again when it is back.",
  ],
  [
    "OWNERSHIP_MISMATCH",
    "the database is not marked as theirs. Keep applications away from it until that is explained.",
  ],
  ["DATABASE_MISMATCH", "the log-in led to another database. Keep applications away from it until that is explained."],
  [
    "ACCOUNT_MISMATCH",
    "another account row answers for theirs. Look for accounts of the same name with a narrower host.",
  ],
  [
    "WRONG_CREDENTIALS",
    "the server refused the stored credentials. Validate and repair them; their password was changed by hand.",
  ],
  ["ACCOUNT_LOCKED", "the account is locked although the tenant is ACTIVE. Validate and repair them, or suspend them."],
  ["DATABASE_DENIED", "the account may not use its database, or the database is gone. Validate them to learn which."],
  ["UNKNOWN_DATABASE", "the database does not exist. Restore it from a backup before any repair makes an empty one."],
  ["ACCESS_DENIED", "the account lacks privileges in its own database. Validate and repair them."],
  ["TOO_MANY_CONNECTIONS", "the account had no connections left. Look for an application that leaks connections."],
  ["TIMEOUT", "the tenant did not answer in time while its server did. Look for locks, or allow more with timeoutMs."],
  ["CONNECTION_LOST", "the connection broke while the server answers others. Look into the server's error log."],
  [
    "QUEUE_TIMEOUT",
    "no connection was free within the time. Lower concurrency, or raise the server's connection budget.",
  ],
  [
    "SECRET_UNREADABLE",
    "the stored credential cannot be decrypted. Configure the encryption key that it was sealed with.",
  ],
]);

/** What else is known of a run when it gives advice. */
export interface AdviceContext {
  readonly bands: RatingBands;
  readonly serverNames: ReadonlyMap<ServerId, string>;
  /** Tenants that were in scope and not reached. */
  readonly notReached: number;
  /** How the run ended before its time, as a sentence's end: `it was cancelled`. */
  readonly cutShort: string | undefined;
}

/** Advice that follows from what was seen, most urgent first; empty when there is nothing to say. The same sight gives the same advice. */
export function connectionRecommendations(seen: ConnectionSight, context: AdviceContext): readonly string[] {
  return [...aboutFailures(seen), ...aboutSpeed(seen, context), ...aboutRetries(seen), ...aboutCoverage(context)];
}

function aboutFailures(seen: ConnectionSight): readonly string[] {
  const order = [...remedies.keys()];
  const rank = (code: string) => (order.includes(code) ? order.indexOf(code) : order.length);
  const groups = [...seen.failures].sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return groups.map(([code, group]) => {
    const remedy = remedies.get(code) ?? "see the message of each result.";
    return `${code}: ${tenantsText(group)}: ${remedy}`;
  });
}

/** A server that is slow for everybody is one matter, a tenant that is slower than its neighbours another. */
function aboutSpeed(seen: ConnectionSight, context: AdviceContext): readonly string[] {
  const slowServers = seen.servers.filter(({ medianMs, tenants }) => medianMs > context.bands.fair && tenants > 1);
  const advice = slowServers
    .map(({ serverId, medianMs, tenants }) => {
      const name = context.serverNames.get(serverId) ?? serverId;
      return `Server "${name}" is slow for everybody: a median of ${ms(medianMs)} over ${tenants} tenants. Look at its load and at the network to it before you look at tenants.`;
    })
    .sort();
  const outliers = outliersOf(seen, context.bands);
  if (outliers.length > 0) {
    const named = outliers.map((timed) => `${timed.slug} (${ms(timed.ms)})`).join(", ");
    advice.push(`Much slower than the others, whose median is ${ms(seen.medianMs ?? 0)}: ${named}.`);
  }
  return advice;
}

function outliersOf(seen: ConnectionSight, bands: RatingBands): readonly Timed[] {
  if (seen.medianMs === undefined || seen.tested < 3) return [];
  const threshold = Math.max(bands.good, seen.medianMs * 5);
  return seen.slowest.filter((timed) => timed.ms > threshold);
}

function aboutRetries({ retried }: ConnectionSight): readonly string[] {
  if (retried.count === 0) return [];
  return [
    `${tenantsText(retried)} passed, but not at the first attempt: something between here and the server is unsteady.`,
  ];
}

function aboutCoverage({ notReached, cutShort }: AdviceContext): readonly string[] {
  if (notReached === 0 && cutShort === undefined) return [];
  const why = cutShort === undefined ? "" : ` because ${cutShort}`;
  return [`The run did not reach ${notReached} tenants${why}. Retry its job to test the rest.`];
}

function ms(value: number): string {
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
