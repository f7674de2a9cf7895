import { GraphQLError, type GraphQLFormattedError } from "graphql";
import { DomainError } from "../kit/domain-error.ts";
import type { Logger } from "../kit/logger.ts";
import { RateLimited } from "./limits/rate-limiter.ts";

/** Codes of errors that tell a client what is wrong with its own request; their messages come from graphql and quote nothing but the request. */
const requestErrorCodes: ReadonlySet<unknown> = new Set([
  "BAD_REQUEST",
  "BAD_USER_INPUT",
  "GRAPHQL_PARSE_FAILED",
  "GRAPHQL_VALIDATION_FAILED",
  "OPERATION_RESOLUTION_FAILURE",
  "PERSISTED_QUERY_NOT_SUPPORTED",
  "QUERY_TOO_COMPLEX",
  "TOO_MANY_OPERATIONS",
  "UNAUTHENTICATED",
]);

/** Decides what clients see of errors, the same over HTTP and WebSocket: what is not known to be safe is only logged. */
export class ErrorPresenter {
  /** @param suggestions whether messages say what a misspelt name may have meant */
  constructor(
    private readonly logger: Logger,
    private readonly suggestions = false,
  ) {}

  /** The error as a client sees it. A bug is logged once, with the request's id, which the client sees too. */
  present(error: unknown, requestId: string | undefined): GraphQLFormattedError {
    const shown = error instanceof GraphQLError ? error : undefined;
    const place = { ...(shown?.locations && { locations: shown.locations }), ...(shown?.path && { path: shown.path }) };
    const domainError = domainErrorIn(error);
    if (domainError)
      return { message: domainError.message, ...place, extensions: extensionsOf(domainError, requestId) };
    if (shown && requestErrorCodes.has(shown.extensions.code)) {
      const message = causeOf(error) instanceof RangeError ? "The document is nested too deeply." : shown.message;
      return {
        message: this.suggestions ? message : withoutSuggestion(message),
        ...place,
        extensions: { code: shown.extensions.code, ...(requestId !== undefined && { requestId }) },
      };
    }
    this.logger.error({ err: causeOf(error), path: shown?.path, requestId }, "request failed");
    return { message: "Internal error", ...place, extensions: { code: "INTERNAL_SERVER_ERROR", requestId } };
  }
}

/** The body of an answer that is an error before any GraphQL. */
export function errorBody(
  code: string,
  message: string,
  requestId: string,
  retryable = false,
): { errors: GraphQLFormattedError[] } {
  return { errors: [{ message, extensions: { code, ...(retryable && { retryable }), requestId } }] };
}

/** The public code of a domain error: in GraphQL, a bad input that is no mutation's is BAD_USER_INPUT. */
function extensionsOf(error: DomainError, requestId: string | undefined): Record<string, unknown> {
  return {
    code: error.code === "INVALID" ? "BAD_USER_INPUT" : error.code,
    ...(error.field && { field: error.field }),
    ...(error.retryable && { retryable: true }),
    ...(error instanceof RateLimited && { retryAfter: error.retryAfterS }),
    requestId,
  };
}

function withoutSuggestion(message: string): string {
  return message.replace(/ ?Did you mean [\s\S]*\?$/, "");
}

function domainErrorIn(error: unknown): DomainError | undefined {
  const cause = causeOf(error);
  return cause instanceof DomainError ? cause : undefined;
}

/** What was thrown inside, below the wrappers that graphql puts around it. */
function causeOf(error: unknown): unknown {
  let inner = error;
  while (inner instanceof GraphQLError && inner.originalError) inner = inner.originalError;
  return inner;
}
