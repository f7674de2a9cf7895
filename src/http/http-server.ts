import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Actor } from "../kit/actor.ts";
import { type Clock, systemClock } from "../kit/clock.ts";
import type { Logger } from "../kit/logger.ts";
import { BuiltPage } from "./built-page.ts";
import { Doorkeeper } from "./doorkeeper.ts";
import { ErrorPresenter, errorBody } from "./error-presenter.ts";
import { GraphqlEndpoint } from "./graphql-endpoint.ts";
import { GraphqlSockets } from "./graphql-sockets.ts";
import { Origins } from "./origins.ts";
import { dashboardPages, graphqlPath, methodsOf } from "./paths.ts";
import { refusalOf, refuseConnection } from "./refused-connection.ts";
import { takeJson } from "./request-body.ts";
import { toRequestError } from "./request-error.ts";
import type { Transport } from "./transport.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** By the process's clock. */
    beganAtMs: number;
    /** Who sends it; undefined: not known, or not asked for yet. */
    actor: Actor | undefined;
  }
}

const maxBodyBytes = 256 * 1024;
/** Answers whoever asks `/` and is no browser. */
const places = { service: "tenantry", graphql: graphqlPath, livez: "/livez", readyz: "/readyz" } as const;
/** How long a client may take to send its headers, and its whole request; looked at every second. */
const slowest = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 1_000 } as const;

export interface HttpServerOptions<Context extends object> extends Transport<Context> {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Holds the folders `dashboard` and `playground`, as they were built; either may be missing. */
  readonly pagesDir: string;
  readonly logger: Logger;
  /** Whether the service can do its work, e.g. whether the registry answers. A rejection means no. */
  readiness(): Promise<boolean>;
  /** How long requests under way may take to finish when the server stops. Default 5,000 ms. */
  readonly graceMs?: number;
  /** Absent: the system's. */
  readonly clock?: Clock | undefined;
  /** What `/metrics` answers; absent: there is no such page. */
  readonly metricsText?: (() => Promise<{ readonly contentType: string; readonly body: string }>) | undefined;
}

/** Serves the API over HTTP and WebSocket on one port, with the pages and the probes. */
export class HttpServer<Context extends object> {
  readonly #app: FastifyInstance;
  readonly #endpoint: GraphqlEndpoint<Context>;
  readonly #sockets: GraphqlSockets<Context>;
  readonly #playground: BuiltPage;
  readonly #dashboard: BuiltPage;
  readonly #presenter: ErrorPresenter;
  readonly #door: Doorkeeper;
  readonly #origins: Origins;
  #stopping = false;

