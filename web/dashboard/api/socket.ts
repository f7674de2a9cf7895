import { type Client, createClient } from "graphql-ws";
import type { Connection } from "./connection.ts";

/** What the service closes a socket with whose key it does not know, or not any more. */
const forbidden = 4403;
const firstWaitMs = 250;
const longestWaitMs = 5_000;
/** How often a silent service is asked whether it is there, and how long it may take to say so. */
const askEveryMs = 10_000;
const answerWithinMs = 5_000;

export interface SocketOptions {
  readonly url: string;
  readonly key: string;
  readonly connection: Connection;
  /** The service does not take the key. */
  onRefused(): void;
}

/** One socket for all subscriptions of the page. It is opened at once and again after each loss, until it is disposed of. */
export function openSocket({ url, key, connection, onRefused }: SocketOptions): Client {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const client: Client = createClient({
    url,
    connectionParams: { authorization: `Bearer ${key}` },
    lazy: false,
    keepAlive: askEveryMs,
    connectionAckWaitTimeout: answerWithinMs,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (retries) => waitMs(Math.min(longestWaitMs, firstWaitMs * 2 ** retries) * (0.75 + Math.random() / 2)),
    // Whatever else ended it may be over the next time: a restart, a limit, a proxy.
    shouldRetry: (reason) => !isForbidden(reason),
    onNonLazyError: () => undefined,
    on: {
      connected: () => connection.online(),
      ping: (received) => {
        if (!received) deadline = setTimeout(() => client.terminate(), answerWithinMs);
      },
      pong: (received) => received && clearTimeout(deadline),
      closed: (event) => {
        clearTimeout(deadline);
        if (isForbidden(event)) onRefused();
        else connection.lost();
      },
    },
  });
  return client;
}

/** Closes it for good. One that is only being opened fails then, or has been refused: nobody waits for it any more. */
export function closeSocket(socket: Pick<Client, "dispose">): void {
  Promise.resolve(socket.dispose()).catch(() => undefined);
}

function isForbidden(reason: unknown): boolean {
  return typeof reason === "object" && reason !== null && "code" in reason && reason.code === forbidden;
}

/** Also over when the browser finds its network again. */
function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      window.removeEventListener("online", over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    window.addEventListener("online", over);
  });
}
