import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  getVariableValues,
  type OperationDefinitionNode,
} from "graphql";
import { LRUCache } from "lru-cache";
import type { HttpQuestion } from "../documents/http-document.ts";
import type { ErrorPresenter } from "../error-presenter.ts";
import type { OperationGate } from "../limits/checked-operation.ts";
import type { OperationRequest, Transport } from "../transport.ts";
import { CompiledQueries } from "./compiled-queries.ts";
import { type AskedQuery, KnownQueries } from "./known-queries.ts";

/** An answer, ready to be sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Iterable<readonly [name: string, value: string]>;
  readonly text: string;
  /** Whether an error is in it. */
  readonly failed: boolean;
}

/** `Accept` headers whose media type is remembered, and how long one may be. */
const maxAccepts = 100;
const longestAccept = 200;

/**
 * Answers queries that Apollo answered before, as Apollo would. What depends on the document alone was seen to then: that it can be
 * read, is valid, and keeps the limits. What depends on the request is seen to here, and whatever is unusual in it is left to Apollo.
 */
export class QuickAnswers<Context extends object> {
  readonly #queries = new KnownQueries();
  readonly #schema: GraphQLSchema;
  /** Absent: nothing is compiled. */
  readonly #compiled: CompiledQueries | undefined;
  /** The headers that Apollo chose for what a client accepts. */
  readonly #headers = new LRUCache<string, Answer["headers"]>({ max: maxAccepts });

  constructor(
    private readonly transport: Transport<Context>,
    private readonly gate: OperationGate,
    private readonly presenter: ErrorPresenter,
  ) {
    this.#schema = transport.schema;
    this.#compiled = transport.compiles ? new CompiledQueries(transport.schema) : undefined;
  }

  /** Remembers an operation that Apollo has read and validated. */
  learn(text: string, operationName: string | undefined, document: DocumentNode, operation: OperationDefinitionNode) {
    this.#queries.remember(text, operationName, { document, operation });
  }

  /** Remembers what media type Apollo chose for an answer that went well. */
  learnType(accept: string | undefined, contentType: string): void {
    if ((accept?.length ?? 0) > longestAccept || this.#headers.has(accept ?? "")) return;
    this.#headers.set(accept ?? "", [["content-type", contentType]]);
  }

  /** @returns undefined, and has done nothing and taken no points, where that is left to Apollo */
  answer(asked: HttpQuestion, accept: string | undefined, request: OperationRequest): Promise<Answer> | undefined {
    const headers = this.#headers.get(accept ?? "");
    const query = headers && asked.method === "POST" ? this.#queries.find(asked.body) : undefined;
    if (!headers || !query || this.#isWrong(query)) return undefined;
    const { document, operation, variables } = query;
    if (this.gate.admit(document, operation, variables, request.origin.actor)) return undefined;
    return this.#run(query, headers, request);
  }

  /** What is wrong with variables is for Apollo to say. */
  #isWrong({ operation, variables }: AskedQuery): boolean {
    const definitions = operation.variableDefinitions ?? [];
    return definitions.length > 0 && getVariableValues(this.#schema, definitions, variables ?? {}).errors !== undefined;
  }

  async #run(query: AskedQuery, headers: Answer["headers"], request: OperationRequest): Promise<Answer> {
    const { requestId } = request.origin;
    const { data, errors } = await this.#execute(query, this.transport.contextFor(request));
    const shown = errors?.map((error) => this.presenter.present(error, requestId));
    const text = `${JSON.stringify(shown ? { errors: shown, data } : { data })}\n`;
    return { status: 200, headers, text, failed: shown !== undefined };
  }

  #execute(query: AskedQuery, contextValue: Context): Promise<ExecutionResult> | ExecutionResult {
    const { document, operation, operationName, variables } = query;
    const compiled = this.#compiled?.run(document, operation, contextValue, variables);
    const variableValues = variables ?? null;
    return (
      compiled ??
      execute({ schema: this.#schema, document, contextValue, operationName: operationName ?? null, variableValues })
    );
  }
}
