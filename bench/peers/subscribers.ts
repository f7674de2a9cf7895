import { createInterface } from "node:readline";
import { WebSocket } from "ws";
import { quantile } from "../support/series.ts";

// Many clients of one subscription, each with a socket of its own. Environment: URL, KEY, COUNT, QUERY with a variable $id.
// Says "connected"; a line "follow <id>" begins the subscription on every socket; when each has seen its end it says
// "done {deliveries, p50Ms, p99Ms}". Latency is counted from the event's `at`, of events later than the subscription.

const { URL: url = "", KEY: key = "", COUNT: count = "1", QUERY: query = "" } = process.env;
const latencies: number[] = [];
let deliveries = 0;

interface Subscriber {
  readonly socket: WebSocket;
  sinceMs: number;
}

const subscribers = await Promise.all(Array.from({ length: Number(count) }, open));
process.stdout.write("connected\n");
for await (const line of createInterface({ input: process.stdin })) {
  if (!line.startsWith("follow ")) continue;
  const payload = { query, variables: { id: line.slice("follow ".length) } };
  await Promise.all(subscribers.map((subscriber) => follow(subscriber, payload)));
  const result = { deliveries, p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99) };
  latencies.length = 0;
  deliveries = 0;
  process.stdout.write(`done ${JSON.stringify(result)}\n`);
}

function open(): Promise<Subscriber> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, "graphql-transport-ws", { perMessageDeflate: false });
    socket.on("ping", () => socket.pong());
    socket.once("error", reject);
    socket.once("close", (code) => reject(new TypeError(`A socket was closed with ${code}.`)));
    socket.once("open", () => {
      const authorization = `Bearer ${key}`;
      socket.send(JSON.stringify({ type: "connection_init", payload: key === "" ? {} : { authorization } }));
    });
    socket.once("message", () => resolve({ socket, sinceMs: 0 }));
  });
}

function follow(subscriber: Subscriber, payload: unknown): Promise<void> {
  const { socket } = subscriber;
  subscriber.sinceMs = Date.now();
  return new Promise((resolve, reject) => {
    const onMessage = (data: Buffer) => {
      const now = Date.now();
      const text = data.toString("latin1");
      if (text.includes('"type":"complete"')) {
        socket.off("message", onMessage);
        resolve();
        return;
      }
      const [, at] = /"at":"([^"]+)"/.exec(text) ?? [];
      if (at === undefined) {
        if (text.includes('"type":"error"') || text.includes('"errors"')) reject(new TypeError(text.slice(0, 500)));
        return;
      }
      deliveries += 1;
      const atMs = Date.parse(at);
      if (atMs > subscriber.sinceMs) latencies.push(now - atMs);
    };
    socket.on("message", onMessage);
    socket.send(JSON.stringify({ id: crypto.randomUUID(), type: "subscribe", payload }));
  });
}
