import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from "graphql";
import { compileQuery, isCompiledQuery } from "graphql-jit";
import { LRUCache } from "lru-cache";
import { isCompilable } from "./compilable.ts";

/** The use from which on a query is compiled: what is asked once is not worth it. */
const compiledFromUse = 3;
/** A compiled query of a page takes about 100 KB. */
const maxKept = 200;

type Variables = Readonly<Record<string, unknown>>;
type Run = (root: unknown, context: unknown, variables: Variables) => Promise<ExecutionResult> | ExecutionResult;

interface Known {
  uses: number;
  /** NEVER: it is left to graphql. */
  run?: Run | "NEVER";
}

/** Queries that are asked for often, each compiled into a function that answers what graphql would. */
export class CompiledQueries {
  /** By the operation's node: whoever validated the document keeps it. */
  readonly #known = new LRUCache<OperationDefinitionNode, Known>({ max: maxKept });

  constructor(private readonly schema: GraphQLSchema) {}

  /** Runs a validated operation whose variables fit. @returns undefined, and has done nothing, where that is left to graphql */
  run(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    context: unknown,
    variables: Variables = {},
  ): Promise<ExecutionResult> | ExecutionResult | undefined {
    const run = this.#runOf(document, operation);
    if (run === undefined || run === "NEVER") return undefined;
    const result = run(undefined, context, variables);
    return result instanceof Promise ? result.then(shown) : shown(result);
  }

  #runOf(document: DocumentNode, operation: OperationDefinitionNode): Run | "NEVER" | undefined {
    let known = this.#known.get(operation);
    if (!known) {
      known = isCompilable(this.schema, document, operation) ? { uses: 0 } : { uses: 0, run: "NEVER" };
      this.#known.set(operation, known);
    }
    known.uses += 1;
    if (known.uses >= compiledFromUse) known.run ??= compile(this.schema, document, operation);
    return known.run;
  }
}

function compile(schema: GraphQLSchema, document: DocumentNode, { name }: OperationDefinitionNode): Run | "NEVER" {
  const compiled = compileQuery(schema, document, name?.value);
  return isCompiledQuery(compiled) ? compiled.query : "NEVER";
}

function shown(result: ExecutionResult): ExecutionResult {
  return result.errors ? { ...result, errors: asGraphqlErrors(result.errors) } : result;
}

/**
 * As graphql makes them: graphql-jit's own lack what may be absent. Where a resolver of a field that must not be null throws, it
 * tells of the null besides.
 */
function asGraphqlErrors(errors: readonly GraphQLError[]): readonly GraphQLError[] {
  const places = new Map<string, GraphQLError>();
  for (const { message, path, locations, originalError, extensions } of errors) {
    const place = JSON.stringify(path);
    if (places.has(place)) continue;
    const error = new GraphQLError(message, { path, originalError, extensions });
    places.set(place, Object.assign(error, { locations }));
  }
  return [...places.values()];
}
