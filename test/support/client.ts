import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type ExecutionResult, type GraphQLFormattedError, print } from "graphql";
import { type Client, createClient } from "graphql-ws";
import { WebSocket } from "ws";

/** A document whose result and variables are known to the compiler, or plain text. */
export type Document<Result, Variables> = TypedDocumentNode<Result, Variables> | string;

/** What the API answered. */
export interface Answer<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** A client of the API over HTTP and WebSocket, as an application would write one. */
export class ApiClient {
  #socket: Client | undefined;

  constructor(
    /** Where the service listens, without a path. */
    readonly url: string,
    private readonly key: string | undefined,
  ) {}

  /** Sends a query or mutation over HTTP. */
  async send<Result = Record<string, unknown>, Variables extends object = Record<string, unknown>>(
    document: Document<Result, Variables>,
    variables?: Variables,
  ): Promise<Answer<Result>> {
    const response = await this.post(JSON.stringify({ query: textOf(document), variables }));
    return (await response.json()) as Answer<Result>;
  }

  /** Sends a query or mutation over HTTP. @returns its data @throws when there are errors */
  async data<Result = Record<string, unknown>, Variables extends object = Record<string, unknown>>(
    document: Document<Result, Variables>,
    variables?: Variables,
  ): Promise<Result> {
    const { data, errors } = await this.send(document, variables);
    if (errors || !data) throw new Error(`The API answered: ${JSON.stringify(errors)}`);
    return data;
  }

  /** Posts a body as it is. */
  post(body: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", ...this.#authorization(), ...headers },
      body,
    });
  }

  /** Asks with the parameters in the URL. */
  get(params: URLSearchParams): Promise<Response> {
    return fetch(`${this.url}/graphql?${params}`, { headers: this.#authorization() });
  }

  /** Runs an operation over the client's one WebSocket; ends when it completes. Leaving the loop ends the operation. */
  stream<Result = Record<string, unknown>, Variables extends object = Record<string, unknown>>(
    document: Document<Result, Variables>,
    variables?: Variables,
  ): AsyncIterableIterator<ExecutionResult<Result>> {
    return this.streamRequest<Result>({ query: textOf(document), variables: { ...variables } });
  }

  /** The same for a request that is written out, e.g. one that names its document by hash. */
  streamRequest<Result = Record<string, unknown>>(request: {
    readonly query: string;
    readonly variables?: Record<string, unknown>;
    readonly documentId?: string;
  }): AsyncIterableIterator<ExecutionResult<Result>> {
    this.#socket ??= createClient({
      url: `${this.url.replace(/^http/, "ws")}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: () => this.#authorization(),
      retryAttempts: 0,
    });
    return this.#socket.iterate<Result>(request) as AsyncIterableIterator<ExecutionResult<Result>>;
  }

  /** Closes the WebSocket, if there is one. */
  async close(): Promise<void> {
    await this.#socket?.dispose();
    this.#socket = undefined;
  }

  #authorization(): Record<string, string> {
    return this.key === undefined ? {} : { authorization: `Bearer ${this.key}` };
  }
}

function textOf(document: Document<unknown, never>): string {
  return typeof document === "string" ? document : print(document);
}
