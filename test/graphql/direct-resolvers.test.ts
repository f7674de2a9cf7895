import { type GraphQLResolveInfo, isObjectType } from "graphql";
import { getMetadataStorage } from "type-graphql";
import { expect, it, onTestFinished, vi } from "vitest";
import { resolveDirectly } from "../../src/graphql/direct-resolvers.ts";
import { createContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { anId, anOrigin, aTenant } from "../support/builders.ts";
import { stubServices } from "../support/stub-services.ts";

const schema = buildApiSchema();
const tenant = aTenant();
const domain = {
  id: anId<"Domain">(),
  tenantId: tenant.id,
  hostname: "a.example",
  isPrimary: true,
  createdAt: new Date(),
};

function fieldOf(typeName: string, fieldName: string) {
  const type = schema.getType(typeName);
  const field = isObjectType(type) ? type.getFields()[fieldName] : undefined;
  if (!field) throw new TypeError(`There is no ${typeName}.${fieldName}.`);
  return field;
}

function resolverOf(typeName: string, fieldName: string) {
  const { resolve } = fieldOf(typeName, fieldName);
  if (!resolve) throw new TypeError(`${typeName}.${fieldName} has no resolver.`);
  return resolve;
}

it.each([
  ["domains", [{ hostname: "a.example", isPrimary: true }]],
  ["primaryDomain", { hostname: "a.example" }],
])("asks for %s of an entry without putting its parameters in order again", async (name, expected) => {
  const services = stubServices({ tenants: { domainsOf: async () => [domain] } });
  const client = { signal: new AbortController().signal };
  const context = createContext(services, { origin: anOrigin(), live: false, client });
  const sort = vi.spyOn(Array.prototype, "sort");
  onTestFinished(() => sort.mockRestore());
  const answer = resolverOf("Tenant", name)({ tenant }, {}, context, {} as GraphQLResolveInfo);
  expect(sort).not.toHaveBeenCalled();
  sort.mockRestore();
  expect(await answer).toMatchObject(expected);
});

it("leaves a method alone that type-graphql guards, or does more for", () => {
  const field = fieldOf("Tenant", "domains");
  const resolver = getMetadataStorage().fieldResolvers.find(({ methodName }) => methodName === "domains");
  const [direct, root] = [field.resolve, resolver?.params?.find(({ kind }) => kind === "root")];
  if (!resolver || root?.kind !== "root") throw new TypeError("Tenant.domains is resolved otherwise now.");
  const isLeft = (options: Parameters<typeof resolveDirectly>[1] = {}) => {
    const theirs = () => undefined;
    field.resolve = theirs;
    resolveDirectly(schema, options);
    return field.resolve === theirs;
  };
  onTestFinished(() => {
    Object.assign(field, { resolve: direct });
    Object.assign(resolver, { roles: undefined });
    Object.assign(root, { getType: undefined });
  });
  expect(isLeft()).toBe(false);
  expect(isLeft({ globalMiddlewares: [(_data, next) => next()] })).toBe(true);
  expect(isLeft({ container: { get: () => undefined } })).toBe(true);
  resolver.roles = [];
  expect(isLeft()).toBe(true);
  delete resolver.roles;
  root.getType = () => Object;
  expect(isLeft()).toBe(true);
});
