import type { Bench } from "../bench.ts";
import type { Figure } from "../figure.ts";
import type { Child } from "../support/child.ts";
import type { Fleet } from "../support/fleet.ts";
import { cpuMsOf, rssMbOf } from "../support/process-facts.ts";
import { compared, inTurns, quantile, Series } from "../support/series.ts";
import { streamingFleet } from "../support/streaming-fleet.ts";

const subscribers = 1_000;
/** What the service writes of one job at most. */
const eventsPerSecond = 8;
const query =
  "subscription ($id: ID!) { jobProgress(id: $id) { sequence at status message progress { done total percent } } }";

interface Followed {
  readonly deliveries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A job's progress on its way to many who follow it, each over a socket of its own. */
export const figure: Figure = {
  title: `Progress to ${subscribers.toLocaleString("en")} subscribers`,
  async measure(bench) {
    const fleet = await streamingFleet(bench, 1);
    const count = bench.pick(50, 200);
    const alone = await cpuOfJobAlone(fleet, count);
    const { service } = fleet;
    const ourClients = clients(bench, `${service.url.replace(/^http/, "ws")}/graphql`, service.key);
    const stock = bench.peer("stock-sockets", {});
    const stockClients = clients(bench, await stock.line("listening "), "");
    await Promise.all([ourClients.line("connected"), stockClients.line("connected")]);
    const followed: Followed[] = [];
    const ours = new Series(async () => {
      const before = cpuMsOf(service.pid);
      const id = await fleet.begin(count);
      ourClients.tell(`follow ${id}`);
      const result = await done(ourClients);
      followed.push(result);
      return (result.deliveries * 1_000) / Math.max(1, cpuMsOf(service.pid) - before - alone);
    });
    const beside = new Series(async () => {
      const before = cpuMsOf(stock.pid);
      stockClients.tell(`follow ${bench.pick(30, 60)}:${eventsPerSecond}`);
      return ((await done(stockClients)).deliveries * 1_000) / (cpuMsOf(stock.pid) - before);
    });
    await inTurns(bench.pick(2, 4), ours, beside);
    return [
      compared({
        what: "deliveries per second of the server's CPU",
        unit: "per CPU second",
        ours,
        beside,
        besideIs: "stock graphql-ws, events in memory",
        better: "MORE",
        goal: { atLeast: 3, floor: 0.5 },
      }),
      {
        what: "from the event's row to its subscriber, p99",
        unit: "ms",
        ours: quantile(
          followed.map(({ p99Ms }) => p99Ms),
          0.5,
        ),
        goal: { atMost: 100, floor: 1_000 },
        note: `p50 ${Math.round(
          quantile(
            followed.map(({ p50Ms }) => p50Ms),
            0.5,
          ),
        )} ms, while the same machine provisions the tenants that the events are about.`,
      },
      { what: "resident memory of the service after it", unit: "MB", ours: rssMbOf(service.pid) },
    ];
  },
};

/** Milliseconds of the service's CPU that the job costs when nobody follows it. */
async function cpuOfJobAlone(fleet: Fleet, count: number): Promise<number> {
  const before = cpuMsOf(fleet.service.pid);
  await fleet.grow(count);
  return cpuMsOf(fleet.service.pid) - before;
}

function clients(bench: Bench, url: string, key: string): Child {
  return bench.peer("subscribers", { URL: url, KEY: key, COUNT: String(subscribers), QUERY: query });
}

async function done(child: Child): Promise<Followed> {
  const result: unknown = JSON.parse(await child.line("done "));
  if (!isFollowed(result)) throw new TypeError(`The subscribers said ${JSON.stringify(result)}.`);
  return result;
}

function isFollowed(value: unknown): value is Followed {
  return typeof value === "object" && value !== null && "deliveries" in value && "p50Ms" in value && "p99Ms" in value;
}
