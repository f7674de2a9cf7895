import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from "graphql";
import { weightOf } from "../../access/roles.ts";

/** Fields that an operation may ask for, each as often as its lists may answer it. */
export const maxComplexity = 25_000;
/** Fields that cost one point of the rate limit. */
const fieldsPerPoint = 250;
/** What a list without page arguments is taken to hold. */
const listSize = 5;
const defaultPage = 25;
const maxPage = 100;

/** What an operation costs. */
export interface OperationCost {
  /** Fields, each as often as its lists may answer it. */
  readonly complexity: number;
  /** Points of the rate limit, 1 at least. */
  readonly points: number;
}

type Variables = Readonly<Record<string, unknown>> | null | undefined;
type Fragments = (name: string) => FragmentDefinitionNode | undefined;

/** What a validated operation costs at most, by the sizes of the pages that it asks for. */
export function costOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: Fragments,
  variables: Variables,
): OperationCost {
  const root = schema.getRootType(operation.operation);
  if (!root) return { complexity: 0, points: 1 };
  const estimate = new Estimate(schema, fragments, { ...defaultsOf(operation), ...variables });
  const complexity = estimate.of(operation.selectionSet, root, 1);
  const weights = operation.operation === "mutation" ? estimate.mutations(operation.selectionSet) : 0;
  return { complexity, points: Math.max(1, weights, Math.ceil(complexity / fieldsPerPoint)) };
}

/** An operation may ask for no more than {@link maxComplexity}. */
export function tooComplex(complexity: number): GraphQLError | undefined {
  if (complexity <= maxComplexity) return undefined;
  return new GraphQLError(
    `The operation may answer ${complexity} fields, more than ${maxComplexity}: ask for smaller pages or fewer fields.`,
    { extensions: { code: "QUERY_TOO_COMPLEX", http: { status: 400 } } },
  );
}

class Estimate {
  /** By fragment and page: fragments that spread each other many times are counted once. */
  readonly #known = new Map<string, number>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Fragments,
    private readonly variables: Variables,
  ) {}

  /** @param page how many entries `nodes` and `edges` of this level have */
  of({ selections }: SelectionSetNode, type: GraphQLNamedType, page: number): number {
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += this.#field(selection, type, page);
      else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const narrowed = selection.typeCondition && this.schema.getType(selection.typeCondition.name.value);
        sum += this.of(selection.selectionSet, narrowed ?? type, page);
      } else sum += this.#fragment(selection.name.value, page);
    }
    return sum;
  }

  /** What the root fields of a mutation cost. */
  mutations({ selections }: SelectionSetNode): number {
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += weightOf(`Mutation.${selection.name.value}`);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum += this.mutations(selection.selectionSet);
      else {
        const name = selection.name.value;
        sum += this.#once(`mutations ${name}`, name, ({ selectionSet }) => this.mutations(selectionSet));
      }
    }
    return sum;
  }

  #fragment(name: string, page: number): number {
    return this.#once(`${page} ${name}`, name, ({ selectionSet, typeCondition }) => {
      const type = this.schema.getType(typeCondition.name.value);
      return type ? this.of(selectionSet, type, page) : 0;
    });
  }

  #once(key: string, name: string, count: (fragment: FragmentDefinitionNode) => number): number {
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fragment = this.fragments(name);
    const sum = fragment ? count(fragment) : 0;
    this.#known.set(key, sum);
    return sum;
  }

  #field(node: FieldNode, parent: GraphQLNamedType, page: number): number {
    const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[node.name.value] : undefined;
    const type = field && getNamedType(field.type);
    // Introspection reads memory only, and has limits of its own.
    if (!field || !node.selectionSet || !isCompositeType(type)) return 1;
    const entries = !isList(field.type)
      ? 1
      : node.name.value === "nodes" || node.name.value === "edges"
        ? page
        : listSize;
    return 1 + entries * this.of(node.selectionSet, type, this.#pageOf(node, field));
  }

  /** The size of the page that a field's arguments ask for; a list in a field without such arguments is small. */
  #pageOf(node: FieldNode, field: GraphQLField<unknown, unknown>): number {
    if (!field.args.some(({ name }) => name === "first")) return listSize;
    // Null is as good as nothing: of the two the one that counts may be the second.
    const sizes = (node.arguments ?? []).flatMap(({ name, value }) =>
      name.value === "first" || name.value === "last" ? this.#numberOf(value) : [],
    );
    return sizes.length > 0 ? clamp(Math.max(...sizes)) : defaultPage;
  }

  #numberOf(given: ValueNode): readonly number[] {
    if (given.kind === Kind.INT) return [Number(given.value)];
    const value = given.kind === Kind.VARIABLE ? this.variables?.[given.name.value] : undefined;
    return typeof value === "number" ? [value] : [];
  }
}

/** Page sizes that apply where a variable is not given. */
function defaultsOf({ variableDefinitions }: OperationDefinitionNode): Record<string, unknown> {
  const entries = variableDefinitions?.flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)]] : [],
  );
  return Object.fromEntries(entries ?? []);
}

function clamp(size: number): number {
  return Math.min(maxPage, Math.max(1, size));
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(isNonNullType(type) ? type.ofType : type);
}
