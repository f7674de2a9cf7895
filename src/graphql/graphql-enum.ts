import { registerEnumType } from "type-graphql";

/** The values of an enum of the API, each under its own name. */
export type GraphqlEnum<Value extends string> = Readonly<Record<Value, Value>>;

/** Makes an enum of the API out of a union of the domain. The compiler demands a description for each of its values. */
export function graphqlEnum<Value extends string>(
  name: string,
  description: string,
  descriptions: Readonly<Record<Value, string>>,
): GraphqlEnum<Value> {
  const entries = Object.entries<string>(descriptions);
  const values = Object.fromEntries(entries.map(([value]) => [value, value]));
  registerEnumType(values, {
    name,
    description,
    valuesConfig: Object.fromEntries(entries.map(([value, text]) => [value, { description: text }])),
  });
  // The keys of `descriptions` are the values, which Object.entries cannot express.
  return values as GraphqlEnum<Value>;
}
