import type { Figure } from "../figure.ts";
import { load } from "../support/http-load.ts";
import { compared, inTurns, Series } from "../support/series.ts";

const key = "bench-key-0123456789";
const connections = 8;
const body = JSON.stringify({ query: "{ tenants(first: 1) { nodes { id slug status } } }" });

/** What keys, limits, deadlines and metrics cost a small query: our server beside the same Fastify, Apollo and resolvers alone. */
export const figure: Figure = {
  title: "Cost of the pipeline",
  async measure(bench) {
    // Without compiled queries, which the bare server does not have either.
    const own = bench.peer("own-memory", { KEY: key, COMPILES: "false" });
    const bare = bench.peer("bare-apollo", {});
    const ours = { url: await own.line("listening "), pid: own.pid, key, bodies: [body] };
    const beside = { url: await bare.line("listening "), pid: bare.pid, bodies: [body] };
    const ms = bench.pick(1_500, 4_000);
    const cpuOf = (target: typeof beside) => async () => (await load(target, { connections, ms })).cpuMsPerRequest;
    const [ourCpu, bareCpu] = [new Series(cpuOf(ours)), new Series(cpuOf(beside))];
    await inTurns(1, ourCpu, bareCpu);
    for (const series of [ourCpu, bareCpu]) series.forget();
    await inTurns(bench.pick(5, 9), ourCpu, bareCpu);
    return [
      compared({
        what: "a small query, data in memory, CPU of the server",
        unit: "ms per request",
        ours: ourCpu,
        beside: bareCpu,
        besideIs: "the same Fastify, Apollo and resolvers alone",
        better: "LESS",
        goal: { atMost: 1.15, floor: 2 },
      }),
    ];
  },
};
