import { expect, it } from "vitest";
import { DomainError } from "../../src/kit/domain-error.ts";
import { aTenant } from "../support/builders.ts";
import { recordingLogger, startedServer } from "./support/started-server.ts";

class RegistryAway extends DomainError {
  readonly code = "SERVICE_UNAVAILABLE";
  override readonly retryable = true;
}

const bySlug = "query ($slug: String!) { tenantBySlug(slug: $slug) { id slug createdAt } }";

/** The answers to the same question, asked until it is compiled and beyond. */
async function answers(ask: () => Promise<Response>): Promise<{ status: number; body: string }[]> {
  const seen = [];
  for (let use = 1; use <= 5; use += 1) {
    const response = await ask();
    const body = (await response.text()).replace(/"requestId":"[0-9a-f-]{36}"/g, '"requestId":"…"');
    seen.push({ status: response.status, body });
  }
  return seen;
}

const acme = aTenant({ slug: "acme" });
const outcomes = [
  ["a tenant", async () => acme],
  ["nothing", async () => undefined],
  ["trouble", () => Promise.reject(new RegistryAway("The registry does not answer now."))],
  ["a bug", () => Promise.reject(new TypeError("secret detail"))],
] as const;

it.each(outcomes)("answers %s in the same way whether a query is compiled or not", async (_what, findBySlug) => {
  const answered: { ms: number; failed: boolean }[] = [];
  const meter = {
    answered: (one: { ms: number; failed: boolean }) => void answered.push(one),
    subscribed: () => () => undefined,
  };
  const logger = recordingLogger();
  const { client } = await startedServer({ tenants: { findBySlug } }, { compiles: true, meter, logger });
  const api = client("VIEWER");
  const seen = await answers(() => api.post(JSON.stringify({ query: bySlug, variables: { slug: "acme" } })));
  expect(seen).toEqual(seen.map(() => seen[0]));
  expect(seen[0]?.body).not.toContain("secret detail");
  expect(new Set(answered.map(({ failed }) => failed)).size).toBe(1);
  expect(answered[4]?.failed).toBe(seen[4]?.body.includes('"errors"'));
  expect(logger.errors.length % 5).toBe(0);
});

it("says what is wrong with variables in the same words", async () => {
  const { client } = await startedServer(
    { tenants: { findBySlug: async () => aTenant({ slug: "acme" }) } },
    { compiles: true },
  );
  const api = client("VIEWER");
  await answers(() => api.post(JSON.stringify({ query: bySlug, variables: { slug: "acme" } })));
  const seen = await answers(() => api.post(JSON.stringify({ query: bySlug, variables: { slug: 5 } })));
  expect(seen).toEqual(seen.map(() => seen[0]));
  expect(seen[0]?.body).toContain("BAD_USER_INPUT");
});

it("refuses who may not, and writes it down each time", async () => {
  const denied: string[] = [];
  const audit = { denied: async (action: string) => void denied.push(action) };
  const { client } = await startedServer({ audit }, { compiles: true });
  const api = client("VIEWER");
  const seen = await answers(() => api.post(JSON.stringify({ query: "{ apiKeys { id name } }" })));
  expect(seen).toEqual(seen.map(() => seen[0]));
  expect(seen[0]?.body).toContain("FORBIDDEN");
  expect(denied).toHaveLength(5);
});

it.each([
  ["more than one operation and no name", { query: "query a { viewer { id } } query b { viewer { id } }" }],
  ["a name that none has", { query: "query a { viewer { id } }", operationName: "b" }],
])("refuses %s as the client's mistake, whether queries are compiled or not", async (_what, body) => {
  const logger = recordingLogger();
  for (const compiles of [false, true]) {
    const { client } = await startedServer({}, { compiles, logger });
    const seen = await answers(() => client().post(JSON.stringify(body)));
    expect(seen).toEqual(seen.map(() => expect.objectContaining({ status: 400 })));
    expect(seen[0]?.body).toContain("OPERATION_RESOLUTION_FAILURE");
  }
  expect(logger.errors).toEqual([]);
});
