import { isObjectType } from "graphql";
import { expect, it } from "vitest";
import { buildApiSchema } from "../../src/graphql/schema.ts";

const schema = buildApiSchema();

/** The fields of a type that cost a call for each object. */
function resolvedFields(name: string): readonly string[] {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new TypeError(name);
  const fields = Object.values(type.getFields());
  return fields.flatMap((field) => (field.resolve ? [field.name] : [])).sort();
}

it.each([
  ["Tenant", ["domains", "findings", "health", "jobs", "labels", "primaryDomain", "server", "worstFinding"]],
  ["Domain", ["tenant"]],
  ["TenantEdge", []],
  ["PageInfo", []],
  ["TenantConnection", ["totalCount"]],
])("reads the fields of %s as they are, but for those that ask somebody", (name, asking) => {
  expect(resolvedFields(name)).toEqual(asking);
});