  constructor(private readonly options: HttpServerOptions<Context>) {
    const { logger } = options;
    this.#presenter = new ErrorPresenter(logger, options.suggestions);
    this.#door = new Doorkeeper((secret) => options.authenticate(secret), options.rates);
    this.#origins = new Origins(options.allowedOrigins);
    this.#endpoint = new GraphqlEndpoint(options, this.#presenter, logger);
    this.#sockets = new GraphqlSockets(options, this.#presenter, logger, options.clock ?? systemClock);
    this.#playground = new BuiltPage("playground", join(options.pagesDir, "playground"), "'self' blob:");
    this.#dashboard = new BuiltPage("dashboard", join(options.pagesDir, "dashboard"));
    this.#app = fastify({
      bodyLimit: maxBodyBytes,
      genReqId: () => randomUUID(),
      requestIdHeader: false,
      requestTimeout: slowest.requestTimeout,
      http: slowest,
      // Of a path that cannot be decoded; no hook sees it.
      frameworkErrors: (error, request, reply) => {
        this.#mark(request, reply);
        this.#fail(error, request, reply);
      },
      clientErrorHandler: (error, socket) => refuseConnection(socket, refusalOf(error)),
    });
    this.#route();
  }

  /** Starts to serve. @returns where, e.g. `http://127.0.0.1:4000` */
  async listen(): Promise<string> {
    await this.#endpoint.start();
    const { host, port } = this.options;
    const url = await this.#app.listen({ host, port });
    this.#sockets.start();
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
    takeJson(app);
    app.decorateRequest("beganAtMs", 0);
    app.decorateRequest("actor", undefined);
    app.addHook("onRequest", (request, reply, done) => {
      request.beganAtMs = performance.now();
      this.#mark(request, reply);
      // Before the body: nobody is going to read it.
      if (request.is404) this.#nothing(request, reply);
      else done();
    });
    app.setErrorHandler((error, request, reply) => this.#fail(error, request, reply));
    this.#routeGraphql();
    this.#routeDashboard();
    app.get("/livez", () => ({ status: "ok" }));
    app.get("/readyz", (_request, reply) => this.#ready(reply));
    if (this.options.metricsText) this.#routeMetrics(this.options.metricsText);
  }

  /** What is on every answer. */
  #mark(request: FastifyRequest, reply: FastifyReply): void {
    reply.headers(securityHeaders).header("x-request-id", request.id);
    this.#origins.mark(request, reply);
  }

  #routeGraphql(): void {
    const app = this.#app;
    app.get<{ Params: { name: string } }>(`${graphqlPath}/assets/:name`, (request, reply) =>
      this.#playground.asset(request, reply, request.params.name),
    );
    const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
      if (wantsPage(request)) return;
      request.actor = await this.#door.admit(request);
      if (request.actor) return;
      this.#measure(request, true);
      return this.#door.refuse(request, reply);
    };
    app.options(graphqlPath, (request, reply) => this.#origins.preflight(request, reply));
    app.route({
      method: ["GET", "POST"],
      url: graphqlPath,
      exposeHeadRoute: false,
      onRequest,
      handler: (request, reply) => {
        const { actor } = request;
        return actor
          ? this.#endpoint.handle(request, reply, actor, (failed) => this.#measure(request, failed))
          : this.#playground.page(request, reply);
      },
    });
  }

  #routeDashboard(): void {
    const page = (request: FastifyRequest, reply: FastifyReply) => this.#dashboard.page(request, reply);
    this.#app.get("/", (request, reply) => (wantsPage(request) ? page(request, reply) : reply.send(places)));
    for (const name of dashboardPages) {
      for (const path of [`/${name}`, `/${name}/*`])
        this.#app.get(path, (request, reply) =>
          wantsPage(request) ? page(request, reply) : this.#nothing(request, reply),
        );
    }
    this.#app.get<{ Params: { name: string } }>("/assets/:name", (request, reply) =>
      this.#dashboard.asset(request, reply, request.params.name),
    );
  }

  #nothing(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const path = request.url.split("?", 1)[0] ?? "";
    const allowed = path === "/metrics" && !this.options.metricsText ? [] : methodsOf(path);
    if (allowed.length > 0 && !allowed.includes(request.method)) {
      const message = `This path takes ${allowed.join(" and ")}, not ${request.method}.`;
      return reply
        .code(405)
        .header("allow", allowed.join(", "))
        .send(errorBody("METHOD_NOT_ALLOWED", message, request.id));
    }
    return reply.code(404).send(errorBody("NOT_FOUND", "There is nothing here.", request.id));
  }

  #routeMetrics(metricsText: NonNullable<HttpServerOptions<Context>["metricsText"]>): void {
    this.#app.get("/metrics", async (request, reply) => {
      // Every role may read them; a key it must be.
      if (!(await this.#door.admit(request))) return this.#door.refuse(request, reply);
      const { contentType, body } = await metricsText();
      return reply.header("content-type", contentType).header("cache-control", "no-store").send(body);
    });
  }

  #measure(request: FastifyRequest, failed: boolean): void {
    this.options.meter?.answered({ ms: performance.now() - request.beganAtMs, failed });
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
    if (known?.retryAfterS !== undefined) reply.header("retry-after", String(known.retryAfterS));
    if (known) return reply.code(known.status).send(errorBody(known.code, known.message, request.id, known.retryable));
    return reply.code(500).send({ errors: [this.#presenter.present(error, request.id)] });
  }

  #upgrade(request: IncomingMessage, connection: Duplex, head: Buffer): void {
    const path = request.url?.split("?", 1)[0];
    if (this.#stopping) refuseConnection(connection, ["503 Service Unavailable", "SERVICE_UNAVAILABLE"]);
    else if (path !== graphqlPath) refuseConnection(connection, ["404 Not Found", "NOT_FOUND"]);
    else if (!this.#origins.admits(request)) refuseConnection(connection, ["403 Forbidden", "FORBIDDEN_ORIGIN"]);
    else this.#sockets.upgrade(request, connection, head);
  }
}

/** On every answer: it is what its type says, is shown in no frame, is kept by nobody and tells other sites nothing. */
const securityHeaders = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-store",
} as const;

/** Whether a browser asks for a page, rather than a client for an answer. */
function wantsPage(request: FastifyRequest): boolean {
  return request.method === "GET" && /\btext\/html\b/.test(request.headers.accept ?? "");
}
