import { describe, expect, it } from "vitest";
import type { AuditEntry, AuditFilter } from "../../src/access/audit.ts";
import type { Role } from "../../src/kit/actor.ts";
import { LimitExceeded } from "../../src/kit/domain-error.ts";
import type { ApiKeyId, AuditEntryId, DomainId, TenantId } from "../../src/kit/ids.ts";
import { Secret } from "../../src/kit/secret.ts";
import { anActor, anApiKey, anId, anOrigin, aTenant } from "../support/builders.ts";
import { ask } from "./support/ask.ts";

const as = (role: Role) => anOrigin({ actor: anActor({ role }) });

function anEntry(change: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: anId<"AuditEntry">(),
    at: new Date(0),
    actorId: anId<"ApiKey">(),
    actorName: "ci",
    action: "createTenant",
    subject: `Tenant:${anId<"Tenant">()}`,
    result: "OK",
    requestId: "r1",
    ...change,
  };
}

describe("API keys", () => {
  it("shows a new key's secret once, beside the key", async () => {
    const key = anApiKey({ name: "ci", role: "OPERATOR" });
    const wishes: unknown[] = [];
    const create = async (wish: unknown) => {
      wishes.push(wish);
      return { key, secret: new Secret("tnk_secret") };
    };
    const document =
      'mutation { createApiKey(input: { name: "ci", role: OPERATOR, expiresAt: null }) { secret apiKey { id role } userErrors { code } } }';
    expect((await ask({ apiKeys: { create } }, document)).data).toEqual({
      createApiKey: { secret: "tnk_secret", apiKey: { id: `key_${key.id}`, role: "OPERATOR" }, userErrors: [] },
    });
    expect(wishes).toEqual([{ name: "ci", role: "OPERATOR", expiresAt: undefined }]);
  });

  it.each([
    ["2030-01-01T02:30:00.123456+02:00", "2030-01-01T00:30:00.123Z"],
    ["2028-02-29t23:59:59z", "2028-02-29T23:59:59.000Z"],
  ])("takes the instant %s", async (expiresAt, meant) => {
    const wishes: { expiresAt?: Date | undefined }[] = [];
    const create = async (wish: { expiresAt?: Date | undefined }) => {
      wishes.push(wish);
      return { key: anApiKey(), secret: new Secret("tnk_secret") };
    };
    const document =
      'mutation($at: DateTime) { createApiKey(input: { name: "ci", role: VIEWER, expiresAt: $at }) { secret } }';
    expect((await ask({ apiKeys: { create } }, document, { at: expiresAt })).errors).toBeUndefined();
    expect(wishes.map((wish) => wish.expiresAt?.toISOString())).toEqual([meant]);
  });

  it.each([
    "2030-02-30T00:00:00Z",
    "2029-02-29T00:00:00Z",
    "2030-04-31T00:00:00+02:00",
    "2030-01-01T24:00:00Z",
    "2030-13-01T00:00:00Z",
    "2030-01-01T00:00:00+24:00",
    "2030-01-01T00:00:00",
    "2030-01-01",
  ])("takes %s for no instant", async (expiresAt) => {
    const document =
      'mutation($at: DateTime) { createApiKey(input: { name: "ci", role: VIEWER, expiresAt: $at }) { secret } }';
    const { errors } = await ask({}, document, { at: expiresAt });
    expect(errors?.[0]?.message).toContain("RFC 3339");
  });

  it("tells why a key was refused", async () => {
    const create = () => Promise.reject(new LimitExceeded("There are 500 live keys: revoke one first."));
    const document =
      'mutation { createApiKey(input: { name: "x", role: ADMIN }) { apiKey { id } secret userErrors { code } } }';
    expect((await ask({ apiKeys: { create } }, document)).data).toEqual({
      createApiKey: { apiKey: null, secret: null, userErrors: [{ code: "LIMIT_EXCEEDED" }] },
    });
  });
});

