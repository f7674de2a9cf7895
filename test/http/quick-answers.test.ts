import { getOperationAST, parse } from "graphql";
import { describe, expect, it } from "vitest";
import { createContext } from "../../src/graphql/graphql-context.ts";
import { buildApiSchema } from "../../src/graphql/schema.ts";
import { ErrorPresenter } from "../../src/http/error-presenter.ts";
import { QuickAnswers } from "../../src/http/execution/quick-answers.ts";
import { OperationGate } from "../../src/http/limits/checked-operation.ts";
import { RateLimits } from "../../src/http/limits/rate-limiter.ts";
import type { Transport } from "../../src/http/transport.ts";
import { silentLogger } from "../../src/kit/logger.ts";
import { aTenant } from "../support/builders.ts";
import { stubServices } from "../support/stub-services.ts";
import { actorWith, startedServer } from "./support/started-server.ts";

const acme = aTenant({ slug: "acme" });
const tenants = {
  findBySlug: async (slug: string) => (slug === "acme" ? acme : undefined),
  list: async () => ({ edges: [], hasNextPage: false, hasPreviousPage: false }),
};
const bySlug = "query BySlug($slug: String!) { tenantBySlug(slug: $slug) { id slug status } }";
const two = "query A { viewer { role } } query B { viewer { name } }";
const pages = "query ($n: Int) { jobs(first: $n) { nodes { items(first: $n) { nodes { status toVersion } } } } }";
const json = { accept: "application/json" };
const ofGraphql = { accept: "application/graphql-response+json" };

type Question = readonly [what: string, body: unknown, headers?: Readonly<Record<string, string>>];

const questions: readonly Question[] = [
  ["a query", { query: "{ viewer { role } }" }],
  ["one with a variable", { query: bySlug, variables: { slug: "acme" } }],
  ["one that finds nothing", { query: bySlug, variables: { slug: "nobody" } }],
  ["one with its name", { query: bySlug, operationName: "BySlug", variables: { slug: "acme" } }],
  ["one without its variable", { query: bySlug }],
  ["one whose variable is of another type", { query: bySlug, variables: { slug: 5 } }],
  ["variables that are a list", { query: bySlug, variables: [] }],
  ["variables that are a text", { query: bySlug, variables: '{"slug":"acme"}' }],
  [
    "nothing but nulls beside it",
    { query: "{ viewer { role } }", operationName: null, variables: null, extensions: null },
  ],
  ["extensions", { query: "{ viewer { role } }", extensions: { tracing: true } }],
  ["extensions that are a list", { query: "{ viewer { role } }", extensions: [] }],
  ["an unknown persisted query", { query: "{ viewer { role } }", extensions: { persistedQuery: { version: 1 } } }],
  ["the first of two", { query: two, operationName: "A" }],
  ["the second of two", { query: two, operationName: "B" }],
  ["none of two", { query: two }],
  ["a third of two", { query: two, operationName: "C" }],
  ["an operation without a name by its empty name", { query: "{ viewer { role } }", operationName: "" }],
  ["an operation by what is a word of another document", { query: "{ viewer { role } }", operationName: "query" }],
  ["a list of queries", [{ query: "{ viewer { role } }" }]],
  ["a query that is no text", { query: 5 }],
  ["a field that is not there", { query: "{ nothing }" }],
  ["what cannot be read", { query: "{" }],
  ["a subscription", { query: "subscription { metrics { queueDepth } }" }],
  ["what its caller may not see", { query: "{ apiKeys { id } }" }],
  ["what is too large by its variables", { query: pages, variables: { n: 100 } }],
  ["an error of its own", { query: '{ node(id: "nonsense") { id } }' }],
  ["introspection", { query: "{ __schema { queryType { name } } }" }],
  ["a directive", { query: "query ($v: Boolean!) { viewer { role @include(if: $v) name } }", variables: { v: false } }],
  ["JSON", { query: "{ viewer { id } }" }, json],
  ["GraphQL's own media type", { query: "{ viewer { id } }" }, ofGraphql],
  ["an error in GraphQL's own media type", { query: "{ apiKeys { id } }" }, ofGraphql],
  ["a media type that is not to be had", { query: "{ viewer { id } }" }, { accept: "text/csv" }],
  [
    "a preference",
    { query: "{ viewer { id } }" },
    { accept: "application/json;q=0.5, application/graphql-response+json" },
  ],
];

const ofTime = /"requestId":"[0-9a-f-]{36}"/g;

async function shown(response: Response) {
  const headers = [...response.headers].filter(([name]) => !["date", "x-request-id", "keep-alive"].includes(name));
  const body = (await response.text()).replace(ofTime, '"requestId":"…"');
  return { status: response.status, headers: Object.fromEntries(headers), body };
}

