import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isScalarType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
  type VariableDefinitionNode,
} from "graphql";

/** A query with more fields than this, fragments counted as often as they are spread, makes a function that is not worth its memory. */
const maxFields = 500;

/**
 * Whether a validated operation may be compiled: a query over object types and leaves, with scalars as variables. Left out
 * is what graphql-jit answers otherwise than graphql does (abstract types, directives, input objects, `__proto__`), and each
 * text that a client writes into the document: graphql-jit makes code out of documents, and can be talked into running such a text.
 */
export function isCompilable(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const root = schema.getQueryType();
  if (operation.operation !== "query" || !root || hasDirectives(operation)) return false;
  if (!operation.variableDefinitions?.every((definition) => isScalarVariable(schema, definition))) return false;
  return new Walk(schema, document).allows(operation.selectionSet, root);
}

class Walk {
  #fields = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly document: DocumentNode,
  ) {}

  allows({ selections }: SelectionSetNode, type: GraphQLNamedType): boolean {
    return isObjectType(type) && selections.every((selection) => this.#allowsOne(selection, type.name));
  }

  #allowsOne(selection: SelectionNode, typeName: string): boolean {
    if (hasDirectives(selection)) return false;
    if (selection.kind === Kind.FIELD) return this.#allowsField(selection, typeName);
    const spread = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#fragment(selection.name.value);
    if (!spread || hasDirectives(spread)) return false;
    const condition = spread.typeCondition?.name.value ?? typeName;
    const type = this.schema.getType(condition);
    return condition === typeName && type !== undefined && this.allows(spread.selectionSet, type);
  }

  #allowsField({ name, alias, selectionSet, arguments: given = [] }: FieldNode, typeName: string): boolean {
    this.#fields += 1;
    if (this.#fields > maxFields || alias?.value === "__proto__") return false;
    if (name.value === "__typename") return true;
    const parent = this.schema.getType(typeName);
    const field = isObjectType(parent) ? parent.getFields()[name.value] : undefined;
    if (!field || !given.every(({ value }) => value.kind === Kind.VARIABLE || isPlain(value))) return false;
    const type = getNamedType(field.type);
    return selectionSet ? this.allows(selectionSet, type) : isLeafType(type);
  }

  #fragment(name: string): FragmentDefinitionNode | undefined {
    for (const definition of this.document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name) return definition;
    }
    return undefined;
  }
}

function hasDirectives({ directives }: { readonly directives?: readonly unknown[] | undefined }): boolean {
  return directives !== undefined && directives.length > 0;
}

function isScalarVariable(schema: GraphQLSchema, definition: VariableDefinitionNode): boolean {
  const { type, variable, defaultValue } = definition;
  const named = type.kind === Kind.NON_NULL_TYPE ? type.type : type;
  // One that is not given would be taken for what every object has.
  const isInherited = variable.name.value in Object.prototype;
  if (named.kind !== Kind.NAMED_TYPE || isInherited || hasDirectives(definition)) return false;
  if (defaultValue && !isPlain(defaultValue)) return false;
  return isScalarType(schema.getType(named.name.value));
}

/** A constant that no text is part of. */
function isPlain(value: ValueNode): boolean {
  if (value.kind === Kind.LIST) return value.values.every(isPlain);
  if (value.kind === Kind.OBJECT) return value.fields.every((field) => isPlain(field.value));
  return value.kind !== Kind.STRING && value.kind !== Kind.VARIABLE;
}
