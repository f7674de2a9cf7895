import type { Fetcher } from "@graphiql/toolkit";
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from "graphql";
import { type Client, createClient, type ExecutionResult } from "graphql-ws";

interface Operation {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown>;
}

/**
 * Sends queries and mutations over HTTP and subscriptions over WebSocket, both with the key that the headers editor names,
 * or else with the one of the bar.
 */
export function createFetcher(path: string, key: string): Fetcher {
  return (given, options) => {
    const headers = withKey(options?.headers ?? {}, key);
    const chosen = chosenOperation(parse(given.query), given.operationName);
    // Just after a change of tabs the editor still names the operation of the tab before.
    const operation = { ...given, operationName: chosen?.name?.value };
    return chosen?.operation === "subscription" ? subscribe(path, operation, headers) : post(path, operation, headers);
  };
}

function chosenOperation(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode | undefined {
  const operations = document.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  return operations.find((operation) => operation.name?.value === name) ?? operations[0];
}

function withKey(given: Readonly<Record<string, unknown>>, key: string): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return key === "" ? headers : { authorization: `Bearer ${key}`, ...headers };
}

async function post(path: string, operation: Operation, headers: Record<string, string>) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", ...headers },
    body: JSON.stringify(operation),
  });
  return (await response.json()) as ExecutionResult;
}

/** One socket per subscription: each may have a key of its own. It closes with its subscription. */
function subscribe(path: string, operation: Operation, headers: Record<string, string>) {
  const url = new URL(path, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const client = createClient({ url: url.href, connectionParams: headers, retryAttempts: 0 });
  return readably(client, operation);
}

async function* readably(client: Client, operation: Operation): AsyncGenerator<ExecutionResult> {
  try {
    // The types differ in whether an error is an object or its JSON, which nothing here looks at.
    yield* client.iterate(operation) as AsyncIterableIterator<ExecutionResult>;
  } catch (error) {
    if (error instanceof CloseEvent) {
      throw new Error(error.code === 4403 ? "The service does not know this key." : `The socket closed: ${error.code}`);
    }
    throw error;
  } finally {
    await client.dispose();
  }
}
