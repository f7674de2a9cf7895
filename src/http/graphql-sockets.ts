import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { ExecutionArgs } from "graphql";
import { CloseCode, handleProtocols, makeServer, type Server } from "graphql-ws";
import { WebSocketServer } from "ws";
import type { Clock } from "../kit/clock.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import { Loop } from "../kit/loop.ts";
import { bearerSecret } from "./bearer.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { RateLimited } from "./limits/rate-limiter.ts";
import { SharedDeliveries } from "./sockets/shared-deliveries.ts";
import { SocketKeys } from "./sockets/socket-keys.ts";
import { type SocketConnection, SocketLine } from "./sockets/socket-line.ts";
import { type Connection, type SocketContext, SocketOperations } from "./sockets/socket-operations.ts";
import { utf8Bytes } from "./sockets/text-frame.ts";
import { TurnEnd } from "./sockets/turn-end.ts";
import type { Transport } from "./transport.ts";

const maxMessageBytes = 64 * 1024;
const initWithinMs = 5_000;
const maxSocketsPerKey = 1_000;
/** How often sockets are looked at: a key that was revoked must be out within five seconds. */
const checkEveryMs = 2_000;
/** How long a client may take to say good-bye before its socket is cut. */
const farewellMs = 1_000;

/** GraphQL over WebSocket: the graphql-transport-ws protocol. */
export class GraphqlSockets<ContextValue extends object> {
  readonly #sockets: WebSocketServer;
  readonly #protocol: Server<Connection>;
  readonly #lines = new Set<SocketLine>();
  readonly #keys: SocketKeys;
  readonly #turn: TurnEnd;
  readonly #watch: Loop;

  constructor(
    private readonly transport: Transport<ContextValue>,
    private readonly presenter: ErrorPresenter,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    this.#keys = new SocketKeys((secret) => transport.authenticate(secret));
    this.#turn = new TurnEnd((error) => presenter.present(error, undefined));
    this.#watch = new Loop(
      "socket watch",
      () => this.check(),
      () => checkEveryMs,
      clock,
      logger,
    );
    this.#sockets = new WebSocketServer({
      noServer: true,
      maxPayload: maxMessageBytes,
      // With it, frames of the library's own could wait while ours are written (decision 16).
      perMessageDeflate: false,
      autoPong: false,
      handleProtocols: (offered) => handleProtocols(offered),
    });
    const deliveries = new SharedDeliveries();
    const operations = new SocketOperations(transport, presenter, deliveries);
    this.#protocol = makeServer<Record<string, unknown> | undefined, Connection>({
      execute: (args: ExecutionArgs) => operations.execute(args),
      subscribe: (args) => deliveries.subscribe(args),
      connectionInitWaitTimeout: initWithinMs,
      onConnect: (context) => this.#connect(context),
      onSubscribe: (context, id, payload) => operations.begin(context, id, payload),
      onNext: (_context, _id, payload, _args, result) => operations.presentResult(payload, result),
      onError: (_context, _id, payload, errors) => operations.presentErrors(payload, errors),
      onComplete: (_context, _id, payload) => operations.complete(payload),
    });
  }

  get size(): number {
    return this.#sockets.clients.size;
  }

  /** Takes over a connection that asks to become a socket. */
  upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const address = request.socket.remoteAddress;
    this.#sockets.handleUpgrade(request, connection, head, (socket) =>
      this.#open({ socket, stream: connection }, address),
    );
  }

  /** Begins to look after the sockets. */
  start(): void {
    this.#watch.start();
  }

  /** Looks at all sockets once: cuts clients that are gone or do not read, and closes those whose key has ended. */
  async check(): Promise<void> {
    for (const line of this.#lines) line.check();
    await this.#keys.check();
  }

  /** Says good-bye to every client with 1001, and cuts those that do not answer. */
  async stop(): Promise<void> {
    await this.#watch.stop();
    const clients = [...this.#sockets.clients];
    const closed = clients.map((socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())));
    for (const line of this.#lines) line.close(1001, "Going away");
    const cut = setTimeout(() => {
      for (const socket of clients) socket.terminate();
    }, farewellMs);
    await Promise.all(closed);
    clearTimeout(cut);
    this.#sockets.close();
  }

  #open(connection: SocketConnection, address: string | undefined): void {
    const { socket } = connection;
    const line = new SocketLine(connection, this.#turn, () => this.clock.monotonicMs());
    this.#lines.add(line);
    const closed = this.#protocol.opened(
      {
        protocol: socket.protocol,
        send: (data) => line.answer(utf8Bytes(data)),
        close: (code, reason) => line.close(code, reason),
        onMessage: (handle) =>
          socket.on("message", (data) => {
            // What comes after our good-bye is not for us any more.
            if (line.isOpen) handle(data.toString()).catch((error: unknown) => this.#fail(line, error));
          }),
      },
      { line, address },
    );
    socket.on("error", (error) => this.logger.debug({ err: error }, "socket error"));
    socket.once("close", (code, reason) => {
      this.#lines.delete(line);
      closed(code, reason.toString()).catch((error: unknown) => this.presenter.present(error, undefined));
    });
  }

  async #connect({ connectionParams, extra }: SocketContext): Promise<boolean> {
    const { line, address } = extra;
    const secret = bearerSecret(connectionParams?.authorization ?? connectionParams?.Authorization);
    const actor = secret === undefined ? undefined : await this.transport.authenticate(secret);
    if (!line.isOpen) return false;
    if (secret === undefined || !actor) {
      this.transport.rates?.takeForAddress(address);
      return false;
    }
    if (this.#keys.count(actor.id) >= maxSocketsPerKey) {
      line.close(CloseCode.TooManyInitialisationRequests, "Too many sockets");
      return false;
    }
    extra.secret = secret;
    this.#keys.add(line, secret, actor);
    return true;
  }

  /** Something outside of any operation went wrong, e.g. the registry could not be asked who somebody is. */
  #fail(line: SocketLine, error: unknown): void {
    if (error instanceof RateLimited) {
      line.close(CloseCode.TooManyInitialisationRequests, "Too many requests");
      return;
    }
    if (error instanceof DomainError && error.retryable) {
      line.close(1013, "Try again later");
      return;
    }
    // A message that the protocol knows, but not from clients.
    if (error instanceof Error && error.message.startsWith("Unexpected message of type")) {
      line.close(CloseCode.BadRequest, "Invalid message received");
      return;
    }
    this.presenter.present(error, undefined);
    line.close(CloseCode.InternalServerError, "Internal error");
  }
}
