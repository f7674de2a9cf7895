import { getIntrospectionQuery } from "graphql";
import { describe, expect, it } from "vitest";
import { RateLimits } from "../../src/http/limits/rate-limiter.ts";
import { ApiClient } from "../support/client.ts";
import { RawSocket } from "./support/raw-socket.ts";
import { keys, startedServer } from "./support/started-server.ts";

const many = (count: number, text: (n: number) => string) => Array.from({ length: count }, (_, n) => text(n)).join(" ");

/** Jobs of tenants of jobs…, this many levels deep. */
function deep(levels: number): string {
  const names = Array.from({ length: levels - 1 }, (_, level) => ["jobs(first: 1)", "nodes", "tenant"][level % 3]);
  return `{ ${names.join(" { ")} { __typename ${"}".repeat(levels - 1)} }`;
}

/** Fragments that each spread the next one twice: followed blindly, they never end. */
function doubling(on: string, last: string): string {
  const steps = many(60, (n) => `fragment F${n} on ${on} { ...F${n + 1} ...F${n + 1} }`);
  return `${steps} fragment F60 on ${on} { ${last} }`;
}

const pages = (size: number) =>
  `{ jobs(first: ${size}) { nodes { items(first: ${size}) { nodes { status durationMs toVersion } } } } }`;

type Refused = readonly [what: string, query: string, message: RegExp, code: string];

const invalid = "GRAPHQL_VALIDATION_FAILED";
const refused: readonly Refused[] = [
  ["more than 4,000 tokens", `{ ${many(4_000, () => "a")} }`, /4000 tokens/, "GRAPHQL_PARSE_FAILED"],
  ["13 levels", deep(13), /12 levels/, invalid],
  [
    "13 levels through fragments",
    "{ jobs { nodes { ...A } } } fragment A on Job { tenant { jobs { nodes { ...B } } } } fragment B on Job { tenant { jobs { nodes { ...C } } } } fragment C on Job { tenant { jobs { nodes { tenant { id } } } } }",
    /12 levels/,
    invalid,
  ],
  ["31 aliases", `{ ${many(31, (n) => `a${n}: __typename`)} }`, /30 aliases/, invalid],
  [
    "31 aliases by a fragment that is spread often",
    `{ a: viewer { ...F } viewer { ...F } } fragment F on Viewer { ${many(15, (n) => `a${n}: id`)} }`,
    /30 aliases/,
    invalid,
  ],
  ["21 root fields", `{ ${many(21, () => "__typename")} }`, /20 root fields/, invalid],
  [
    "21 root fields through a fragment",
    `{ ...F ...F ...F } fragment F on Query { ${many(7, () => "__typename")} }`,
    /20/,
    invalid,
  ],
  ["6 directives at a place", "{ viewer { id @a @b @c @d @e @f } }", /5 directives/, invalid],
  ["fragments that double", `{ ...F0 } ${doubling("Query", "viewer { id }")}`, /too often/, invalid],
  [
    "fragments that double below introspection",
    `{ __schema { ...F0 } } ${doubling("__Schema", "types { name }")}`,
    /often/,
    invalid,
  ],
  ["a fragment inside itself", "{ ...F } fragment F on Query { ...F }", /itself/, invalid],
  ["lists in themselves", "{ __schema { types { fields { type { fields { name } } } } } }", /nest/, invalid],
  [
    "introspection of 16 levels",
    `{ __schema { types ${"{ ofType ".repeat(13)} { name ${"}".repeat(15)} }`,
    /15 levels/,
    invalid,
  ],
  ["pages of pages", pages(100), /smaller pages/, "QUERY_TOO_COMPLEX"],
];

const served: readonly (readonly [what: string, query: string])[] = [
  ["12 levels", deep(12)],
  ["30 aliases", `{ ${many(15, (n) => `a${n}: __typename`)} viewer { ${many(15, (n) => `a${n}: id`)} } }`],
  ["20 root fields", `{ ${many(20, () => "__typename")} }`],
  ["5 directives at a place", `{ viewer { id ${many(1, () => "@include(if: true) @skip(if: false)")} } }`],
  ["pages of pages of a usual size", pages(25)],
  ["the standard introspection query", getIntrospectionQuery()],
  [
    "all of the standard introspection query's options",
    getIntrospectionQuery({
      schemaDescription: true,
      inputValueDeprecation: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
    }),
  ],
];

const noJobs = { jobs: { list: async () => ({ edges: [], hasNextPage: false, hasPreviousPage: false }) } };

