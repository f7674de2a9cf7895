import {
  ApolloServer,
  type ApolloServerPlugin,
  type GraphQLRequest,
  type GraphQLRequestListener,
  type GraphQLResponse,
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
import { type ExecutionResult, GraphQLError } from "graphql";
import type { Actor } from "../kit/actor.ts";
import type { Logger } from "../kit/logger.ts";
import { withDocumentText } from "./documents/http-document.ts";
import { TrustedDocuments } from "./documents/trusted-documents.ts";
import { namingRequest } from "./error-answers.ts";
import type { ErrorPresenter } from "./error-presenter.ts";
import { CompiledQueries } from "./execution/compiled-queries.ts";
import { WaitingClient } from "./execution/waiting-client.ts";
import { limitRules, OperationGate } from "./limits/checked-operation.ts";
import { maxTokens, validationOptions } from "./limits/document-limits.ts";
import { defaultDeadlineMs, type Transport } from "./transport.ts";

const requestIdHeader = "x-request-id";
/** Those that Apollo looks at. */
const readHeaders = ["accept", "authorization", "content-type"] as const;

/** GraphQL over HTTP: Apollo Server behind Fastify. */
export class GraphqlEndpoint<Context extends object> {
  readonly #apollo: ApolloServer<Context>;
  readonly #documents: TrustedDocuments;
  readonly #gate: OperationGate;
  /** Absent: every operation is left to Apollo. */
  readonly #compiled: CompiledQueries | undefined;
  /** Which request an error belongs to: Apollo's formatter is not told. */
  readonly #requestIds = new WeakMap<object, string>();
  /** Requests under way: who sent them, and whether something went wrong. */
  readonly #underWay = new Map<string, { readonly actor: Actor; failed: boolean }>();

  constructor(
    private readonly transport: Transport<Context>,
    private readonly presenter: ErrorPresenter,
    logger: Logger,
  ) {
    this.#documents = transport.documents ?? TrustedDocuments.none();
    this.#gate = new OperationGate(transport);
    this.#compiled = transport.compiles ? new CompiledQueries(transport.schema) : undefined;
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
    const headers = new HeaderMap([[requestIdHeader, request.id]]);
    for (const name of readHeaders) {
      const value = request.headers[name];
      if (value !== undefined) headers.set(name, value);
    }
    const client = new WaitingClient(reply.raw, this.transport.deadlineMs ?? defaultDeadlineMs);
    const origin = { actor, requestId: request.id };
    const context = () => Promise.resolve(this.transport.contextFor({ origin, live: false, client }));
    return client.answer(() =>
      this.#apollo.executeHTTPGraphQLRequest({ httpGraphQLRequest: { ...asked, headers }, context }),
    );
  }

  #plugin(): ApolloServerPlugin<Context> {
    return {
      requestDidStart: ({ request }): Promise<GraphQLRequestListener<Context>> =>
        Promise.resolve({
          didResolveOperation: async ({ document, operation }) => {
            refuseSubscription(operation?.operation);
            const actor = this.#underWay.get(requestIdIn(request) ?? "")?.actor;
            if (!operation || !actor) return;
            const refusal = this.#gate.admit(document, operation, request.variables, actor);
            if (refusal) throw refusal;
          },
          responseForOperation: async ({ document, operation, contextValue }) => {
            const result = await this.#compiled?.run(document, operation, contextValue, request.variables);
            return result ? this.#asResponse(result, requestIdIn(request)) : null;
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

  /** What Apollo makes of the result of an execution of its own. */
  #asResponse({ data, errors }: ExecutionResult, requestId: string | undefined): GraphQLResponse {
    if (errors) this.#noteFailure(requestId);
    const shown = errors?.map((error) => this.presenter.present(error, requestId));
    const singleResult = { ...(shown && { errors: shown }), ...(data !== undefined && { data }) };
    return { http: { headers: new HeaderMap() }, body: { kind: "single", singleResult } };
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
