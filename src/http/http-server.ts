import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Actor } from "../kit/actor.ts";
import type { Logger } from "../kit/logger.ts";
import { bearerSecret } from "./bearer.ts";
import { ErrorPresenter, errorBody } from "./error-presenter.ts";
import { GraphqlEndpoint } from "./graphql-endpoint.ts";
import { GraphqlSockets } from "./graphql-sockets.ts";
import { Playground } from "./playground.ts";
import { toRequestError } from "./request-error.ts";
import type { Transport } from "./transport.ts";

const maxBodyBytes = 256 * 1024;
const graphqlPath = "/graphql";

export interface HttpServerOptions<Context extends object> extends Transport<Context> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Folder of the built playground; may be missing. */
  readonly playgroundDir: string;
  readonly logger: Logger;
  /** Whether the service can do its work, e.g. whether the registry answers. A rejection means no. */
  readiness(): Promise<boolean>;
  /** How long requests under way may take to finish when the server stops. Default 5,000 ms. */
  readonly graceMs?: number;
  /** What `/metrics` answers; absent: there is no such page. */
  readonly metricsText?: (() => Promise<{ readonly contentType: string; readonly body: string }>) | undefined;
}

/** Serves the API over HTTP and WebSocket on one port, with the playground and the probes. */
export class HttpServer<Context extends object> {
  readonly #app: FastifyInstance;
  readonly #endpoint: GraphqlEndpoint<Context>;
  readonly #sockets: GraphqlSockets<Context>;
  readonly #playground: Playground;
  readonly #presenter: ErrorPresenter;
  readonly #beganAtMs = new WeakMap<FastifyRequest, number>();
  #stopping = false;

  constructor(private readonly options: HttpServerOptions<Context>) {
    const { logger } = options;
    this.#presenter = new ErrorPresenter(logger);
    this.#endpoint = new GraphqlEndpoint(options, this.#presenter, logger);
    this.#sockets = new GraphqlSockets(options, this.#presenter, logger);
    this.#playground = new Playground(options.playgroundDir);
    this.#app = fastify({
      bodyLimit: maxBodyBytes,
      genReqId: () => randomUUID(),
      requestIdHeader: false,
      clientErrorHandler: (_error, socket) => refuseConnection(socket, "400 Bad Request", "BAD_REQUEST"),
    });
    this.#route();
  }

  /** Starts to serve. @returns where, e.g. `http://127.0.0.1:4000` */
  async listen(): Promise<string> {
    await this.#endpoint.start();
    const { host, port } = this.options;
    const url = await this.#app.listen({ host, port });
    this.#app.server.on("upgrade", (request, connection, head) => this.#upgrade(request, connection, head));
    return url;
  }

  /** No longer ready; sockets are sent away with 1001, requests under way finish, then the port is free. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const cut = setTimeout(() => this.#app.server.closeAllConnections(), this.options.graceMs ?? 5_000);
    await Promise.all([this.#sockets.stop(), this.#app.close()]);
    clearTimeout(cut);
    await this.#endpoint.stop();
  }

  #route(): void {
    const app = this.#app;
    app.removeContentTypeParser("text/plain");
    app.addHook("onRequest", async (request, reply) => {
      this.#beganAtMs.set(request, performance.now());
      reply.headers({ "x-request-id": request.id, "x-content-type-options": "nosniff" });
    });
    app.setErrorHandler((error, request, reply) => this.#fail(error, request, reply));
    app.setNotFoundHandler((request, reply) =>
      reply.code(404).send(errorBody("NOT_FOUND", "There is nothing here.", request.id)),
    );
    app.get("/livez", () => ({ status: "ok" }));
    app.get("/readyz", (_request, reply) => this.#ready(reply));
    app.get("/", (_request, reply) => reply.redirect(graphqlPath));
    app.get<{ Params: { name: string } }>(`${graphqlPath}/assets/:name`, (request, reply) =>
      this.#playground.asset(request, reply, request.params.name),
    );
    if (this.options.metricsText) this.#routeMetrics(this.options.metricsText);
    const actors = new WeakMap<FastifyRequest, Actor>();
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      if (wantsPage(request)) return;
      const actor = await this.#actorOf(request);
      if (actor) {
        actors.set(request, actor);
        return;
      }
      this.#measure(request, true);
      return unauthenticated(request, reply);
    };
    app.route({
      method: ["GET", "POST"],
      url: graphqlPath,
      onRequest,
      handler: (request, reply) => {
        const actor = actors.get(request);
        return actor
          ? this.#endpoint.handle(request, reply, actor, (failed) => this.#measure(request, failed))
          : this.#playground.page(request, reply);
      },
    });
  }

  #routeMetrics(metricsText: NonNullable<HttpServerOptions<Context>["metricsText"]>): void {
    this.#app.get("/metrics", async (request, reply) => {
      // Every role may read them; a key it must be.
      if (!(await this.#actorOf(request))) return unauthenticated(request, reply);
      const { contentType, body } = await metricsText();
      return reply.header("content-type", contentType).header("cache-control", "no-store").send(body);
    });
  }

  #measure(request: FastifyRequest, failed: boolean): void {
    const nowMs = performance.now();
    this.options.meter?.answered({ ms: nowMs - (this.#beganAtMs.get(request) ?? nowMs), failed });
  }

  async #actorOf(request: FastifyRequest): Promise<Actor | undefined> {
    const secret = bearerSecret(request.headers.authorization);
    return secret === undefined ? undefined : this.options.authenticate(secret);
  }

  async #ready(reply: FastifyReply): Promise<FastifyReply> {
    if (this.#stopping) return reply.code(503).send({ status: "stopping" });
    const ready = await this.options.readiness().catch((error: unknown) => {
      this.options.logger.warn({ err: error }, "readiness probe failed");
      return false;
    });
    return ready ? reply.send({ status: "ready" }) : reply.code(503).send({ status: "unavailable" });
  }

  #fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    if (request.routeOptions.url === graphqlPath) this.#measure(request, true);
    const known = toRequestError(error);
    if (known) return reply.code(known.status).send(errorBody(known.code, known.message, request.id, known.retryable));
    return reply.code(500).send({ errors: [this.#presenter.present(error, request.id)] });
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const path = request.url?.split("?", 1)[0];
    if (this.#stopping) refuseConnection(connection, "503 Service Unavailable", "SERVICE_UNAVAILABLE");
    else if (path !== graphqlPath) refuseConnection(connection, "404 Not Found", "NOT_FOUND");
    else this.#sockets.upgrade(request, connection, head);
  }
}

/** Whether a browser asks for a page, rather than a client for an answer. */
function wantsPage(request: FastifyRequest): boolean {
  return request.method === "GET" && /\btext\/html\b/.test(request.headers.accept ?? "");
}

function unauthenticated(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply
    .code(401)
    .header("www-authenticate", "Bearer")
    .send(errorBody("UNAUTHENTICATED", "Send a valid API key: Authorization: Bearer <key>.", request.id));
}

/** Answers a connection that never became a request. */
function refuseConnection(connection: Duplex, status: string, code: string): void {
  if (!connection.writable) {
    connection.destroy();
    return;
  }
  const body = JSON.stringify(errorBody(code, status.slice(4), randomUUID()));
  connection.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
