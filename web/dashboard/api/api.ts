import {
  type Client,
  createClient,
  fetchExchange,
  mapExchange,
  type Operation,
  type SubscriptionForwarder,
  subscriptionExchange,
} from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import type { Client as SocketClient } from "graphql-ws";
import { apiCache } from "./cache.ts";
import { Connection } from "./connection.ts";
import { askService, pauseAWhile, Readiness } from "./readiness.ts";
import { type Refusal, refusalOf } from "./refusal.ts";
import { closeSocket, openSocket } from "./socket.ts";

/** The service's API with one key: HTTP for queries and mutations, one socket for subscriptions. */
export interface Api {
  readonly client: Client;
  readonly socket: SocketClient;
  readonly connection: Connection;
  close(): void;
}

export interface ApiOptions {
  readonly key: string;
  /** The service does not take the key, or not any more. */
  onRefused(): void;
  /** Something was not answered, or not as asked; what a form shows itself is told here, too. */
  onRefusal(refusal: Refusal, operation: Operation): void;
}

const path = "/graphql";

export function openApi({ key, onRefused, onRefusal }: ApiOptions): Api {
  const connection = new Connection();
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const readiness = new Readiness({ connection, ask: askService, pause: pauseAWhile });
  const socket = openSocket({ url: url.href, key, connection, onRefused });
  const client = createClient({
    url: path,
    preferGetMethod: false,
    exchanges: [
      mapExchange({
        onError: (error, operation) => {
          const refusal = refusalOf(error);
          if (refusal.code === "SERVICE_UNAVAILABLE") readiness.unavailable();
          if (refusal.code !== "UNAUTHENTICATED") onRefusal(refusal, operation);
        },
      }),
      apiCache(),
      keyExchange(key, onRefused),
      fetchExchange,
      subscriptionExchange({ forwardSubscription: overSocket(socket) }),
    ],
  });
  const close = () => {
    readiness.close();
    closeSocket(socket);
  };
  return { client, socket, connection, close };
}

function keyExchange(key: string, onRefused: () => void) {
  return authExchange(async ({ appendHeaders }) => ({
    addAuthToOperation: (operation) => appendHeaders(operation, { authorization: `Bearer ${key}` }),
    didAuthError: (error) => refusalOf(error).code === "UNAUTHENTICATED",
    // There is nothing to refresh: who had the key must bring another one.
    refreshAuth: async () => onRefused(),
  }));
}

function overSocket(socket: SocketClient): SubscriptionForwarder {
  return ({ query = "", variables }) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe(
        { query, variables: { ...variables } },
        {
          // An empty list of errors is an error to urql.
          next: ({ data, errors }) => sink.next({ data: data ?? null, ...(errors && { errors: [...errors] }) }),
          error: (error) => sink.error(error),
          complete: () => sink.complete(),
        },
      ),
    }),
  });
}
