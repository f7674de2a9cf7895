import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";
import type { GraphqlContext } from "./graphql-context.ts";

type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;
type FieldResolver = ReturnType<typeof getMetadataStorage>["fieldResolvers"][number];
type Param = NonNullable<FieldResolver["params"]>[number];
/** Reads one parameter of a method. */
type Pick = (source: unknown, context: GraphqlContext) => unknown;

/**
 * Calls the methods that resolve fields of entries from their source and context alone as they are. type-graphql sorts and copies
 * their parameters for each entry: a seventh of executing a page of tenants with domains.
 */
export function resolveDirectly(schema: GraphQLSchema): void {
  const { fieldResolvers, objectTypes } = getMetadataStorage();
  for (const resolver of fieldResolvers) {
    const owner = resolver.kind === "external" ? resolver.getObjectType?.() : undefined;
    const type = schema.getType(objectTypes.find(({ target }) => target === owner)?.name ?? "");
    const field = isObjectType(type) ? type.getFields()[resolver.schemaName] : undefined;
    const resolve = field && directly(resolver);
    if (resolve) field.resolve = resolve;
  }
}

/** @returns undefined for what takes more than its source and the context */
function directly({ target, methodName, params = [], middlewares = [] }: FieldResolver): Resolve | undefined {
  const picks = params.toSorted((a, b) => a.index - b.index).map(pickOf);
  if (middlewares.length > 0 || !picks.every((pick) => pick !== undefined)) return undefined;
  const instance: object = Reflect.construct(target, []);
  const method: unknown = Reflect.get(instance, methodName);
  if (typeof method !== "function") return undefined;
  return (source, _args, context) =>
    method.apply(
      instance,
      picks.map((pick) => pick(source, context)),
    );
}

function pickOf(param: Param): Pick | undefined {
  if (param.kind !== "root" && param.kind !== "context") return undefined;
  const { kind, propertyName: name } = param;
  const of = (value: unknown) => (name === undefined ? value : Reflect.get(Object(value), name));
  return kind === "root" ? (source) => of(source) : (_source, context) => of(context);
}
