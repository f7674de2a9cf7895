import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
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
import { type HttpQuestion, withDocumentText } from "./documents/http-document.ts";
import { TrustedDocuments } from "./documents/trusted-documents.ts";
import { namingRequest } from "./error-answers.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { type Answer, QuickAnswers } from "./execution/quick-answers.ts";
import { WaitingClient } from "./execution/waiting-client.ts";
import { limitRules, OperationGate } from "./limits/checked-operation.ts";
import { maxTokens, validationOptions } from "./limits/document-limits.ts";
import { defaultDeadlineMs, type OperationRequest, type Transport } from "./transport.ts";

const requestIdHeader = "x-request-id";
/** Those that Apollo looks at. */
const readHeaders = ["accept", "authorization", "content-type"] as const;

/** GraphQL over HTTP: Apollo Server behind Fastify. */
export class GraphqlEndpoint<Context extends object> {
  readonly #apollo: ApolloServer<Context>;
  readonly #documents: TrustedDocuments;
  readonly #gate: OperationGate;
  readonly #quick: QuickAnswers<Context>;
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
    this.#gate = new OperationGate(transport);
    this.#quick = new QuickAnswers(transport, this.#gate, presenter);
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
    const asked = withDocumentText(this.#documents, {
      method: request.method,
      search: searchOf(request.url),
      body: request.body ?? {},
    });
    const client = new WaitingClient(reply.raw, this.transport.deadlineMs ?? defaultDeadlineMs);
    const operation = { origin: { actor, requestId: request.id }, live: false, client };
    const { accept } = request.headers;
    const answer = await client.answer(
      () => this.#quick.answer(asked, accept, operation) ?? this.#throughApollo(asked, request.headers, operation),
    );
    told(answer.failed);
    for (const [name, value] of answer.headers) reply.header(name, value);
    return reply.code(answer.status).send(answer.text);
  }

  async #throughApollo(
    asked: HttpQuestion,
    given: FastifyRequest["headers"],
    operation: OperationRequest,
  ): Promise<Answer> {
    const { actor, requestId } = operation.origin;
    const headers = new HeaderMap([[requestIdHeader, requestId]]);
    for (const name of readHeaders) {
      const value = given[name];
      if (value !== undefined) headers.set(name, value);
    }
    const state = { actor, failed: false };
    this.#underWay.set(requestId, state);
    const context = () => Promise.resolve(this.transport.contextFor(operation));
    const { status = 200, ...answer } = await this.#apollo
      .executeHTTPGraphQLRequest({ httpGraphQLRequest: { ...asked, headers }, context })
      .finally(() => this.#underWay.delete(requestId));
    const contentType = answer.headers.get("content-type");
    if (status === 200 && contentType !== undefined) this.#quick.learnType(given.accept, contentType);
    const text = await textOf(answer.body);
    const failed = state.failed || status >= 400;
    return { status, headers: answer.headers, text: status < 400 ? text : namingRequest(text, requestId), failed };
  }

  #plugin(): ApolloServerPlugin<Context> {
    return {
      requestDidStart: ({ request }): Promise<GraphQLRequestListener<Context>> =>
        Promise.resolve({
          didResolveOperation: async ({ document, operation, source }) => {
            refuseSubscription(operation?.operation);
            const actor = this.#underWay.get(requestIdIn(request) ?? "")?.actor;
            if (!operation || !actor) return;
            this.#quick.learn(source, request.operationName, document, operation);
            const refusal = this.#gate.admit(document, operation, request.variables, actor);
            if (refusal) throw refusal;
          },
          didEncounterErrors: ({ errors }) => {
            const requestId = requestIdIn(request);
            if (requestId === undefined) return Promise.resolve();
            this.#noteFailure(requestId);
            for (const error of errors) this.#requestIds.set(error, requestId);
            return Promise.resolve();
          },
        }),
    };
  }

  #noteFailure(requestId: string | undefined): void {
    const state = this.#underWay.get(requestId ?? "");
    if (state) state.failed = true;
  }

  #requestIdOf(error: unknown): string | undefined {
    return typeof error === "object" && error !== null ? this.#requestIds.get(error) : undefined;
  }
}

function requestIdIn({ http }: GraphQLRequest): string | undefined {
  return http?.headers.get(requestIdHeader);
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

async function textOf(body: HTTPGraphQLResponse["body"]): Promise<string> {
  if (body.kind === "complete") return body.string;
  let text = "";
  for await (const chunk of body.asyncIterator) text += chunk;
  return text;
}

function apolloLogger(logger: Logger) {
  return {
    debug: (message: unknown) => logger.debug({ message }, "apollo"),
    info: (message: unknown) => logger.info({ message }, "apollo"),
    warn: (message: unknown) => logger.warn({ message }, "apollo"),
    error: (message: unknown) => logger.error({ message }, "apollo"),
  };
}
