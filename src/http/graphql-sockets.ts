import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { execute, type FormattedExecutionResult, GraphQLError, subscribe } from "graphql";
import {
  CloseCode,
  type Context,
  type ExecutionResult,
  handleProtocols,
  makeServer,
  type Server,
  type SubscribePayload,
} from "graphql-ws";
import { type WebSocket, WebSocketServer } from "ws";
import type { Actor } from "../kit/actor.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import { bearerSecret } from "./bearer.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { prepareOperation } from "./socket-operation.ts";
import type { Transport } from "./transport.ts";

const maxMessageBytes = 64 * 1024;
const initWithinMs = 5_000;
const pingEveryMs = 12_000;
/** How long a client may take to say good-bye before its socket is cut. */
const farewellMs = 1_000;

/** What belongs to one socket. */
interface Connection {
  readonly socket: WebSocket;
  actor?: Actor;
}

/** What belongs to one operation on a socket. */
interface Operation {
  readonly requestId: string;
  readonly done: AbortController;
  /** Whether a client was told of an error. */
  failed: boolean;
  /** Tells the meter that it has ended. */
  tell?: ((failed: boolean) => void) | undefined;
}

type SocketContext = Context<Record<string, unknown> | undefined, Connection>;

/** GraphQL over WebSocket: the graphql-transport-ws protocol. */
export class GraphqlSockets<ContextValue extends object> {
  readonly #sockets: WebSocketServer;
  readonly #protocol: Server<Connection>;
  /** By the message that began it, which every hook is handed. */
  readonly #operations = new WeakMap<SubscribePayload, Operation>();

  constructor(
    private readonly transport: Transport<ContextValue>,
    private readonly presenter: ErrorPresenter,
    private readonly logger: Logger,
  ) {
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      handleProtocols: (offered) => handleProtocols(offered),
    });
    this.#protocol = makeServer<Record<string, unknown> | undefined, Connection>({
      execute,
      subscribe,
      connectionInitWaitTimeout: initWithinMs,
      onConnect: (context) => this.#connect(context),
      onSubscribe: (context, _id, payload) => this.#prepare(context, payload),
      onNext: (_context, _id, payload, _args, result) => this.#presentResult(payload, result),
      onError: (_context, _id, payload, errors) => errors.map((error) => this.#present(payload, error)),
      onComplete: (_context, _id, payload) => this.#complete(payload),
    });
  }

  get size(): number {
    return this.#sockets.clients.size;
  }

  /** Takes over a connection that asks to become a socket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, connection, head, (socket) => this.#open(socket));
  }

  /** Says good-bye to every client with 1001, and cuts those that do not answer. */
  async stop(): Promise<void> {
    const clients = [...this.#sockets.clients];
    const closed = clients.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    for (const socket of clients) socket.close(1001, "Going away");
    const cut = setTimeout(() => {
      for (const socket of clients) socket.terminate();
    }, farewellMs);
    await Promise.all(closed);
    clearTimeout(cut);
    this.#sockets.close();
  }

  #open(socket: WebSocket): void {
    const stopPinging = keepAlive(socket);
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => sendTo(socket, data),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on("message", (data) => {
            handle(data.toString()).catch((error: unknown) => this.#fail(socket, error));
          }),
      },
      { socket },
    );
    socket.on("error", (error) => this.logger.debug({ err: error }, "socket error"));
    socket.once("close", (code, reason) => {
      stopPinging();
      closed(code, reason.toString()).catch((error: unknown) => this.presenter.present(error, undefined));
    });
  }

  async #connect({ connectionParams, extra }: SocketContext): Promise<boolean> {
    const secret = bearerSecret(connectionParams?.authorization ?? connectionParams?.Authorization);
    const actor = secret === undefined ? undefined : await this.transport.authenticate(secret);
    if (!actor) return false;
    extra.actor = actor;
    return true;
  }

  #prepare({ extra: { actor } }: SocketContext, payload: SubscribePayload) {
    const requestId = randomUUID();
    const done = new AbortController();
    const operation: Operation = { requestId, done, failed: false };
    this.#operations.set(payload, operation);
    const { meter } = this.transport;
    const startedAtMs = performance.now();
    const answered = (failed: boolean) => meter?.answered({ ms: performance.now() - startedAtMs, failed });
    const prepared = prepareOperation(this.transport.schema, this.transport.validationRules, payload);
    if (!("args" in prepared)) {
      answered(true);
      return prepared;
    }
    if (!actor) return [new GraphQLError("The socket has no key.", { extensions: { code: "UNAUTHENTICATED" } })];
    operation.tell = prepared.live ? meter?.subscribed() : answered;
    const origin = { actor, requestId };
    const contextValue = this.transport.contextFor({ origin, live: prepared.live, signal: done.signal });
    return { ...prepared.args, contextValue };
  }

  #complete(payload: SubscribePayload): void {
    const operation = this.#operations.get(payload);
    operation?.tell?.(operation.failed);
    operation?.done.abort();
  }

  #presentResult(payload: SubscribePayload, result: ExecutionResult): FormattedExecutionResult | undefined {
    if (!result.errors) return undefined;
    const errors = result.errors.map((error) => this.#present(payload, error));
    return result.data === undefined ? { errors } : { data: result.data, errors };
  }

  #present(payload: SubscribePayload, error: GraphQLError) {
    const operation = this.#operations.get(payload);
    if (operation) operation.failed = true;
    return this.presenter.present(error, operation?.requestId);
  }

  /** Something outside of any operation went wrong, e.g. the registry could not be asked who somebody is. */
  #fail(socket: WebSocket, error: unknown): void {
    if (error instanceof DomainError && error.retryable) {
      socket.close(1013, "Try again later");
      return;
    }
    this.presenter.present(error, undefined);
    socket.close(CloseCode.InternalServerError, "Internal error");
  }
}

/**
 * Resolves when the text is on its way, so that a slow client slows down its own subscriptions and nothing piles up; and a
 * turn later at the earliest, so that a source that never waits leaves room for everybody else.
 */
function sendTo(socket: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    const nextTurn = () => setImmediate(resolve);
    // A failed write, like one to a socket that is closing, is followed by the socket's close, which ends its operations.
    if (socket.readyState === socket.OPEN) socket.send(data, nextTurn);
    else nextTurn();
  });
}

/** Pings a client, and cuts the socket of one that does not answer. @returns what ends the pinging */
function keepAlive(socket: WebSocket): () => void {
  let answered = true;
  socket.on("pong", () => {
    answered = true;
  });
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingEveryMs);
  return () => clearInterval(timer);
}