interface Outcome {
  readonly status?: number;
  readonly errors?: readonly { readonly message: string; readonly extensions: { readonly code: string } }[];
}

/** Asks over HTTP. */
async function post(url: string, query: string, key = keys.VIEWER): Promise<Outcome> {
  const response = await new ApiClient(url, key).post(JSON.stringify({ query }));
  return { status: response.status, ...(await response.json()) };
}

/** Asks over a socket; what is wrong comes as an error or in a result. */
async function send(url: string, query: string): Promise<Outcome> {
  const socket = await new RawSocket(url).open(keys.VIEWER);
  await socket.subscribe("1", query);
  const { type, payload } = (await socket.next()) as { type: string; payload: Outcome & Outcome["errors"] };
  expect(await socket.stillOpen()).toBe(true);
  return type === "error" ? { errors: payload } : payload;
}

describe("documents", () => {
  it.each(refused)("refuses %s, over HTTP with 400", async (_what, query, message, code) => {
    const { url } = await startedServer(noJobs);
    const { status, errors } = await post(url, query);
    expect(status).toBe(400);
    expect(errors).toContainEqual(expect.objectContaining({ message: expect.stringMatching(message) }));
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
    expect(errors?.length).toBeLessThanOrEqual(5);
  });

  it.each(refused)("refuses %s, over WebSocket alone", async (_what, query, message, code) => {
    const { url } = await startedServer(noJobs);
    const { errors } = await send(url, query);
    expect(errors).toContainEqual(expect.objectContaining({ message: expect.stringMatching(message) }));
    expect(new Set(errors?.map(({ extensions }) => extensions.code))).toEqual(new Set([code]));
    expect(errors?.length).toBeLessThanOrEqual(5);
  });

  it.each(served)("serves %s over either transport", async (_what, query) => {
    const { url } = await startedServer(noJobs);
    const { status, errors } = await post(url, query);
    expect([status, errors]).toEqual([200, undefined]);
    expect((await send(url, query)).errors).toBeUndefined();
  });

  it("counts a page that a variable asks for, and the default where it is not given", async () => {
    const { url } = await startedServer(noJobs);
    const query = pages(100).replace("{ jobs", "query($n: Int = 2) { jobs").replaceAll("first: 100", "first: $n");
    const ask = async (variables: object) => {
      const response = await new ApiClient(url, keys.VIEWER).post(JSON.stringify({ query, variables }));
      return response.status;
    };
    expect([await ask({}), await ask({ n: 100 }), await ask({ n: 10 })]).toEqual([200, 400, 200]);
  });

  it("counts the page from the end where there is none from the beginning", async () => {
    const { url } = await startedServer(noJobs);
    const jobs = (page: string) =>
      `query($n: Int, $m: Int = 25) { jobs(${page}) { nodes { tenant { jobs(last: 100) { nodes { id kind status } } } } } b: jobs(first: $n, last: $m) { __typename } }`;
    const pages = ["first: null, last: 100", "first: $n, last: 100", "last: 100, first: null", "first: 25"];
    const answers = await Promise.all(pages.map((page) => post(url, jobs(page))));
    expect(answers.map(({ status, errors }) => [status, errors?.[0]?.extensions.code])).toEqual([
      ...Array.from({ length: 3 }, () => [400, "QUERY_TOO_COMPLEX"]),
      [200, undefined],
    ]);
  });

  it("answers at most five of many mistakes", async () => {
    const { url } = await startedServer();
    const query = `{ ${many(20, (n) => `nothing${n}`)} }`;
    expect((await post(url, query)).errors).toHaveLength(5);
    expect((await send(url, query)).errors).toHaveLength(5);
  });

  it("ends validation of the most tiresome documents within a second", async () => {
    const { url } = await startedServer();
    const same = many(3_900, () => "viewer");
    const chain = `{ ${"a { b { ".repeat(600)} c ${"}".repeat(1_200)} }`;
    for (const query of [`{ ${same} }`, chain, `{ ${many(640, () => "jobs { nodes { id } }")} }`]) {
      const began = performance.now();
      expect((await post(url, query)).status).toBe(400);
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });
});

describe("suggestions", () => {
  const queries = ["{ viewe { id } }", "{ jobs(filter: { statuses: [QUEUE] }) { nodes { id } } }"];
  it("are not made in production", async () => {
    const { url } = await startedServer();
    for (const query of queries) {
      const text = JSON.stringify([await post(url, query), await send(url, query)]);
      expect(text).not.toMatch(/did you mean|viewer|QUEUED/i);
    }
  });

  it("are made elsewhere", async () => {
    const { url } = await startedServer({}, { suggestions: true });
    for (const query of queries) expect(JSON.stringify(await post(url, query))).toMatch(/Did you mean/);
  });
});

describe("deadlines", () => {
  const never = { tenants: { findBySlug: () => new Promise<never>(() => undefined) } };
  const query = '{ tenantBySlug(slug: "acme") { id } }';

  it("ends a request that takes too long with 503, and its signal", async () => {
    const { url } = await startedServer(never, { deadlineMs: 50 });
    const { status, errors } = await post(url, query);
    expect([status, errors?.[0]?.extensions]).toEqual([503, expect.objectContaining({ code: "DEADLINE_EXCEEDED" })]);
  });

  it("ends a query over WebSocket too", async () => {
    const { url } = await startedServer(never, { deadlineMs: 50 });
    expect((await send(url, query)).errors?.[0]?.extensions).toMatchObject({
      code: "DEADLINE_EXCEEDED",
      retryable: true,
    });
  });
});

describe("rates", () => {
  /** A server whose clock stands still until it is moved. */
  async function limited(pointsPerSecond: number) {
    const clock = { ms: 0, monotonicMs: () => clock.ms };
    const lifecycle = { suspend: async () => Promise.reject(new TypeError("never asked")) };
    const { url } = await startedServer({ lifecycle }, { rates: new RateLimits(pointsPerSecond, clock) });
    return { url, clock };
  }
  const small = "{ viewer { id } }";
  const statuses = async (count: number, ask: () => Promise<Outcome>) => {
    const seen: (number | undefined)[] = [];
    for (let n = 0; n < count; n += 1) seen.push((await ask()).status);
    return seen;
  };

  it("lets a key spend five seconds' worth at once, then says when to come back", async () => {
    const { url, clock } = await limited(2);
    expect(await statuses(10, () => post(url, small))).toEqual(Array(10).fill(200));
    const response = await new ApiClient(url, keys.VIEWER).post(JSON.stringify({ query: small }));
    expect([response.status, response.headers.get("retry-after")]).toEqual([429, "1"]);
    expect(await response.json()).toMatchObject({
      errors: [{ extensions: { code: "RATE_LIMITED", retryable: true } }],
    });
    clock.ms += 1_000;
    expect(await statuses(3, () => post(url, small))).toEqual([200, 200, 429]);
  });

  it("shares the points of a key between both transports, and not between keys", async () => {
    const { url } = await limited(2);
    const socket = await new RawSocket(url).open(keys.VIEWER);
    for (let n = 0; n < 10; n += 1) {
      await socket.subscribe(String(n), small);
      expect(await socket.next()).toMatchObject({ type: "next" });
      expect(await socket.next()).toMatchObject({ type: "complete" });
    }
    await socket.subscribe("more", small);
    expect(await socket.next()).toMatchObject({
      type: "error",
      payload: [{ extensions: { code: "RATE_LIMITED", retryable: true, retryAfter: 1 } }],
    });
    expect(await post(url, small)).toMatchObject({ status: 429 });
  });

  it("takes five points for what starts a job, and as many as its size for a large query", async () => {
    const starting = 'mutation { suspendTenant(input: { id: "x" }) { job { id } } }';
    const first = await limited(2);
    const asAdmin = () => post(first.url, starting, keys.ADMIN);
    expect(await statuses(3, asAdmin)).toEqual([200, 200, 429]);
    const second = await limited(2);
    const large = `{ jobs(first: 100) { nodes { ${many(30, (n) => `a${n}: id`)} } } }`;
    const refusal = await statuses(3, () => post(second.url, large));
    expect(refusal).toEqual([200, 429, 429]);
  });

  it("lets callers without a key try a tenth as often, and does not count them against those with one", async () => {
    const { url } = await limited(4);
    expect(await statuses(3, () => post(url, small, "unknown-0123456789"))).toEqual([401, 401, 429]);
    expect(await statuses(1, () => post(url, small))).toEqual([200]);
    const socket = new RawSocket(url);
    await socket.send({ type: "connection_init", payload: { authorization: "Bearer unknown-0123456789" } });
    expect(await socket.closed).toMatchObject({ code: 4429 });
  });

  it("limits nothing when the rate is 0", async () => {
    const { url } = await limited(0);
    expect(new Set(await statuses(30, () => post(url, small)))).toEqual(new Set([200]));
  });
});
