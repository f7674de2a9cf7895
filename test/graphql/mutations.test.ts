import { expect, it } from "vitest";
import { DomainError, InvalidInput, LimitExceeded, NotFound } from "../../src/kit/domain-error.ts";
import { Secret } from "../../src/kit/secret.ts";
import { SlugTaken, TenantBusy } from "../../src/tenants/tenant-store.ts";
import { aDomain, aJob, anId, anOrigin, aTenant, aTestRun } from "../support/builders.ts";
import { ask } from "./support/ask.ts";

class RegistryAway extends DomainError {
  readonly code = "SERVICE_UNAVAILABLE";
}

const createTenant = `mutation($input: CreateTenantInput!) {
  createTenant(input: $input) { tenant { id } job { id } userErrors { code message field jobId } }
}`;

it("hands a wish over in the domain's words, null as absent, with who wishes it", async () => {
  const tenant = aTenant();
  const job = aJob();
  const server = anId<"DatabaseServer">();
  const origin = anOrigin();
  const calls: unknown[] = [];
  const given = {
    tenants: {
      create: async (...call: unknown[]) => {
        calls.push(call);
        return { tenant, job };
      },
    },
  };
  const input = {
    slug: "acme",
    name: "Acme",
    domains: null,
    labels: [{ key: "tier", value: "gold" }],
    serverId: `server_${server}`,
    seed: null,
    idempotencyKey: "once",
  };
  const { data, errors } = await ask(given, createTenant, { input }, origin);
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    createTenant: { tenant: { id: `tenant_${tenant.id}` }, job: { id: `job_${job.id}` }, userErrors: [] },
  });
  const labels = [{ key: "tier", value: "gold" }];
  expect(calls).toEqual([[{ slug: "acme", name: "Acme", labels, serverId: server, idempotencyKey: "once" }, origin]]);
});

const busyJob = anId<"Job">();

it.each([
  [new SlugTaken("acme", { field: ["input", "slug"] }), { code: "SLUG_TAKEN", field: ["input", "slug"], jobId: null }],
  [
    new InvalidInput("Bad.", { field: ["input", "domains", "0"] }),
    { code: "INVALID", field: ["input", "domains", "0"], jobId: null },
  ],
  [new TenantBusy(busyJob), { code: "TENANT_BUSY", field: null, jobId: `job_${busyJob}` }],
  [new LimitExceeded("Enough.", busyJob), { code: "LIMIT_EXCEEDED", field: null, jobId: `job_${busyJob}` }],
])("answers the refusal %s with a userError and nothing else", async (refusal, userError) => {
  const given = { tenants: { create: () => Promise.reject(refusal) } };
  const { data, errors } = await ask(given, createTenant, { input: { slug: "acme", name: "Acme" } });
  expect(errors).toBeUndefined();
  expect(data).toEqual({
    createTenant: { tenant: null, job: null, userErrors: [{ ...userError, message: refusal.message }] },
  });
});

it.each([new RegistryAway("Away."), new TypeError("a bug")])("lets %s be an error of the request", async (trouble) => {
  const given = { tenants: { create: () => Promise.reject(trouble) } };
  const { data, errors } = await ask(given, createTenant, { input: { slug: "acme", name: "Acme" } });
  expect(data).toBeNull();
  expect(errors?.[0]).toMatchObject({ originalError: trouble });
});

it("answers a refusal of many with an empty list of tenants", async () => {
  const given = {
    tenants: { createTest: () => Promise.reject(new InvalidInput("Too many.", { field: ["input", "count"] })) },
  };
  const query =
    "mutation { createTestTenants(input: { count: 5000 }) { tenants { id } job { id } userErrors { field } } }";
  expect((await ask(given, query)).data).toEqual({
    createTestTenants: { tenants: [], job: null, userErrors: [{ field: ["input", "count"] }] },
  });
});

