import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { quantile } from "../support/series.ts";

// Many clients of one subscription, each with a socket of its own. Environment: URL, KEY, COUNT, QUERY with a variable $id.
// Says "connected"; a line "follow <id>" begins the subscription on every socket; when each has seen its first event it says
// "following", when each has seen its end "done {deliveries, p50Ms, p99Ms}". Both figures count from there on: deliveries all
// of them, latency from the `at` of events that are later than that: what was told again to whoever came late is no latency.

const { URL: url = "", KEY: key = "", COUNT: count = "1", QUERY: query = "" } = process.env;
const latencies: number[] = [];
let deliveries = 0;
let followingSinceMs = Number.POSITIVE_INFINITY;

interface Subscriber {
  readonly socket: WebSocket;
  hear: (text: string) => void;
}

interface Followed {
  /** The first event has come. */
  readonly begun: Promise<void>;
  readonly ended: Promise<void>;
}

/** Something that happens once. */
class Moment {
  come: () => void = () => undefined;
  readonly reached = new Promise<void>((resolve) => {
    this.come = resolve;
  });
}

const subscribers: Subscriber[] = [];
// Some at a time: whoever has not said in time who is there is sent away.
while (subscribers.length < Number(count)) {
  const next = Math.min(100, Number(count) - subscribers.length);
  subscribers.push(...(await Promise.all(Array.from({ length: next }, open))));
}
process.stdout.write("connected\n");
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith("follow ")) continue;
  const payload = { query, variables: { id: line.slice("follow ".length) } };
  followingSinceMs = Number.POSITIVE_INFINITY;
  const followed = subscribers.map((subscriber) => follow(subscriber, payload));
  await Promise.all(followed.map(({ begun }) => begun));
  latencies.length = 0;
  deliveries = 0;
  followingSinceMs = Date.now();
  process.stdout.write("following\n");
  await Promise.all(followed.map(({ ended }) => ended));
  const result = { deliveries, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
  process.stdout.write(`done ${JSON.stringify(result)}\n`);
}

function open(): Promise<Subscriber> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, "graphql-transport-ws", { perMessageDeflate: false });
    const subscriber: Subscriber = { socket, hear: () => resolve(subscriber) };
    socket.once("error", reject);
    socket.once("close", (code) => reject(new TypeError(`A socket was closed with ${code}.`)));
    socket.once("open", () => {
      const authorization = `Bearer ${key}`;
      socket.send(JSON.stringify({ type: "connection_init", payload: key === "" ? {} : { authorization } }));
    });
    socket.on("message", (data: Buffer) => subscriber.hear(data.toString("latin1")));
  });
}

function follow(subscriber: Subscriber, payload: unknown): Followed {
  const [begun, ended] = [new Moment(), new Moment()];
  const subscribe = () =>
    subscriber.socket.send(JSON.stringify({ id: crypto.randomUUID(), type: "subscribe", payload }));
  subscriber.hear = (text) => {
    const nowMs = Date.now();
    const [, at] = /"at":"([^"]+)"/.exec(text) ?? [];
    if (at !== undefined) {
      begun.come();
      deliveries += 1;
      if (Date.parse(at) > followingSinceMs) latencies.push(nowMs - Date.parse(at));
    } else if (text.includes('"type":"complete"')) ended.come();
    // As any client does on a machine that has too much to do; whoever comes late is told all of it.
    else if (text.includes('"retryable":true')) subscribe();
    else throw new TypeError(`A subscriber was told ${text.slice(0, 500)}`);
  };
  subscribe();
  return { begun: begun.reached, ended: ended.reached };
}
