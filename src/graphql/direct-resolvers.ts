import { type GraphQLFieldResolver, type GraphQLSchema, isObjectType } from "graphql";
import { type BuildSchemaOptions, getMetadataStorage } from "type-graphql";
import type { GraphqlContext } from "./graphql-context.ts";

type Resolve = GraphQLFieldResolver<unknown, GraphqlContext>;
type FieldResolver = ReturnType<typeof getMetadataStorage>["fieldResolvers"][number];
type Param = NonNullable<FieldResolver["params"]>[number];
/** Reads one parameter of a method. */
type Read = (source: unknown, context: GraphqlContext) => unknown;

/**
 * Calls the methods that resolve fields of entries from their source and context alone as they are. type-graphql sorts and copies
 * their parameters for each entry: a seventh of executing a page of tenants with domains. What it guards, or does more for, is left
 * to it.
 * @param options what the schema was built with
 */
export function resolveDirectly(
  schema: GraphQLSchema,
  { globalMiddlewares = [], container }: Pick<BuildSchemaOptions, "globalMiddlewares" | "container">,
): void {
  if (globalMiddlewares.length > 0 || container) return;
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
function directly({ target, methodName, params = [], middlewares = [], roles }: FieldResolver): Resolve | undefined {
  const reads = params.toSorted((a, b) => a.index - b.index).map(readOf);
  if (middlewares.length > 0 || roles || !reads.every((read) => read !== undefined)) return undefined;
  const instance: object = Reflect.construct(target, []);
  const method: unknown = Reflect.get(instance, methodName);
  if (typeof method !== "function") return undefined;
  return (source, _args, context) =>
    method.apply(
      instance,
      reads.map((read) => read(source, context)),
    );
}

function readOf(param: Param): Read | undefined {
  if (param.kind !== "root" && param.kind !== "context") return undefined;
  // It would make an object of that class of the source.
  if (param.kind === "root" && param.getType) return undefined;
  const { kind, propertyName: name } = param;
  const of = (value: unknown) => (name === undefined ? value : Reflect.get(Object(value), name));
  return kind === "root" ? (source) => of(source) : (_source, context) => of(context);
}
