import { type DocumentNode, type OperationDefinitionNode, OperationTypeNode } from "graphql";
import { LRUCache } from "lru-cache";

/** Characters of texts that are remembered; with its tree, a text of short words takes up to a hundred times as many bytes. */
const remembered = 300_000;

/** A query that was read, validated and held to the limits of documents. */
export interface KnownQuery {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
}

/** A known query, as somebody asks for it. */
export interface AskedQuery extends KnownQuery {
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** Queries that were asked before, by their text and the operation that was chosen in it. */
export class KnownQueries {
  readonly #known = new LRUCache<string, KnownQuery>({
    maxSize: remembered,
    sizeCalculation: (_, key) => key.length,
  });

  /** Remembers a query that may run as far as that is to be seen from its document. */
  remember(text: string, operationName: string | undefined, known: KnownQuery): void {
    if (known.operation.operation !== OperationTypeNode.QUERY) return;
    this.#known.set(keyOf(text, operationName), known);
  }

  /** What a body asks for. @returns undefined for what was not asked before, or is not in the form that clients use */
  find(body: unknown): AskedQuery | undefined {
    if (!isRecord(body)) return undefined;
    const { query, operationName: name, variables, extensions } = body;
    const operationName = name ?? undefined;
    if (typeof query !== "string" || !isNameOrNothing(operationName)) return undefined;
    if (!isRecordOrNothing(variables) || !isRecordOrNothing(extensions)) return undefined;
    const known = this.#known.get(keyOf(query, operationName));
    if (!known) return undefined;
    return { document: known.document, operation: known.operation, operationName, variables: variables ?? undefined };
  }
}

/** A zero may stand in a comment, but no text that can be read begins with a name and one: none is the key of another with a name. */
function keyOf(text: string, operationName: string | undefined): string {
  return operationName === undefined ? text : `${operationName}\0${text}`;
}

function isNameOrNothing(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && /^[_A-Za-z]\w*$/.test(value));
}

function isRecordOrNothing(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || isRecord(value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
