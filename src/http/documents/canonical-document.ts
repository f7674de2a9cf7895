import { createHash } from "node:crypto";
import { type ASTNode, type DocumentNode, Kind, OperationTypeNode } from "graphql";

/** Lists whose order says nothing. That of `selections` does in a mutation, whose fields run one after the other. */
const unordered: ReadonlySet<string> = new Set(["definitions", "variableDefinitions", "directives", "arguments"]);
/** Characters of a part from which on its hash stands for it: each level writes down the ones below it anew. */
const longest = 200;

/**
 * A text that documents have in common when they ask for the same: layout, order and added `__typename` apart. Code
 * generators sort what they write down, and caching clients add the names of types to what they send. It takes time by the
 * length of the document, however deep: anybody may send one.
 */
export function canonicalText(document: DocumentNode): string {
  return textOf(document, undefined);
}

function textOf(node: ASTNode, parent: ASTNode | undefined): string {
  const parts = Object.entries(node).map(([name, value]: [string, unknown]) => {
    if (Array.isArray(value)) return `${name}[${listOf(name, value.filter(isNode), node, parent).join(",")}]`;
    return `${name}:${isNode(value) ? textOf(value, node) : JSON.stringify(value)}`;
  });
  const text = `{${parts.join(",")}}`;
  return text.length > longest ? createHash("sha256").update(text).digest("hex") : text;
}

function listOf(name: string, nodes: readonly ASTNode[], owner: ASTNode, parent: ASTNode | undefined): string[] {
  const texts = nodes.filter((node) => !isTypeName(node)).map((node) => textOf(node, owner));
  const isOrdered = name === "selections" ? isOfMutation(parent) : !unordered.has(name);
  return isOrdered ? texts : texts.sort();
}

/** Whether the selections of an operation or fragment may be those of a mutation. */
function isOfMutation(parent: ASTNode | undefined): boolean {
  if (parent?.kind === Kind.OPERATION_DEFINITION) return parent.operation === OperationTypeNode.MUTATION;
  if (parent?.kind !== Kind.FRAGMENT_DEFINITION && parent?.kind !== Kind.INLINE_FRAGMENT) return false;
  return parent.typeCondition === undefined || parent.typeCondition.name.value === "Mutation";
}

function isTypeName(node: ASTNode): boolean {
  if (node.kind !== Kind.FIELD || node.name.value !== "__typename") return false;
  return node.alias === undefined && (node.directives?.length ?? 0) === 0;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === "object" && value !== null && "kind" in value;
}
