import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type ValidationRule,
} from "graphql";
import type { Actor } from "../../kit/actor.ts";
import { documentLimits } from "./document-limits.ts";
import { costOf, tooComplex } from "./operation-cost.ts";
import { RateLimited, type RateLimits } from "./rate-limiter.ts";

/** Every operation is validated by these beside GraphQL's own and the given ones. */
export function limitRules(given: readonly ValidationRule[]): readonly ValidationRule[] {
  return [documentLimits, ...given];
}

/**
 * Takes what a validated operation costs from its caller's share. One point was taken when the request came in.
 * @returns why it must not run, if it must not
 */
export function admit(
  { schema, rates }: { readonly schema: GraphQLSchema; readonly rates?: RateLimits | undefined },
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>> | null | undefined,
  actor: Actor,
): GraphQLError | undefined {
  const fragments = new Map(
    document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
  );
  const { complexity, points } = costOf(schema, operation, (name) => fragments.get(name), variables);
  const refusal = tooComplex(complexity);
  if (refusal) return refusal;
  try {
    if (points > 1) rates?.takeForKey(actor.id, points - 1);
    return undefined;
  } catch (error) {
    if (error instanceof RateLimited) return rateLimitError(error);
    throw error;
  }
}

/** A refusal for the rate's sake, as GraphQL tells it. */
export function rateLimitError(error: RateLimited): GraphQLError {
  const headers = new Map([["retry-after", String(error.retryAfterS)]]);
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 429, headers } } });
}