it("takes a malformed id for an unknown one in every mutation", async () => {
  const unknown = "00000000-0000-0000-0000-000000000000";
  const seen: unknown[] = [];
  const refuse = (id: unknown) => {
    seen.push(id);
    return Promise.reject(new NotFound("There is no such thing.", { field: ["input", "id"] }));
  };
  const given = {
    tenants: {
      update: ({ id }: { id: unknown }) => refuse(id),
      retry: refuse,
      reveal: ({ id }: { id: unknown }) => refuse(id),
      addDomain: ({ tenantId }: { tenantId: unknown }) => refuse(tenantId),
      removeDomain: ({ tenantId }: { tenantId: unknown }) => refuse(tenantId),
    },
    jobs: { cancel: refuse, retry: refuse },
  };
  const { data, errors } = await ask(
    given,
    `mutation {
      updateTenant(input: { id: "?", name: "x" }) { userErrors { code } }
      retryTenant(input: { id: "job_${busyJob}" }) { userErrors { code } }
      revealTenantConnection(input: { id: "" }) { userErrors { code } }
      addTenantDomain(input: { tenantId: "1", hostname: "a.example" }) { userErrors { code } }
      removeTenantDomain(input: { tenantId: "1", hostname: "a.example" }) { userErrors { code } }
      cancelJob(input: { id: "run_${busyJob}" }) { userErrors { code } }
      retryJob(input: { id: "nonsense" }) { userErrors { code } }
    }`,
  );
  expect(errors).toBeUndefined();
  expect(Object.values(data ?? {})).toEqual(Array(7).fill({ userErrors: [{ code: "NOT_FOUND" }] }));
  expect(seen).toEqual(Array(7).fill(unknown));
});

it("reveals a connection, password included, with the reason handed on", async () => {
  const calls: unknown[] = [];
  const id = anId<"Tenant">();
  const connection = {
    host: "db",
    port: 3306,
    database: "tnt1",
    username: "tnt1",
    password: new Secret("pw"),
    url: new Secret("mysql://u"),
  };
  const given = {
    tenants: {
      reveal: async (wish: unknown) => {
        calls.push(wish);
        return connection;
      },
    },
  };
  const query = `mutation { revealTenantConnection(input: { id: "tenant_${id}", reason: "on call" }) {
    connection { host port database username password url } } }`;
  expect((await ask(given, query)).data).toEqual({
    revealTenantConnection: { connection: { ...connection, password: "pw", url: "mysql://u" } },
  });
  expect(calls).toEqual([{ id, reason: "on call" }]);
});

it("adds a domain that is not primary unless it is said so", async () => {
  const tenant = aTenant();
  const domain = aDomain({ tenantId: tenant.id, hostname: "a.example" });
  const wishes: unknown[] = [];
  const given = {
    tenants: {
      addDomain: async (wish: unknown) => {
        wishes.push(wish);
        return { domain, tenant };
      },
      findMany: async () => [tenant],
    },
  };
  const query = `mutation { addTenantDomain(input: { tenantId: "tenant_${tenant.id}", hostname: "a.example" }) {
    domain { id hostname tenant { slug } } } }`;
  expect((await ask(given, query)).data).toEqual({
    addTenantDomain: { domain: { id: `domain_${domain.id}`, hostname: "a.example", tenant: { slug: tenant.slug } } },
  });
  expect(wishes).toEqual([{ tenantId: tenant.id, hostname: "a.example", primary: false }]);
});

it("starts a connection test over the tenants that a filter names", async () => {
  const run = aTestRun();
  const wishes: unknown[] = [];
  const given = {
    testRuns: {
      startConnectionTest: async (wish: unknown) => {
        wishes.push(wish);
        return run;
      },
    },
    jobs: { findMany: async () => [aJob({ id: run.id })] },
  };
  const query = `mutation { startConnectionTest(input: { filter: { slugs: ["a"], ids: ["nonsense"] }, retries: 0, timeoutMs: null }) {
    testRun { id status verdict job { id } } } }`;
  expect((await ask(given, query)).data).toEqual({
    startConnectionTest: {
      testRun: { id: `run_${run.id}`, status: "QUEUED", verdict: null, job: { id: `job_${run.id}` } },
    },
  });
  expect(wishes).toEqual([{ filter: { slugs: ["a"], ids: ["00000000-0000-0000-0000-000000000000"] }, retries: 0 }]);
});