describe.each([true, false])("what was asked before (compiled: %s)", (compiles) => {
  it("is answered as it was the first time, also when others asked meanwhile", async () => {
    const { client } = await startedServer({ tenants, audit: { denied: async () => undefined } }, { compiles });
    const api = client("VIEWER");
    const ask = async () => {
      const seen: Record<string, unknown> = {};
      for (const [what, body, headers] of questions)
        seen[what] = await shown(await api.post(JSON.stringify(body), headers));
      return seen;
    };
    const first = await ask();
    for (let round = 0; round < 4; round += 1) expect(await ask()).toEqual(first);
  });
});

it("costs as many points as the first time", async () => {
  const rates = new RateLimits(1, { monotonicMs: () => 0 });
  const { client } = await startedServer({ tenants }, { rates });
  const api = client("VIEWER");
  const answers = [];
  for (let asked = 0; asked < 7; asked += 1)
    answers.push(await api.post(JSON.stringify({ query: "{ viewer { role } }" })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429, 429]);
});

it("costs by its variables each time, and says when to come again", async () => {
  const rates = new RateLimits(10, { monotonicMs: () => 0 });
  const jobs = { list: tenants.list };
  const { client } = await startedServer({ jobs }, { rates });
  const api = client("VIEWER");
  const ask = (n: number) => api.post(JSON.stringify({ query: pages, variables: { n } }));
  // Pages of sixty cost 30 of the 50 points, pages of one 1.
  expect([(await ask(1)).status, (await ask(60)).status, (await ask(1)).status]).toEqual([200, 200, 200]);
  const refused = await ask(60);
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, expect.stringMatching(/^[1-9]$/)]);
  expect((await ask(1)).status).toBe(200);
});

describe("quick answers", () => {
  const schema = buildApiSchema();
  const services = stubServices({ tenants });
  const transport: Transport<object> = {
    schema,
    validationRules: [],
    authenticate: async () => actorWith("VIEWER"),
    contextFor: (request) => createContext(services, request),
  };
  const request = {
    origin: { actor: actorWith("VIEWER"), requestId: "r" },
    live: false,
    client: { signal: new AbortController().signal },
  };
  const posted = (body: unknown) => ({ method: "POST", search: "", body });

  function made(given = transport): QuickAnswers<object> {
    return new QuickAnswers(given, new OperationGate(given), new ErrorPresenter(silentLogger));
  }

  function learn(quick: QuickAnswers<object>, text: string, name?: string): void {
    const document = parse(text);
    const operation = getOperationAST(document, name);
    if (operation) quick.learn(text, name, document, operation);
  }

  it("are given to what was learned, for a media type that was", async () => {
    const quick = made();
    const asked = posted({ query: bySlug, variables: { slug: "acme" } });
    expect(quick.answer(asked, undefined, request)).toBeUndefined();
    learn(quick, bySlug);
    expect(quick.answer(asked, undefined, request)).toBeUndefined();
    quick.learnType(undefined, "application/json");
    const answer = await quick.answer(asked, undefined, request);
    expect(JSON.parse(answer?.text ?? "")).toMatchObject({ data: { tenantBySlug: { slug: "acme" } } });
    expect(quick.answer(asked, "text/csv", request)).toBeUndefined();
    expect(quick.answer({ ...asked, method: "GET" }, undefined, request)).toBeUndefined();
  });

  it("are not given where variables do not fit, also once the query is compiled", async () => {
    const quick = made({ ...transport, compiles: true });
    quick.learnType(undefined, "application/json");
    learn(quick, bySlug);
    const ask = (variables?: object) => quick.answer(posted({ query: bySlug, variables }), undefined, request);
    for (let use = 1; use <= 5; use += 1) expect(await ask({ slug: "acme" })).toMatchObject({ failed: false });
    expect([ask({ slug: 5 }), ask({}), ask()]).toEqual([undefined, undefined, undefined]);
  });

  it("are not given to a name and a text that make up what was asked before only together", () => {
    const quick = made();
    quick.learnType(undefined, "application/json");
    const text = "query Q { viewer { role } } #\0foo";
    learn(quick, text);
    expect(quick.answer(posted({ query: text }), undefined, request)).toBeDefined();
    const forged = { query: "foo", operationName: "query Q { viewer { role } } #" };
    expect(quick.answer(posted(forged), undefined, request)).toBeUndefined();
  });

  it("are never given to mutations and subscriptions", () => {
    const quick = made();
    quick.learnType(undefined, "application/json");
    for (const query of ["mutation { reencryptSecrets { job { id } } }", "subscription { metrics { queueDepth } }"]) {
      learn(quick, query);
      expect(quick.answer(posted({ query }), undefined, request)).toBeUndefined();
    }
  });
});
