import { connect, type Socket } from "node:net";
import { cpuMsOf } from "./process-facts.ts";
import { quantile } from "./series.ts";

/** What is asked of a server, over and over. */
export interface LoadTarget {
  readonly url: string;
  /** Process that serves it. */
  readonly pid: number;
  readonly key?: string | undefined;
  /** GraphQL request bodies, asked in turn. */
  readonly bodies: readonly string[];
}

/** What came of it. */
export interface LoadResult {
  readonly perSecond: number;
  /** Milliseconds of the server's CPU that a request cost. */
  readonly cpuMsPerRequest: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** A server answered with something else than 200, or with errors. */
export class LoadRefused extends Error {
  override readonly name = "LoadRefused";
}

/**
 * Keep-alive connections that each ask again as soon as they are answered, or, with `perSecond`, at even times whether or
 * not the answers come: latency then counts from the moment at which a request was due.
 */
export async function load(
  target: LoadTarget,
  options: { readonly connections: number; readonly ms: number; readonly perSecond?: number },
): Promise<LoadResult> {
  const clients = await Promise.all(Array.from({ length: options.connections }, () => LoadClient.open(target)));
  const cpuBefore = cpuMsOf(target.pid);
  const startedAt = performance.now();
  const endAt = startedAt + options.ms;
  const latencies: number[] = [];
  let asked = 0;
  const drive = async (client: LoadClient) => {
    for (;;) {
      const turn = asked;
      const dueAt = options.perSecond ? startedAt + (turn * 1000) / options.perSecond : performance.now();
      if (Math.max(dueAt, performance.now()) >= endAt) return;
      asked += 1;
      await until(dueAt);
      await client.ask(turn);
      latencies.push(performance.now() - dueAt);
    }
  };
  try {
    await Promise.all(clients.map(drive));
  } finally {
    for (const client of clients) client.close();
  }
  const ms = performance.now() - startedAt;
  return {
    perSecond: (latencies.length * 1000) / ms,
    cpuMsPerRequest: (cpuMsOf(target.pid) - cpuBefore) / latencies.length,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}

async function until(atMs: number): Promise<void> {
  const left = atMs - performance.now();
  if (left > 1) await new Promise((resolve) => setTimeout(resolve, left));
}

/** One connection with one request under way. Node's own client would cost more than some servers that are measured. */
class LoadClient {
  #received: Buffer[] = [];
  #missing = Number.POSITIVE_INFINITY;
  #resolve: () => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;

  private constructor(
    private readonly socket: Socket,
    private readonly requests: readonly Buffer[],
  ) {
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("error", (error) => this.#reject(error));
    socket.on("close", () => this.#reject(new LoadRefused("The server closed the connection.")));
  }

  static open({ url, key, bodies }: LoadTarget): Promise<LoadClient> {
    const { hostname, port, host, pathname } = new URL(url);
    const authorization = key ? `authorization: Bearer ${key}\r\n` : "";
    const requests = bodies.map((body) =>
      Buffer.from(
        `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\n${authorization}content-type: application/json\r\n` +
          `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      ),
    );
    return new Promise((resolve, reject) => {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      socket.once("error", reject);
      socket.once("connect", () => resolve(new LoadClient(socket, requests)));
    });
  }

  /** @throws LoadRefused */
  ask(turn: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.socket.write(this.requests[turn % this.requests.length] ?? "");
    });
  }

  close(): void {
    this.#reject = () => undefined;
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#received.push(chunk);
    if (this.#missing === Number.POSITIVE_INFINITY) this.#readHead();
    else this.#missing -= chunk.length;
    if (this.#missing > 0) return;
    const body = Buffer.concat(this.#received).toString("utf8");
    this.#received = [];
    this.#missing = Number.POSITIVE_INFINITY;
    if (body.startsWith("HTTP/1.1 200") && !body.includes('"errors":')) this.#resolve();
    else this.#reject(new LoadRefused(body.slice(0, 2_000)));
  }

  #readHead(): void {
    const received = Buffer.concat(this.#received);
    const end = received.indexOf("\r\n\r\n");
    if (end < 0) return;
    const [, length] = /\r\ncontent-length: *(\d+)/i.exec(received.toString("latin1", 0, end)) ?? [];
    if (length === undefined) this.#reject(new LoadRefused("The answer does not say its length."));
    else this.#missing = end + 4 + Number(length) - received.length;
  }
}
