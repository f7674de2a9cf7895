import { readFileSync } from "node:fs";
import type { ApolloClient } from "@apollo/client";
import type { Client } from "@urql/core";
import { afterAll, beforeAll, describe, expect, inject, it, vi } from "vitest";
import { WebSocket } from "ws";
import { apolloClient } from "../../examples/frontend/apollo.ts";
import { ListTenants, LookUp, ShowTenant, StartPerformanceTest } from "../../examples/frontend/documents.ts";
import { schemaFacts } from "../../examples/frontend/schema-facts.ts";
import { urqlClient } from "../../examples/frontend/urql.ts";
import * as withApollo from "../../examples/frontend/use-apollo.ts";
import * as withUrql from "../../examples/frontend/use-urql.ts";
import { Stage } from "../e2e/support/stage.ts";
import { connectionTest, enterTestTenants, followJob } from "../e2e/support/steps.ts";
import { buildService } from "../support/service.ts";

const facts = schemaFacts(readFileSync("schema.graphql", "utf8"));
/** Every socket that the clients of a test have opened. */
let sockets: WebSocket[] = [];
let stage: Stage;
let urql: ReturnType<typeof urqlClient>;
let apollo: ReturnType<typeof apolloClient>;

interface Event {
  readonly sequence: number;
  readonly status: string;
}

beforeAll(async () => {
  await buildService();
  stage = await Stage.started(inject("serverUrl"));
  await followJob(stage.api, await enterTestTenants(stage.api, 3));
  // Browsers have it; Node 20 has not.
  vi.stubGlobal(
    "WebSocket",
    class extends WebSocket {
      constructor(...given: ConstructorParameters<typeof WebSocket>) {
        super(...given);
        sockets.push(this);
      }
    },
  );
  urql = urqlClient(stage.api.url, stage.adminKey, facts);
  apollo = apolloClient(stage.api.url, stage.adminKey, facts);
}, 60_000);

afterAll(async () => {
  vi.unstubAllGlobals();
  await urql?.close();
  await apollo?.close();
  await stage?.close();
});

/** A client's ways, under one name. */
interface Recipe {
  query(document: Parameters<Client["query"]>[0], variables: object, fromCache?: boolean): Promise<unknown>;
  create(input: { slug: string; name: string }): Promise<{ tenant: { id: string } | null; refused: object }>;
  /** Resolves at the end with every event; cuts the socket after the first one. */
  follow(id: string): Promise<readonly Event[]>;
}

const recipes: Readonly<Record<"urql" | "Apollo Client", () => Recipe>> = {
  urql: () => ({
    query: async (document, variables, fromCache = false) => {
      const requestPolicy = fromCache ? "cache-only" : "cache-first";
      return (await urql.client.query(document, variables, { requestPolicy }).toPromise()).data;
    },
    create: (input) => withUrql.createTenant(urql.client, input),
    follow: (id) =>
      new Promise((resolve) => {
        const events: Event[] = [];
        withUrql.followRun(urql.client, id, (event, isFinal) => {
          if (events.push(event) === 1) cut();
          // A second final event would come in the same breath.
          if (isFinal) setImmediate(() => resolve(events));
        });
      }),
  }),
  "Apollo Client": () => ({
    query: async (query, variables, fromCache = false) => {
      const document = query as Parameters<ApolloClient["query"]>[0]["query"];
      if (fromCache) return apollo.client.cache.readQuery({ query: document, variables });
      return (await apollo.client.query({ query: document, variables })).data;
    },
    create: (input) => withApollo.createTenant(apollo.client, input),
    follow: (id) =>
      new Promise((resolve) => {
        const events: Event[] = [];
        const show = (event: Event) => {
          if (events.push(event) === 1) cut();
        };
        withApollo.followRun(apollo.client, id, show, () => resolve(events));
      }),
  }),
};

function cut(): void {
  for (const socket of sockets) socket.terminate();
}

describe.each(Object.entries(recipes))("with %s", (name, made) => {
  const recipe = made();

  it("a tenant of a list is known by its id, without asking again", async () => {
    const list = (await recipe.query(ListTenants, { first: 10 })) as {
      tenants: { nodes: { id: string; slug: string }[] };
    };
    const [tenant] = list.tenants.nodes;
    const shown = await recipe.query(ShowTenant, { id: tenant?.id }, true);
    expect(shown).toMatchObject({ tenant: { id: tenant?.id, slug: tenant?.slug } });
  });

  it("fragments on interfaces find their types", async () => {
    const run = await connectionTest(stage.api);
    const seen = await recipe.query(LookUp, { id: run.id });
    expect(seen).toMatchObject({
      node: { id: run.id, kind: "CONNECTION", results: { nodes: { length: expect.any(Number) } } },
    });
    const again = (await recipe.query(LookUp, { id: run.id }, true)) as typeof seen;
    expect(again).toEqual(seen);
    expect(JSON.stringify(again)).toContain('"connectMs":');
  });

  it("a refused mutation tells what is wrong with which field, and a good one changes the lists", async () => {
    const slug = name === "urql" ? "by-urql" : "by-apollo";
    expect(await recipe.create({ slug: "No Slug", name: "x" })).toEqual({
      tenant: null,
      refused: { "input.slug": expect.stringContaining("slug") },
    });
    const { tenant, refused } = await recipe.create({ slug, name: slug });
    expect(refused).toEqual({});
    const list = (await recipe.query(ListTenants, { first: 10 })) as { tenants: { nodes: { id: string }[] } };
    expect(list.tenants.nodes.map(({ id }) => id)).toContain(tenant?.id);
  });

  it("a run is followed over a lost connection to its one final event, each event once", async () => {
    sockets = [];
    const input = { durationSeconds: 4, maxUsers: 2, operationsPerUser: 10, skipDeepTests: true };
    const { startPerformanceTest } = await stage.api.data<{ startPerformanceTest: { testRun: { id: string } } }>(
      StartPerformanceTest,
      { input },
    );
    const events = await recipe.follow(startPerformanceTest.testRun.id);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.filter(({ status }) => status === "SUCCEEDED")).toEqual([events.at(-1)]);
    expect(sockets.length).toBeGreaterThan(1);
  });
});

it("the facts name both abstract types, and only types without an id", () => {
  expect(Object.keys(facts.possibleTypes).toSorted()).toEqual(["Node", "TestResult"]);
  expect(facts.possibleTypes.Node).toContain("Tenant");
  expect(facts.keyless).toContain("LatencyStats");
  expect(facts.keyless).not.toContain("TestRun");
});

it("docs/frontend.md shows these files as they are", () => {
  const page = readFileSync("docs/frontend.md", "utf8");
  const shown = [...page.matchAll(/<!-- (examples\/frontend\/[\w-]+\.ts) -->\n```ts\n([\s\S]*?)```/g)];
  expect(shown.map(([, path]) => path)).toHaveLength(6);
  for (const [, path = "", text] of shown) expect(text, path).toBe(readFileSync(path, "utf8"));
});
