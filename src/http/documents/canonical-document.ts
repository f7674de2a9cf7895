import {
  type ArgumentNode,
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  Kind,
  OperationTypeNode,
  print,
  type SelectionNode,
  visit,
} from "graphql";

/**
 * A text that documents have in common when they ask for the same: layout, order and added `__typename` apart. Code
 * generators sort what they write down, and caching clients add the names of types to what they send.
 */
export function canonicalText(document: DocumentNode): string {
  return print(
    visit(document, {
      Document: { leave: (node) => ({ ...node, definitions: sorted(node.definitions) }) },
      OperationDefinition: {
        leave: (node) => ({
          ...node,
          variableDefinitions: sorted(node.variableDefinitions ?? []),
          directives: sorted(node.directives ?? []),
        }),
      },
      FragmentDefinition: { leave: (node) => ({ ...node, directives: sorted(node.directives ?? []) }) },
      SelectionSet: {
        leave: (node, _key, parent) => {
          const selections = node.selections.filter((one) => !isTypeName(one));
          return { ...node, selections: isMutation(parent) ? selections : sorted(selections) };
        },
      },
      Field: { leave: (node) => ({ ...node, ...sortedParts(node) }) },
      FragmentSpread: { leave: (node) => ({ ...node, directives: sorted(node.directives ?? []) }) },
      InlineFragment: { leave: (node) => ({ ...node, directives: sorted(node.directives ?? []) }) },
      Directive: { leave: (node) => ({ ...node, arguments: sorted(node.arguments ?? []) }) },
    }),
  );
}

/** The fields of a mutation run one after the other, so their order is part of what is asked for. */
function isMutation(parent: ASTNode | readonly ASTNode[] | undefined): boolean {
  if (!parent || !("kind" in parent)) return false;
  return parent.kind === Kind.OPERATION_DEFINITION && parent.operation === OperationTypeNode.MUTATION;
}

function isTypeName(selection: SelectionNode): boolean {
  if (selection.kind !== Kind.FIELD || selection.name.value !== "__typename") return false;
  return selection.alias === undefined && (selection.directives?.length ?? 0) === 0;
}

function sortedParts(node: { arguments?: readonly ArgumentNode[]; directives?: readonly DirectiveNode[] }) {
  return { arguments: sorted(node.arguments ?? []), directives: sorted(node.directives ?? []) };
}

function sorted<Node extends ASTNode>(nodes: readonly Node[]): readonly Node[] {
  if (nodes.length < 2) return nodes;
  const texts = nodes.map((node) => ({ node, text: print(node) }));
  return texts.sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : 0)).map(({ node }) => node);
}
