import { type GraphQLResolveInfo, isObjectType } from "graphql";
import { expect, it, onTestFinished, vi } from "vitest";
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

function resolverOf(typeName: string, fieldName: string) {
  const type = schema.getType(typeName);
  const resolve = isObjectType(type) ? type.getFields()[fieldName]?.resolve : undefined;
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
