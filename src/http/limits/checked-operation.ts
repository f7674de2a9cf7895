import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type ValidationRule,
  type VariableDefinitionNode,
} from "graphql";
import type { Actor } from "../../kit/actor.ts";
import { documentLimits } from "./document-limits.ts";
import { costOf, type OperationCost, tooComplex } from "./operation-cost.ts";
import { RateLimited, type RateLimits } from "./rate-limiter.ts";

/** Every operation is validated by these beside GraphQL's own and the given ones. */
export function limitRules(given: readonly ValidationRule[]): readonly ValidationRule[] {
  return [documentLimits, ...given];
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;

/** Lets operations in that are not too complex and that their callers have points for. */
export class OperationGate {
  /** Of operations whose variables say nothing of the size of a page: they always cost the same. */
  readonly #constant = new WeakMap<OperationDefinitionNode, OperationCost>();

  constructor(private readonly given: { readonly schema: GraphQLSchema; readonly rates?: RateLimits | undefined }) {}

  /**
   * Takes what a validated operation costs from its caller's share. One point was taken when the request came in.
   * @returns why it must not run, if it must not
   */
  admit(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Variables,
    actor: Actor,
  ): GraphQLError | undefined {
    const { complexity, points } = this.#costOf(document, operation, variables);
    const refusal = tooComplex(complexity);
    if (refusal) return refusal;
    try {
      if (points > 1) this.given.rates?.takeForKey(actor.id, points - 1);
      return undefined;
    } catch (error) {
      if (error instanceof RateLimited) return rateLimitError(error);
      throw error;
    }
  }

  #costOf(document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): OperationCost {
    const known = this.#constant.get(operation);
    if (known) return known;
    const fragments = new Map(
      document.definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])),
    );
    const cost = costOf(this.given.schema, operation, (name) => fragments.get(name), variables);
    if (!operation.variableDefinitions?.some(mayBePageSize)) this.#constant.set(operation, cost);
    return cost;
  }
}

function mayBePageSize({ type }: VariableDefinitionNode): boolean {
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  return named.kind === Kind.NAMED_TYPE && named.name.value === "Int";
}

/** A refusal for the rate's sake, as GraphQL tells it. */
export function rateLimitError(error: RateLimited): GraphQLError {
  const headers = new Map([["retry-after", String(error.retryAfterS)]]);
  return new GraphQLError(error.message, { originalError: error, extensions: { http: { status: 429, headers } } });
}
