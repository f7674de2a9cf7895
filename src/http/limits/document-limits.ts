import {
  type ASTNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type FragmentSpreadNode,
  GraphQLError,
  type InlineFragmentNode,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValidationRule,
} from "graphql";

/** A document with more tokens is refused while it is being read, before it can cost memory. */
export const maxTokens = 4_000;
export const maxDepth = 12;
/** As deep as the standard introspection query goes. */
const maxIntrospectionDepth = 15;
const maxAliases = 30;
const maxRootFields = 20;
const maxDirectives = 5;

/** What a document is validated with beside its rules. One more error says that there are more. */
export const validationOptions = { maxErrors: 4 } as const;

/** Fields of introspection that answer lists: one below itself multiplies the answer by the size of the schema. */
const introspectionLists = new Set(["types", "fields", "inputFields", "interfaces", "possibleTypes", "args"]);

/** More than a document without fragments can need. */
const maxSteps = 8_000;

interface Size {
  readonly depth: number;
  readonly aliases: number;
  /** Fields of the outermost level. */
  readonly fields: number;
}

const nothing: Size = { depth: 0, aliases: 0, fields: 0 };

/** Refuses documents that are large beyond any sensible use, fragments counted as often as they are spread. */
export const documentLimits: ValidationRule = (context) => {
  const refuse = (message: string, node: ASTNode) => context.reportError(new GraphQLError(message, { nodes: node }));
  const directives = (node: ASTNode & { readonly directives?: readonly unknown[] | undefined }) => {
    if ((node.directives?.length ?? 0) > maxDirectives) refuse(`At most ${maxDirectives} directives at a place.`, node);
  };
  const meter = new Meter((name) => context.getFragment(name) ?? undefined);
  return {
    OperationDefinition(node) {
      directives(node);
      const { depth, aliases, fields } = meter.sizeOf(node.selectionSet);
      if (depth > maxDepth) refuse(`The operation is deeper than ${maxDepth} levels.`, node);
      if (aliases > maxAliases) refuse(`The operation has more than ${maxAliases} aliases.`, node);
      if (fields > maxRootFields) refuse(`The operation has more than ${maxRootFields} root fields.`, node);
      const problem = meter.introspectionProblem(node);
      if (problem) refuse(problem, node);
    },
    Field: directives,
    FragmentSpread: directives,
    InlineFragment: directives,
    FragmentDefinition: directives,
    VariableDefinition: directives,
  };
};

class Meter {
  readonly #fragments = new Map<string, Size>();

  constructor(private readonly fragment: (name: string) => FragmentDefinitionNode | undefined) {}

  /** Introspection counts as one level: it has limits of its own. */
  sizeOf({ selections }: SelectionSetNode): Size {
    let [depth, aliases, fields] = [0, 0, 0];
    for (const selection of selections) {
      const isField = selection.kind === Kind.FIELD;
      const inner = isField ? this.#insideOf(selection) : this.#spread(selection);
      depth = Math.max(depth, inner.depth + (isField ? 1 : 0));
      aliases += inner.aliases + (isField && selection.alias ? 1 : 0);
      fields += isField ? 1 : inner.fields;
    }
    return { depth, aliases, fields };
  }

  /** Deeper than the standard query, or a list below itself: `fields { type { fields … } }`. */
  introspectionProblem({ selectionSet }: OperationDefinitionNode): string | undefined {
    let steps = 0;
    const walk = (
      set: SelectionSetNode,
      depth: number,
      inside: boolean,
      above: readonly string[],
    ): string | undefined => {
      steps += set.selections.length;
      // Fragments that spread others twice each would be followed for ever.
      if (steps > maxSteps) return "The operation spreads its fragments too often.";
      if (depth > maxIntrospectionDepth) return `Introspection is deeper than ${maxIntrospectionDepth} levels.`;
      for (const selection of set.selections) {
        const isField = selection.kind === Kind.FIELD;
        const name = nameOf(selection);
        const within = inside || name === "__schema" || name === "__type";
        const inner = this.#setOf(selection);
        if (!inner || (isField && !within)) continue;
        if (name !== undefined && above.includes(name)) {
          // A fragment inside itself is another rule's business, but must not be followed for ever.
          if (!isField) continue;
          if (introspectionLists.has(name)) return `Introspection must not nest "${name}" in itself.`;
        }
        const path = name === undefined ? above : [...above, name];
        const problem = walk(inner, depth + (isField ? 1 : 0), within, path);
        if (problem) return problem;
      }
      return undefined;
    };
    return walk(selectionSet, 1, false, []);
  }

  #setOf(selection: SelectionNode): SelectionSetNode | undefined {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value)?.selectionSet;
    return selection.selectionSet;
  }

  #insideOf({ name, selectionSet }: FieldNode): Size {
    const introspects = name.value === "__schema" || name.value === "__type";
    return selectionSet && !introspects ? this.sizeOf(selectionSet) : nothing;
  }

  #spread(selection: InlineFragmentNode | FragmentSpreadNode): Size {
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.sizeOf(selection.selectionSet);
    const name = selection.name.value;
    const known = this.#fragments.get(name);
    if (known) return known;
    // While it is being measured it counts nothing, should it contain itself.
    this.#fragments.set(name, nothing);
    const set = this.#setOf(selection);
    const size = set ? this.sizeOf(set) : nothing;
    this.#fragments.set(name, size);
    return size;
  }
}

/** A field's name; a spread's with its dots; an inline fragment has none. */
function nameOf(selection: SelectionNode): string | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return undefined;
  return selection.kind === Kind.FIELD ? selection.name.value : `...${selection.name.value}`;
}
