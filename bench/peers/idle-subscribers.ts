import { createInterface } from "node:readline";
import { WebSocket } from "ws";

// A crowd that subscribes once and then only listens, each over a socket of its own. Environment: URL, KEYS (with commas
// between them, a thousand sockets each), QUERY. Lines: "grow <count>" brings the crowd to so many and says "subscribed";
// "stall" adds one that reads nothing but goes on sending pongs, and another one whenever that is cut, and says "stalled"; "heard" says
// "heard {…}" and begins anew. Latency is counted from a result's `updatedAt`.

const { URL: url = "", KEYS: keys = "", QUERY: query = "" } = process.env;
const secrets = keys.split(",");
const socketsPerKey = 1_000;
const crowd: Member[] = [];
/** How many came after so many milliseconds: there may be ten million of them. */
let latencies: number[] = [];
let lost = 0;
/** How long each one that read nothing was let. */
const cutAfterMs: number[] = [];

interface Member {
  /** Newest `generation` of each tenant, by its id. */
  readonly newest: Map<string, number>;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [word, count] = line.split(" ");
  if (word === "grow") await grow(Number(count));
  if (word === "stall") await stall();
  if (word === "heard") tell();
}

async function grow(count: number): Promise<void> {
  while (crowd.length < count) {
    const next = Array.from({ length: Math.min(100, count - crowd.length) }, (_, at) => subscribe(crowd.length + at));
    crowd.push(...(await Promise.all(next)));
  }
  process.stdout.write("subscribed\n");
}

async function subscribe(at: number): Promise<Member> {
  const member: Member = { newest: new Map() };
  const socket = await open(secrets[Math.floor(at / socketsPerKey)] ?? "");
  socket.on("message", (data: Buffer) => hear(member, data.toString("latin1")));
  socket.once("close", () => {
    lost += 1;
  });
  return member;
}

/** A socket whose subscription is under way: the answer to a ping after it says so. */
function open(key: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, "graphql-transport-ws", { perMessageDeflate: false });
    socket.once("error", reject);
    socket.once("open", () =>
      socket.send(JSON.stringify({ type: "connection_init", payload: { authorization: `Bearer ${key}` } })),
    );
    socket.once("message", () => {
      socket.send(JSON.stringify({ id: "1", type: "subscribe", payload: { query } }));
      socket.send('{"type":"ping"}');
      socket.once("message", () => resolve(socket));
    });
  });
}

/** Everything that is sent to it fills the buffers between here and there. */
async function stall(): Promise<void> {
  await stallOne();
  process.stdout.write("stalled\n");
}

async function stallOne(): Promise<void> {
  const socket = await open(secrets[0] ?? "");
  const since = performance.now();
  socket.pause();
  const ponging = setInterval(() => socket.readyState === WebSocket.OPEN && socket.pong(), 1_000);
  socket.on("error", () => undefined);
  socket.once("close", () => {
    clearInterval(ponging);
    cutAfterMs.push(performance.now() - since);
    void stallOne();
  });
}

function hear(member: Member, text: string): void {
  const [, id, generation, updatedAt] = /"id":"(ten[^"]*)","generation":(\d+),"updatedAt":"([^"]+)"/.exec(text) ?? [];
  if (id === undefined || updatedAt === undefined) {
    if (text.includes('"type":"error"') || text.includes('"type":"complete"')) lost += 1;
    return;
  }
  const ms = Math.max(0, Date.now() - Date.parse(updatedAt));
  latencies[ms] = (latencies[ms] ?? 0) + 1;
  member.newest.set(id, Number(generation));
}

/** What came since it was asked last; `newest` is what every one of the crowd knows of each tenant at least. */
function tell(): void {
  const newest: Record<string, number> = {};
  for (const id of new Set(crowd.flatMap((member) => [...member.newest.keys()]))) {
    newest[id] = Math.min(...crowd.map((member) => member.newest.get(id) ?? 0));
  }
  const deliveries = latencies.reduce((sum, count) => sum + count, 0);
  const heard = { deliveries, lost, p99Ms: quantileMs(0.99 * deliveries), newest, cutAfterMs };
  latencies = [];
  process.stdout.write(`heard ${JSON.stringify(heard)}\n`);
}

/** @param count as many took no longer */
function quantileMs(count: number): number {
  let seen = 0;
  const ms = latencies.findIndex((here) => {
    seen += here ?? 0;
    return seen >= count;
  });
  return ms;
}
