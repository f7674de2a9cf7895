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

/** Reads, validates and checks an operation, as Apollo does it for HTTP. @returns the operation, or what is wrong with it */
export function prepareOperation(
  schema: GraphQLSchema,
  rules: readonly ValidationRule[],
  request: SocketRequest,
): PreparedOperation | readonly GraphQLError[] {
  const document = read(request.query);
  if (document instanceof GraphQLError) return [document];
  const invalid = validate(schema, document, [...specifiedRules, ...limitRules(rules)], validationOptions);
  if (invalid.length > 0) return invalid.map((error) => coded(error, "GRAPHQL_VALIDATION_FAILED"));
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
