import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  type OperationDefinitionNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from "graphql";
import { LRUCache } from "lru-cache";
import { limitRules } from "../limits/checked-operation.ts";
import { maxTokens, validationOptions } from "../limits/document-limits.ts";

/** What a client asks for in a `subscribe` message. */
export interface SocketRequest {
  readonly query: string;
  readonly operationName?: string | null | undefined;
  readonly variables?: Record<string, unknown> | null | undefined;
}

/** An operation that may be executed. */
export interface PreparedOperation {
  readonly live: boolean;
  readonly operation: OperationDefinitionNode;
  readonly args: Omit<ExecutionArgs, "contextValue">;
}

/** Characters of texts that are remembered; with its tree, a text of short words takes up to a hundred times as many bytes. */
const remembered = 100_000;

/** Reads, validates and checks operations, as Apollo does it for HTTP. A document that many send is read and validated once. */
export class PreparedOperations {
  /** Valid ones, by their text. */
  readonly #known = new LRUCache<string, DocumentNode>({
    maxSize: remembered,
    sizeCalculation: (_, query) => query.length,
  });
  readonly #rules: readonly ValidationRule[];

  constructor(
    private readonly schema: GraphQLSchema,
    rules: readonly ValidationRule[],
  ) {
    this.#rules = [...specifiedRules, ...limitRules(rules)];
  }

  /** @returns the operation, or what is wrong with it */
  prepare(request: SocketRequest): PreparedOperation | readonly GraphQLError[] {
    const { schema } = this;
    const document = this.#known.get(request.query) ?? this.#validated(request.query);
    if (!("kind" in document)) return document;
    const operation = getOperationAST(document, request.operationName);
    if (!operation) return [coded(new GraphQLError("Unknown or ambiguous operation."), "OPERATION_RESOLUTION_FAILURE")];
    const variableValues = request.variables ?? {};
    const { errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variableValues);
    if (errors) return errors.map((error) => coded(error, "BAD_USER_INPUT"));
    return {
      live: operation.operation === "subscription",
      operation,
      args: { schema, document, operationName: request.operationName ?? null, variableValues },
    };
  }

  #validated(query: string): DocumentNode | readonly GraphQLError[] {
    const document = read(query);
    if (document instanceof GraphQLError) return [document];
    const invalid = validate(this.schema, document, this.#rules, validationOptions);
    if (invalid.length > 0) return invalid.map((error) => coded(error, "GRAPHQL_VALIDATION_FAILED"));
    this.#known.set(query, document);
    return document;
  }
}

function read(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens });
  } catch (error) {
    if (error instanceof GraphQLError) return coded(error, "GRAPHQL_PARSE_FAILED");
    // The parser calls itself for each level; what is nested deeper than the stack is the client's mistake, not ours.
    if (error instanceof RangeError)
      return coded(new GraphQLError(error.message, { originalError: error }), "GRAPHQL_PARSE_FAILED");
    throw error;
  }
}

function coded(error: GraphQLError, code: string): GraphQLError {
  return new GraphQLError(error.message, {
    nodes: error.nodes ?? null,
    source: error.source ?? null,
    positions: error.positions ?? null,
    originalError: error.originalError ?? error,
    extensions: { code, ...error.extensions },
  });
}
