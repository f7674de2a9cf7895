import { expect, it } from "vitest";
import type { AuditNote } from "../../src/access/audit.ts";
import { AuditService } from "../../src/access/audit-service.ts";
import { InvalidInput, InvalidState } from "../../src/kit/domain-error.ts";
import { ConfirmationRequired } from "../../src/tenants/tenant-lifecycle-service.ts";
import { SlugTaken } from "../../src/tenants/tenant-store.ts";
import { aTenant } from "../support/builders.ts";
import { RawSocket } from "./support/raw-socket.ts";
import { actorWith, keys, startedServer } from "./support/started-server.ts";

const tenant = aTenant();
const field = ["input", "confirmSlug"];
const refusals = {
  delete: () => Promise.reject(new ConfirmationRequired("To delete the tenant, repeat its slug exactly.", { field })),
  rotate: () => Promise.reject(new InvalidState("The tenant is SUSPENDED.")),
};

const asked = [
  [
    "a deletion with a wrong confirmation",
    `mutation { deleteTenant(input: { id: "tenant_${tenant.id}", confirmSlug: "guess" }) { userErrors { code } } }`,
    {
      action: "deleteTenant",
      subject: `Tenant:${tenant.id}`,
      result: "CONFIRMATION_REQUIRED",
      note: "To delete the tenant, repeat its slug exactly.",
    },
  ],
  [
    "a change that the state forbids",
    `mutation { other: rotateTenantCredentials(input: { id: "tenant_${tenant.id}" }) { userErrors { code } } }`,
    {
      action: "rotateTenantCredentials",
      subject: `Tenant:${tenant.id}`,
      result: "INVALID_STATE",
      note: "The tenant is SUSPENDED.",
    },
  ],
  [
    "a creation under a slug that is taken, on a server",
    `mutation { createTenant(input: { slug: "acme", name: "A", serverId: "server_${tenant.serverId}" }) { userErrors { code } } }`,
    {
      action: "createTenant",
      subject: undefined,
      result: "SLUG_TAKEN",
      note: 'A tenant with the slug "acme" already exists.',
    },
  ],
  [
    "an input that breaks a rule, without what stood there",
    `mutation { addTenantDomain(input: { tenantId: "tenant_${tenant.id}", hostname: "hunter2" }) { userErrors { code message } } }`,
    { action: "addTenantDomain", subject: `Tenant:${tenant.id}`, result: "INVALID", note: "input.hostname" },
  ],
  [
    "what is done to nothing, without the nonsense that was its id",
    'mutation { deleteTenant(input: { id: "hunter2", confirmSlug: "guess" }) { userErrors { code } } }',
    { action: "deleteTenant", subject: undefined, result: "CONFIRMATION_REQUIRED" },
  ],
] as const;

/** The audit log's own service, as far as it is told of refusals. */
function auditInto(written: AuditNote[]) {
  const nothing = { list: notAsked, count: notAsked, findMany: notAsked };
  const audit = new AuditService(nothing, { note: async (attempt) => void written.push(attempt) });
  return { refused: audit.refused.bind(audit) };
}

function notAsked(): never {
  throw new TypeError("The log is not read here.");
}

async function served() {
  const written: AuditNote[] = [];
  const given = {
    lifecycle: refusals,
    tenants: {
      create: () => Promise.reject(new SlugTaken("acme", { field: ["input", "slug"] })),
      addDomain: () => Promise.reject(new InvalidInput('"hunter2" is no host name.', { field: ["input", "hostname"] })),
    },
    audit: auditInto(written),
  };
  const { url, client } = await startedServer(given);
  return { url, client, written };
}

it.each(asked)("writes down %s, over HTTP", async (_what, query, entry) => {
  const { client, written } = await served();
  const response = await client("OPERATOR").post(JSON.stringify({ query }));
  expect(await response.json()).toMatchObject({ data: expect.anything() });
  const origin = { actor: actorWith("OPERATOR"), requestId: response.headers.get("x-request-id") };
  expect(written).toMatchObject([{ ...entry, origin }]);
});

it.each(asked)("writes down %s, over WebSocket", async (_what, query, entry) => {
  const { url, written } = await served();
  const socket = await new RawSocket(url).open(keys.OPERATOR);
  await socket.subscribe("1", query);
  expect(await socket.next()).toMatchObject({ type: "next", payload: { data: expect.anything() } });
  expect(written).toMatchObject([
    { ...entry, origin: { actor: actorWith("OPERATOR"), requestId: expect.any(String) } },
  ]);
});

it("writes each of several down, and nothing of what was done", async () => {
  const written: AuditNote[] = [];
  const { client } = await startedServer({
    lifecycle: refusals,
    apiKeys: {
      revoke: async () => ({
        id: tenant.id as never,
        name: "k",
        role: "VIEWER",
        prefix: "tnk_",
        createdAt: new Date(),
      }),
    },
    audit: auditInto(written),
  });
  const id = `tenant_${tenant.id}`;
  await client().data(`mutation {
    a: deleteTenant(input: { id: "${id}", confirmSlug: "x" }) { userErrors { code } }
    b: revokeApiKey(input: { id: "key_${tenant.id}" }) { userErrors { code } }
    c: rotateTenantCredentials(input: { id: "${id}" }) { userErrors { code } }
  }`);
  expect(written.map(({ result }) => result)).toEqual(["CONFIRMATION_REQUIRED", "INVALID_STATE"]);
});
