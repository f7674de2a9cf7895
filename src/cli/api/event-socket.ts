import { type Client, createClient } from "graphql-ws/client";
import { WebSocket } from "ws";
import type { Secret } from "../../kit/secret.ts";
import type { Document } from "./api-client.ts";
import { StreamBroken } from "./stream-broken.ts";

/** A peer that does not answer a ping for so long is gone. */
const pongWithinMs = 10_000;
const pingEveryMs = 10_000;

/** The API over one WebSocket, opened with the first subscription. Nothing is tried twice: who follows knows where to go on. */
export class EventSocket {
  readonly #client: Client;

  constructor(url: string, key: Secret) {
    this.#client = createClient({
      url: `${url.replace(/^http/, "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => ({ authorization: `Bearer ${key.reveal()}` }),
      retryAttempts: 0,
      keepAlive: pingEveryMs,
      on: cutWhenSilent(),
    });
  }

  /**
   * Answers of a subscription until it completes. Leaving the loop ends it.
   * @param opened called when the service lets a new connection in @throws StreamBroken
   */
  async *subscribe<Result, Variables extends Record<string, unknown>>(
    document: Document<Result, Variables>,
    variables: Variables,
    opened: () => void,
  ): AsyncGenerator<Result> {
    const unlisten = this.#client.on("connected", opened);
    const answers = this.#client.iterate<Result>({ query: document.toString(), variables });
    try {
      for await (const { data, errors } of answers) {
        if (errors) throw errors;
        if (data) yield data;
      }
    } catch (error) {
      throw StreamBroken.by(error);
    } finally {
      unlisten();
    }
  }

  async close(): Promise<void> {
    await this.#client.dispose();
  }
}

/** Ends a connection whose other side is silent, which no close will ever be heard of. */
function cutWhenSilent() {
  let socket: WebSocket | undefined;
  let timer: NodeJS.Timeout | undefined;
  return {
    opened: (opened: unknown) => {
      socket = opened instanceof WebSocket ? opened : undefined;
    },
    ping: (received: boolean) => {
      if (received) return;
      timer = setTimeout(() => socket?.terminate(), pongWithinMs);
    },
    pong: (received: boolean) => {
      if (received) clearTimeout(timer);
    },
    closed: () => clearTimeout(timer),
  };
}
