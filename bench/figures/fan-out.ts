import type { Bench } from "../bench.ts";
import type { Figure, Row } from "../figure.ts";
import type { Child } from "../support/child.ts";
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
    return [...(await delivering(bench)), ...(await working(bench))];
  },
};

/** The same events to the same clients, by servers that do nothing else: what is left is to execute and to send. */
async function delivering(bench: Bench): Promise<readonly Row[]> {
  const events = bench.pick(20, 60);
  const [own, same, plain] = [
    await server(bench, "own-sockets", { KEY: "bench" }),
    await server(bench, "stock-sockets", { SCHEMA: "ours" }),
    await server(bench, "stock-sockets", { SCHEMA: "plain" }),
  ];
  const [ours, beside, besidePlain] = [own, same, plain].map((one) => new Series(() => one.deliver(events)));
  if (!ours || !beside || !besidePlain) return [];
  // Each has its code compiled before it is measured.
  for (const one of [own, same, plain]) await one.deliver(events);
  await inTurns(bench.pick(2, 4), ours, beside, besidePlain);
  for (const one of [own, same, plain]) await one.stop();
  const what = "deliveries per second of the server's CPU";
  const common = { unit: "per CPU second", ours, better: "MORE" } as const;
  const goal = { atLeast: 3, floor: 1.5 };
  const besideIs = "stock graphql-ws, the same schema and events";
  const besidePlainIs = "stock graphql-ws, a schema of these fields alone in plain graphql-js";
  return [
    compared({ ...common, what, beside, besideIs, goal }),
    compared({ ...common, what: `${what}, beside less`, beside: besidePlain, besideIs: besidePlainIs }),
  ];
}

/** A server and its clients, all of them connected. */
interface Delivering {
  /** @returns deliveries per second of its CPU, from when all follow to when all have seen the end */
  deliver(events: number): Promise<number>;
  stop(): Promise<unknown>;
}

async function server(bench: Bench, name: string, env: Readonly<Record<string, string>>): Promise<Delivering> {
  const child = bench.peer(name, env);
  const crowd = clients(bench, await child.line("listening "), env.KEY ?? "");
  await crowd.line("connected");
  return {
    deliver: async (events) => {
      child.tell("job");
      crowd.tell(`follow ${await child.line("job ")}`);
      await crowd.line("following");
      const before = cpuMsOf(child.pid);
      child.tell(`tell ${events} ${eventsPerSecond}`);
      const { deliveries } = await done(crowd);
      return (deliveries * 1_000) / (cpuMsOf(child.pid) - before);
    },
    stop: () => Promise.all([child.stop(), crowd.stop()]),
  };
}

/** The whole service, while it provisions the tenants that the events are about. */
async function working(bench: Bench): Promise<readonly Row[]> {
  const fleet = await streamingFleet(bench, 1);
  const { service } = fleet;
  const crowd = clients(bench, `${service.url.replace(/^http/, "ws")}/graphql`, service.key);
  await crowd.line("connected");
  const followed: Followed[] = [];
  for (let round = 0; round < bench.pick(1, 2); round += 1) {
    crowd.tell(`follow ${await fleet.begin(bench.pick(50, 100))}`);
    followed.push(await done(crowd));
  }
  const median = (of: (one: Followed) => number) => quantile(followed.map(of), 0.5);
  const p50 = Math.round(median(({ p50Ms }) => p50Ms));
  return [
    {
      what: "from the event's row to its subscriber, p99",
      unit: "ms",
      ours: median(({ p99Ms }) => p99Ms),
      goal: { atMost: 100, floor: 1_000 },
      note: `p50 ${p50} ms, while the same machine provisions the tenants that the events are about.`,
    },
    { what: "resident memory of the service after it", unit: "MB", ours: rssMbOf(service.pid) },
  ];
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
