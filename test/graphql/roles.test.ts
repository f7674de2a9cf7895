import { expect, it } from "vitest";
import { roleFor } from "../../src/access/roles.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { anActor, anOrigin, aTenant } from "../support/builders.ts";
import { ask } from "./support/ask.ts";

const reveal = 'mutation { revealTenantConnection(input: { id: "x" }) { userErrors { code } } }';

it("refuses a field to a role below the one it needs, and calls nothing", async () => {
  const operator = anOrigin({ actor: anActor({ role: "OPERATOR" }) });
  const { data, errors } = await ask({}, reveal, {}, operator);
  expect(data).toBeNull();
  expect(errors?.[0]).toMatchObject({
    originalError: { code: "FORBIDDEN", message: expect.stringContaining("ADMIN") },
  });
});

it("lets a viewer read, and an operator change", async () => {
  const viewer = anOrigin({ actor: anActor({ role: "VIEWER" }) });
  const given = { tenants: { findBySlug: async () => aTenant({ slug: "acme" }) } };
  expect((await ask(given, '{ tenantBySlug(slug: "acme") { slug } }', {}, viewer)).data).toEqual({
    tenantBySlug: { slug: "acme" },
  });
  const rename = 'mutation { updateTenant(input: { id: "x", name: "y" }) { tenant { slug } } }';
  const renaming = { tenants: { update: async () => aTenant({ slug: "acme" }) } };
  expect((await ask(renaming, rename, {}, viewer)).data).toBeNull();
  const operator = anOrigin({ actor: anActor({ role: "OPERATOR" }) });
  expect((await ask(renaming, rename, {}, operator)).data).toEqual({ updateTenant: { tenant: { slug: "acme" } } });
});

it("needs ADMIN where secrets leave the service, OPERATOR at least for any change and VIEWER for the rest", () => {
  const schema = buildApiSchema();
  const rolesOf = (root: "Query" | "Mutation" | "Subscription") => {
    const type = {
      Query: schema.getQueryType(),
      Mutation: schema.getMutationType(),
      Subscription: schema.getSubscriptionType(),
    }[root];
    return Object.keys(type?.getFields() ?? {}).map((field) => [field, roleFor(`${root}.${field}`)] as const);
  };
  expect(new Set(rolesOf("Query").map(([, role]) => role))).toEqual(new Set(["VIEWER"]));
  expect(new Set(rolesOf("Subscription").map(([, role]) => role))).toEqual(new Set(["VIEWER"]));
  const mutations = rolesOf("Mutation");
  expect(mutations.filter(([, role]) => role !== "OPERATOR" && role !== "ADMIN")).toEqual([]);
  expect(new Map(mutations).get("revealTenantConnection")).toBe("ADMIN");
});
