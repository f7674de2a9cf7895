import type { ServerId } from "../../kit/ids.ts";

/** What is known of a tenant that could be put under load. */
export interface SelectionCandidate {
  readonly id: string;
  readonly serverId: ServerId;
  /** Data and indexes; absent: not known. */
  readonly bytes?: number | undefined;
  /** Milliseconds of its last connection check; absent: never checked. */
  readonly latencyMs?: number | undefined;
}

/** The tenants for a load, and why these. */
export interface Selection<Candidate> {
  readonly chosen: readonly Candidate[];
  /** Sentences for people. */
  readonly explanation: readonly string[];
}

/**
 * A few tenants that stand for many: every server has its share, and on each server the tenants are spread from the smallest to the
 * largest and from the quickest to the slowest, alternately. The same candidates give the same choice.
 */
export function selectTenants<Candidate extends SelectionCandidate>(
  candidates: readonly Candidate[],
  wanted: number,
  pool: { readonly size: number; readonly name: string },
): Selection<Candidate> {
  const chosen = candidates.length <= wanted ? candidates : spread(candidates, wanted);
  const servers = new Set(chosen.map(({ serverId }) => serverId)).size;
  const of = `${chosen.length} of ${pool.size} ${pool.name}`;
  const where = `on ${servers} ${servers === 1 ? "server" : "servers"}`;
  if (chosen.length === pool.size) return { chosen, explanation: [`All ${of}, ${where}.`] };
  return { chosen, explanation: [`Chosen: ${of}, ${where}${ranges(chosen)}.`] };
}

function spread<Candidate extends SelectionCandidate>(candidates: readonly Candidate[], wanted: number): Candidate[] {
  const servers = [...new Set(candidates.map(({ serverId }) => serverId))].sort();
  const orders = servers.map((server) => alternating(candidates.filter(({ serverId }) => serverId === server)));
  const chosen: Candidate[] = [];
  for (let round = 0; chosen.length < wanted; round += 1) {
    for (const order of orders) {
      const next = order[round];
      if (next && chosen.length < wanted) chosen.push(next);
    }
  }
  return chosen;
}

/** All of the group: extremes first, then what lies between them, once by size and once by latency in turn. */
function alternating<Candidate extends SelectionCandidate>(group: readonly Candidate[]): readonly Candidate[] {
  const bySize = outsideIn(sorted(group, ({ bytes }) => bytes));
  const byLatency = outsideIn(sorted(group, ({ latencyMs }) => latencyMs));
  const order = new Set<Candidate>();
  for (let at = 0; at < group.length; at += 1) {
    for (const next of [bySize[at], byLatency[at]]) if (next) order.add(next);
  }
  return [...order];
}

/** The last, the first, the middle, and so on inwards, so that any beginning of it covers the whole range. */
function outsideIn<Candidate>(items: readonly Candidate[]): readonly Candidate[] {
  const order = new Set<Candidate>();
  for (let parts = 1; order.size < items.length; parts *= 2) {
    for (let part = parts; part >= 0; part -= 1) {
      const item = items[Math.round((part * (items.length - 1)) / parts)];
      if (item) order.add(item);
    }
    if (parts > items.length) for (const item of items) order.add(item);
  }
  return [...order];
}

function sorted<Candidate extends SelectionCandidate>(
  group: readonly Candidate[],
  by: (candidate: Candidate) => number | undefined,
): readonly Candidate[] {
  return [...group].sort((a, b) => (by(a) ?? 0) - (by(b) ?? 0) || (a.id < b.id ? -1 : 1));
}

function ranges(chosen: readonly SelectionCandidate[]): string {
  const sizes = chosen.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes / 1024]));
  const latencies = chosen.flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]));
  const size = sizes.length === 0 ? "" : `, of ${range(sizes, 0)} KB`;
  const latency = latencies.length === 0 ? "" : `, last seen at ${range(latencies, 1)} ms`;
  return `${size}${latency}`;
}

function range(values: readonly number[], digits: number): string {
  const [least, most] = [Math.min(...values).toFixed(digits), Math.max(...values).toFixed(digits)];
  return least === most ? least : `${least} to ${most}`;
}