describe("the audit log", () => {
  it("names who did it and to what by ids of the API, and takes these as a filter", async () => {
    const entry = anEntry();
    const filters: AuditFilter[] = [];
    const list = async (filter: AuditFilter) => {
      filters.push(filter);
      return { edges: [{ node: entry, cursor: "c" }], hasNextPage: false, hasPreviousPage: false };
    };
    const document = "query($filter: AuditFilter) { auditLog(filter: $filter) { nodes { id actor subject result } } }";
    const { data } = await ask({ audit: { list } }, document);
    const subject = `tenant_${entry.subject?.slice("Tenant:".length)}`;
    const node = { id: `audit_${entry.id}`, actor: `ci (key_${entry.actorId})`, subject, result: "OK" };
    expect(data).toEqual({ auditLog: { nodes: [node] } });
    await ask({ audit: { list } }, document, { filter: { actor: `key_${entry.actorId}`, subject } });
    await ask({ audit: { list } }, document, { filter: { actor: "ci", subject: "else", action: "x" } });
    await ask({ audit: { list } }, document, { filter: { actor: entry.actorId } });
    await ask({ audit: { list } }, document, { filter: { actor: "", action: "", subject: "" } });
    await ask({ audit: { list } }, document, { filter: { actor: node.actor, subject: entry.actorId } });
    expect(filters.slice(1)).toMatchObject([
      { actor: entry.actorId, subjects: [entry.subject], action: undefined },
      { actor: "ci", subjects: ["else"], action: "x" },
      { actor: entry.actorId, subjects: undefined },
      { actor: "", action: "", subjects: [""] },
      {
        actor: entry.actorId,
        subjects: expect.arrayContaining([`ApiKey:${entry.actorId}`, `Tenant:${entry.actorId}`]),
      },
    ]);
  });

  it.each([
    ["ci (prod)", "ci (prod)"],
    ["alice of https://issuer.example (jwt:0a1b2c3d:auth0|(7))", "jwt:0a1b2c3d:auth0|(7)"],
    ["key rotation (tenantry:keys)", "tenantry:keys"],
  ])("takes %j in a filter for %s", async (actor, meant) => {
    const filters: AuditFilter[] = [];
    const list = async (filter: AuditFilter) => {
      filters.push(filter);
      return { edges: [], hasNextPage: false, hasPreviousPage: false };
    };
    await ask({ audit: { list } }, "query($filter: AuditFilter) { auditLog(filter: $filter) { nodes { id } } }", {
      filter: { actor },
    });
    expect(filters).toMatchObject([{ actor: meant }]);
  });

  it.each(["VIEWER", "OPERATOR"] as const)("writes down that a %s was refused", async (role) => {
    const origin = as(role);
    const denied: unknown[] = [];
    const audit = { denied: async (...args: unknown[]) => void denied.push(args) };
    const { data, errors } = await ask({ audit }, "{ apiKeys { id } }", {}, origin);
    expect([data, errors?.[0]?.originalError]).toMatchObject([null, { code: "FORBIDDEN" }]);
    expect(denied).toEqual([["apiKeys", origin]]);
  });
});

describe("node", () => {
  const tenant = aTenant();
  const domain = {
    id: anId<"Domain">(),
    tenantId: tenant.id,
    hostname: "a.example.com",
    isPrimary: true,
    createdAt: new Date(0),
  };
  const key = anApiKey();
  const entry = anEntry();
  const given = {
    tenants: {
      findDomains: async (ids: readonly DomainId[]) => (ids.includes(domain.id) ? [domain] : []),
      findMany: async (ids: readonly TenantId[]) => (ids.includes(tenant.id) ? [tenant] : []),
    },
    apiKeys: { findMany: async (ids: readonly ApiKeyId[]) => (ids.includes(key.id) ? [key] : []) },
    audit: { findMany: async (ids: readonly AuditEntryId[]) => (ids.includes(entry.id) ? [entry] : []) },
  };
  const document =
    "query($id: ID!) { node(id: $id) { __typename id ... on Domain { tenant { slug } } ... on ApiKey { prefix } ... on AuditEntry { action } } }";

  it("finds a domain, a key and an audit entry, and nothing under an id that nothing has", async () => {
    const find = async (id: string) => (await ask(given, document, { id })).data?.node;
    expect(await find(`domain_${domain.id}`)).toMatchObject({ __typename: "Domain", tenant: { slug: tenant.slug } });
    expect(await find(`key_${key.id}`)).toMatchObject({ __typename: "ApiKey", prefix: key.prefix });
    expect(await find(`audit_${entry.id}`)).toMatchObject({ __typename: "AuditEntry", action: "createTenant" });
    for (const kind of ["domain", "key", "audit"]) expect(await find(`${kind}_${anId()}`)).toBeNull();
  });

  it("does not even tell those below ADMIN whether there is such a key or entry, and writes down that they asked", async () => {
    const denied: unknown[] = [];
    const audit = { ...given.audit, denied: async (action: string) => void denied.push(action) };
    for (const id of [`key_${key.id}`, `key_${anId()}`, `audit_${entry.id}`]) {
      const { data, errors } = await ask(
        { ...given, audit },
        "query($id: ID!) { node(id: $id) { __typename } }",
        { id },
        as("OPERATOR"),
      );
      expect([data, errors?.[0]?.originalError], id).toMatchObject([{ node: null }, { code: "FORBIDDEN" }]);
    }
    expect(denied).toEqual(["node", "node", "node"]);
    const { data } = await ask(given, document, { id: `domain_${domain.id}` }, as("VIEWER"));
    expect(data?.node).toMatchObject({ __typename: "Domain" });
  });
});
