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
import { withDeadline } from "../kit/deadline.ts";
import type { Logger } from "../kit/logger.ts";
import { withDocumentText } from "./documents/http-document.ts";
import { TrustedDocuments } from "./documents/trusted-documents.ts";
import { namingRequest } from "./error-answers.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { admit, limitRules } from "./limits/checked-operation.ts";
import { maxTokens, validationOptions } from "./limits/document-limits.ts";
import { defaultDeadlineMs, type Transport } from "./transport.ts";

const requestIdHeader = "x-request-id";

/** GraphQL over HTTP: Apollo Server behind Fastify. */
export class GraphqlEndpoint<Context extends object> {
  readonly #apollo: ApolloServer<Context>;
  readonly #documents: TrustedDocuments;
  /** Which request an error belongs to: Apollo's formatter is not told. */
  readonly #requestIds = new WeakMap<object, string>();
  /** Requests under way: who sent them, and whether something went wrong. */
  readonly #underWay = new Map<string, { readonly actor: Actor; failed: boolean }>();

  constructor(
    private readonly transport: Transport<Context>,
    presenter: ErrorPresenter,
    logger: Logger,
  ) {
    this.#documents = transport.documents ?? TrustedDocuments.none();
    this.#apollo = new ApolloServer<Context>({
      schema: transport.schema,
      validationRules: [...limitRules(transport.validationRules)],
      validationOptions,
      parseOptions: { maxTokens },
      introspection: true,
      includeStacktraceInErrorResponses: false,
      // A page of another site cannot add the header with the key without being allowed to, and without it nobody comes here.
      csrfPrevention: { requestHeaders: ["authorization"] },
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
    const state = { actor, failed: false };
    this.#underWay.set(request.id, state);
    const answer = await this.#answer(request, reply, actor).finally(() => this.#underWay.delete(request.id));
    told(state.failed || (answer.status ?? 200) >= 400);
    return send(reply, namingRequest(answer, request.id));
  }

  async #answer(request: FastifyRequest, reply: FastifyReply, actor: Actor): Promise<HTTPGraphQLResponse> {
    const asked = withDocumentText(this.#documents, {
      method: request.method,
      search: searchOf(request.url),
      body: request.body ?? {},
    });
    const headers = new HeaderMap();
    for (const [name, value] of Object.entries(request.headers)) {
      if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(", ") : value);
    }
    headers.set(requestIdHeader, request.id);
    const gone = new AbortController();
    reply.raw.once("close", () => {
      // Every answered request closes too; an abort that nobody needs makes an error object each time.
      if (!reply.raw.writableFinished) gone.abort();
    });
    const origin = { actor, requestId: request.id };
    return withDeadline("The request", this.transport.deadlineMs ?? defaultDeadlineMs, undefined, (deadline) =>
      this.#apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { ...asked, headers },
        context: () =>
          Promise.resolve(
            this.transport.contextFor({ origin, live: false, signal: AbortSignal.any([gone.signal, deadline]) }),
          ),
      }),
    );
  }

  #plugin(): ApolloServerPlugin<Context> {
    return {
      requestDidStart: ({ request }): Promise<GraphQLRequestListener<Context>> =>
        Promise.resolve({
          didResolveOperation: async ({ document, operation }) => {
            refuseSubscription(operation?.operation);
            const actor = this.#underWay.get(request.http?.headers.get(requestIdHeader) ?? "")?.actor;
            if (!operation || !actor) return;
            const refusal = admit(this.transport, document, operation, request.variables, actor);
            if (refusal) throw refusal;
          },
          didEncounterErrors: ({ errors }) => {
            const requestId = request.http?.headers.get(requestIdHeader);
            if (requestId === undefined) return Promise.resolve();
            const state = this.#underWay.get(requestId);
            if (state) state.failed = true;
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
