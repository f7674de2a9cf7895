import { buildSchema, isAbstractType, isObjectType } from "graphql";

/** What a normalizing cache wants to know of the API, by `schema.graphql`: work it out at build time, not in the browser. */
export function schemaFacts(sdl: string) {
  const schema = buildSchema(sdl);
  const types = Object.values(schema.getTypeMap()).filter((type) => !type.name.startsWith("__"));
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return {
    /** Interfaces and unions with the types that they stand for, e.g. `Node` and `TestResult`. */
    possibleTypes: Object.fromEntries(
      types
        .filter(isAbstractType)
        .map((type) => [type.name, schema.getPossibleTypes(type).map((possible) => possible.name)]),
    ),
    /** Types that live in what holds them. Every other one is known by its `id`, which no other thing has. */
    keyless: types
      .filter(isObjectType)
      .filter((type) => !roots.includes(type) && !("id" in type.getFields()))
      .map((type) => type.name),
  };
}
