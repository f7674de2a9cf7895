import { isObjectType } from "graphql";
import { expect, it } from "vitest";
import { type Operation, roleFor, roleForType } from "../../src/access/roles.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { anActor, anOrigin, aTenant } from "../support/builders.ts";
import { ask } from "./support/ask.ts";

const audit = { denied: async () => undefined };
const reveal = 'mutation { revealTenantConnection(input: { id: "x" }) { userErrors { code } } }';

it("refuses a field to a role below the one it needs, and calls nothing", async () => {
  const operator = anOrigin({ actor: anActor({ role: "OPERATOR" }) });
  const { data, errors } = await ask({ audit }, reveal, {}, operator);
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
  expect((await ask({ ...renaming, audit }, rename, {}, viewer)).data).toBeNull();
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
  const guardedQueries = rolesOf("Query").filter(([, role]) => role !== "VIEWER");
  expect(guardedQueries).toEqual([
    ["apiKeys", "ADMIN"],
    ["auditLog", "ADMIN"],
  ]);
  expect(new Set(rolesOf("Subscription").map(([, role]) => role))).toEqual(new Set(["VIEWER"]));
  const mutations = rolesOf("Mutation");
  expect(mutations.filter(([, role]) => role !== "OPERATOR" && role !== "ADMIN")).toEqual([]);
  const forAdmins = ["revealTenantConnection", "createApiKey", "revokeApiKey"];
  for (const name of forAdmins) expect(new Map(mutations).get(name), name).toBe("ADMIN");
});

it("closes the types that few may see on each of their fields, by whatever way they are reached", () => {
  const schema = buildApiSchema();
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType);
  const closed = objects.filter(({ name }) => roleForType(name) !== "VIEWER").map(({ name }) => name);
  expect(closed.toSorted()).toEqual([
    "ApiKey",
    "ApiKeyPayload",
    "AuditEntry",
    "AuditEntryConnection",
    "AuditEntryEdge",
    "ConnectionConfig",
    "ConnectionConfigPayload",
  ]);
  const viewer = { origin: anOrigin({ actor: anActor({ role: "OPERATOR" }) }) };
  for (const type of objects.filter(({ name }) => closed.includes(name))) {
    for (const field of Object.values(type.getFields())) {
      const use = () => field.resolve?.({ [field.name]: "secret" }, {}, viewer, Object.create(null));
      expect(use, `${type.name}.${field.name}`).toThrow(expect.objectContaining({ code: "FORBIDDEN" }));
    }
  }
});

it("refuses a viewer every root field that needs more, before anything is called", async () => {
  const schema = buildApiSchema();
  const viewer = { origin: anOrigin({ actor: anActor({ role: "VIEWER" }) }), services: { audit } };
  for (const type of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) {
      const operation = `${type?.name}.${field.name}` as Operation;
      if (roleFor(operation) === "VIEWER") continue;
      const resolve = type === schema.getSubscriptionType() ? field.subscribe : field.resolve;
      const info = Object.assign(Object.create(null), { fieldName: field.name });
      await expect(resolve?.({}, {}, viewer, info), operation).rejects.toMatchObject({ code: "FORBIDDEN" });
    }
  }
});
