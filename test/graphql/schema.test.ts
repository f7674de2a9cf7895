import { readFile } from "node:fs/promises";
import {
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  validateSchema,
} from "graphql";
import { expect, it } from "vitest";
import { printApiSchema } from "../../src/graphql/print-schema.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";

it("keeps schema.graphql as the classes say it", async () => {
  const written = await readFile(new URL("../../schema.graphql", import.meta.url), "utf8");
  expect(written, "run `npm run generate`").toBe(printApiSchema());
});

it("is a schema that GraphQL accepts", () => {
  expect(validateSchema(buildApiSchema())).toEqual([]);
});

const roots = new Set(["Query", "Mutation", "Subscription"]);

function* undescribed(type: GraphQLNamedType): Generator<string> {
  if (!type.description && !roots.has(type.name)) yield type.name;
  if (isEnumType(type))
    for (const value of type.getValues()) if (!value.description) yield `${type.name}.${value.name}`;
  if (isInputObjectType(type))
    for (const field of Object.values(type.getFields())) if (!field.description) yield `${type.name}.${field.name}`;
  if (!isObjectType(type) && !isInterfaceType(type)) return;
  for (const field of Object.values(type.getFields())) {
    if (!field.description) yield `${type.name}.${field.name}`;
    for (const arg of field.args) if (!arg.description) yield `${type.name}.${field.name}(${arg.name})`;
  }
}

it("describes every type, field, argument and enum value", () => {
  const types = Object.values(buildApiSchema().getTypeMap());
  const own = types.filter((type) => !type.name.startsWith("__") && !isSpecifiedScalarType(type));
  expect(own.flatMap((type) => [...undescribed(type)])).toEqual([]);
});
