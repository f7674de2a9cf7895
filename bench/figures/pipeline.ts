import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import type { Child } from "../support/child.ts";
import { load } from "../support/http-load.ts";
import { compared, inTurns, Series } from "../support/series.ts";

const key = "bench-key-0123456789";
const connections = 8;
const body = JSON.stringify({ query: "{ tenants(first: 1) { nodes { id slug status } } }" });

/**
 * What keys, limits, deadlines and metrics cost a small query: our server beside itself without what can be turned off, and
 * beside the same Fastify, Apollo and resolvers alone.
 */
export const figure: Figure = {
  title: "Cost of the pipeline",
  async measure(bench) {
    // Without compiled queries, which the bare server does not have either.
    const compiles = { COMPILES: "false" };
    const ours = await cpuOf(bench, bench.peer("own-memory", { KEY: key, ...compiles }));
    const open = await cpuOf(bench, bench.peer("own-memory", { LIMITS: "false", ...compiles }));
    const bare = await cpuOf(bench, bench.peer("bare-apollo", {}));
    await inTurns(1, ours, open, bare);
    for (const series of [ours, open, bare]) series.forget();
    await inTurns(bench.pick(5, 9), ours, open, bare);
    const row = { unit: "ms per request", ours, better: "LESS", goal: { atMost: 1.15, floor: 2 } } as const;
    const what = "a small query, data in memory, CPU of the server";
    return [
      compared({ ...row, what, beside: open, besideIs: "the same server, limits and metrics off" }),
      compared({
        ...row,
        what: `${what}, beside Apollo`,
        beside: bare,
        besideIs: "the same Fastify, Apollo and resolvers alone",
      }),
    ];
  },
};

async function cpuOf(bench: Bench, peer: Child): Promise<Series> {
  const target = { url: await peer.line("listening "), pid: peer.pid, key, bodies: [body] };
  const ms = bench.pick(1_500, 4_000);
  return new Series(async () => (await load(target, { connections, ms })).cpuMsPerRequest);
}
