import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequestListener,
  HeaderMap,
  type HTTPGraphQLResponse,
} from "@apollo/server";
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from "@apollo/server/plugin/disabled";
import type { FastifyReply, FastifyRequest } from "fastify";
import { GraphQLError } from "graphql";
import type { Actor } from "../kit/actor.ts";
import type { Logger } from "../kit/logger.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { maxTokens, type Transport } from "./transport.ts";

const requestIdHeader = "x-request-id";

/** GraphQL over HTTP: Apollo Server behind Fastify. */
export class GraphqlEndpoint<Context extends object> {
  readonly #apollo: ApolloServer<Context>;
  /** Which request an error belongs to: Apollo's formatter is not told. */
  readonly #requestIds = new WeakMap<object, string>();
  /** Requests under way in which something went wrong. */
  readonly #failed = new Set<string>();

  constructor(
    private readonly transport: Transport<Context>,
    presenter: ErrorPresenter,
    logger: Logger,
  ) {
    this.#apollo = new ApolloServer<Context>({
      schema: transport.schema,
      validationRules: [...transport.validationRules],
      parseOptions: { maxTokens },
      introspection: true,
      includeStacktraceInErrorResponses: false,
      // Keys travel in a header that no browser adds by itself, so there is no request to be forged.
      csrfPrevention: false,
      persistedQueries: false,
      stopOnTerminationSignals: false,
      logger: apolloLogger(logger),
      formatError: (_formatted, error) => presenter.present(error, this.#requestIdOf(error)),
      plugins: [
        ApolloServerPluginCacheControlDisabled(),
        ApolloServerPluginLandingPageDisabled(),
        ApolloServerPluginSchemaReportingDisabled(),
        ApolloServerPluginUsageReportingDisabled(),
        this.#plugin(),
      ],
    });
  }

  start(): Promise<void> {
    return this.#apollo.start();
  }

  stop(): Promise<void> {
    return this.#apollo.stop();
  }

  /** Answers one request of a caller who is known. @param told is called with whether an error is in the answer, before it is sent */
  async handle(
    request: FastifyRequest,
    reply: FastifyReply,
    actor: Actor,
    told: (failed: boolean) => void,
  ): Promise<FastifyReply> {
    const answer = await this.#answer(request, reply, actor);
    told(this.#failed.delete(request.id) || (answer.status ?? 200) >= 400);
    return send(reply, answer);
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<HTTPGraphQLResponse> {
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    headers.set(requestIdHeader, request.id);
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    return this.#apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: {
        method: request.method,
        headers,
        search: searchOf(request.url),
        body: request.body ?? {},
      },
      context: () =>
        Promise.resolve(
          this.transport.contextFor({
            origin: { actor, requestId: request.id },
            live: false,
            signal: gone.signal,
          }),
        ),
    });
  }

  #plugin(): ApolloServerPlugin<Context> {
    return {
      requestDidStart: ({ request }): Promise<GraphQLRequestListener<Context>> =>
        Promise.resolve({
          didResolveOperation: ({ operation }) => Promise.resolve(refuseSubscription(operation?.operation)),
          didEncounterErrors: ({ errors }) => {
            const requestId = request.http?.headers.get(requestIdHeader);
            if (requestId === undefined) return Promise.resolve();
            this.#failed.add(requestId);
            for (const error of errors) this.#requestIds.set(error, requestId);
            return Promise.resolve();
          },
        }),
    };
  }

  #requestIdOf(error: unknown): string | undefined {
    return typeof error === "object" && error !== null ? this.#requestIds.get(error) : undefined;
  }
}

/** The part of a URL from its question mark on. */
function searchOf(url: string): string {
  const at = url.indexOf("?");
  return at < 0 ? "" : url.slice(at);
}

function refuseSubscription(operation: string | undefined): void {
  if (operation !== "subscription") return;
  throw new GraphQLError("Subscriptions are served over WebSocket, on the same path.", {
    extensions: { code: "BAD_REQUEST", http: { status: 400 } },
  });
}

async function send(reply: FastifyReply, answer: HTTPGraphQLResponse): Promise<FastifyReply> {
  for (const [name, value] of answer.headers) reply.header(name, value);
  reply.code(answer.status ?? 200);
  if (answer.body.kind === "complete") return reply.send(answer.body.string);
  let text = "";
  for await (const chunk of answer.body.asyncIterator) text += chunk;
  return reply.send(text);
}

function apolloLogger(logger: Logger) {
  return {
    debug: (message: unknown) => logger.debug({ message }, "apollo"),
    info: (message: unknown) => logger.info({ message }, "apollo"),
    warn: (message: unknown) => logger.warn({ message }, "apollo"),
    error: (message: unknown) => logger.error({ message }, "apollo"),
  };
}
