import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readManifests } from "../../src/http/documents/document-manifest.ts";
import { TrustedDocuments } from "../../src/http/documents/trusted-documents.ts";
import { StartRefused } from "../../src/kit/start-refused.ts";
import type { ApiClient } from "../support/client.ts";
import { startedServer } from "./support/started-server.ts";

const known = "query WhoAmI { viewer { role id } }";
const deep = `query Deep { ${"jobs { nodes { tenant { ".repeat(5)} id ${"} } } ".repeat(5)} }`;
const live = "subscription Follow($id: ID!) { jobProgress(id: $id) { message } }";
const jobId = "job_01920000-0000-7000-8000-00000000000a";

const hashOf = (text: string) => createHash("sha256").update(text).digest("hex");
const idOf = (text: string) => `sha256:${hashOf(text)}`;
const documents = (only: boolean) =>
  new TrustedDocuments(new Map([known, deep, live].map((text) => [hashOf(text), text])), only);

interface Answered {
  readonly status?: number;
  readonly data?: unknown;
  readonly code?: unknown;
}

/** Sends the parts of a request over one of the transports. */
type Send = (client: ApiClient, request: object) => Promise<Answered>;

function answered(body: { data?: unknown; errors?: readonly { extensions?: { code?: unknown } }[] }): Answered {
  return { data: body.data ?? undefined, code: body.errors?.[0]?.extensions?.code };
}

const overPost: Send = async (client, request) => {
  const response = await client.post(JSON.stringify(request));
  return { status: response.status, ...answered(await response.json()) };
};

const overGet: Send = async (client, request) => {
  const texts = Object.entries(request).map(([name, value]) => [
    name,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  const response = await client.get(new URLSearchParams(texts));
  return { status: response.status, ...answered(await response.json()) };
};

const overSocket: Send = async (client, request) => {
  try {
    const { value } = await client.streamRequest({ query: "", ...request }).next();
    return answered(value ?? {});
  } catch (refusal) {
    return answered({ errors: refusal as { extensions?: { code?: unknown } }[] });
  }
};

const transports = [
  ["POST", overPost],
  ["GET", overGet],
  ["WebSocket", overSocket],
] as const;
const viewer = { data: { viewer: { role: "ADMIN", id: "key_01920000-0000-7000-8000-000000000001" } } };

describe.each(transports)("trusted documents over %s", (_name, send) => {
  it("are run by either form of their hash, beside free ones", async () => {
    const client = (await startedServer({}, { documents: documents(false) })).client();
    for (const request of [
      { documentId: idOf(known) },
      { extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(known) } } },
      { extensions: { persistedQuery: { version: 1, sha256Hash: idOf(known) }, other: 1 } },
      { query: known, documentId: idOf(known) },
      { query: "{ viewer { role id } }" },
    ]) {
      expect(await send(client, request)).toMatchObject(viewer);
    }
  });

  it("are the only ones that are run where that is asked for", async () => {
    const client = (await startedServer({}, { documents: documents(true) })).client();
    expect(await send(client, { documentId: idOf(known) })).toMatchObject(viewer);
    for (const query of ["{ viewer { id } }", "{ viewer { role id } }", "{", "{".repeat(3_000), `${known} { tenants`]) {
      const { code, data, status = 400 } = await send(client, { query });
      expect([status, data, code], query.slice(0, 40)).toEqual([400, undefined, "DOCUMENT_NOT_TRUSTED"]);
    }
  });

  it("are known by their text, too, in any order and with names of types in it", async () => {
    const client = (await startedServer({}, { documents: documents(true) })).client();
    const query = "query WhoAmI {\n  __typename viewer { id, role __typename } # a comment\n}";
    for (const _ of [1, 2]) expect((await send(client, { query })).data).toMatchObject(viewer.data);
  });

  it("cannot be registered, mistaken or made up", async () => {
    const client = (await startedServer({}, { documents: documents(true) })).client();
    const free = "{ viewer { id } }";
    const codes = [
      { query: free, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(free) } } },
      { documentId: idOf(free) },
      { query: free, documentId: idOf(known) },
      { documentId: "sha256:0" },
      { documentId: "toString" },
      { extensions: { persistedQuery: { version: 1 } } },
    ].map(async (request) => (await send(client, request)).code);
    expect(await Promise.all(codes)).toEqual([
      "DOCUMENT_NOT_TRUSTED",
      "PERSISTED_QUERY_NOT_FOUND",
      "BAD_REQUEST",
      "BAD_REQUEST",
      "BAD_REQUEST",
      "BAD_REQUEST",
    ]);
  });

  it("keep to the limits of all documents", async () => {
    const client = (await startedServer({}, { documents: documents(true) })).client();
    expect(await send(client, { documentId: idOf(deep) })).toMatchObject({ code: "GRAPHQL_VALIDATION_FAILED" });
  });

  it("are not there where no manifest is", async () => {
    const client = (await startedServer()).client();
    for (const request of [
      { documentId: idOf(known) },
      { query: known, extensions: { persistedQuery: { version: 1, sha256Hash: hashOf(known) } } },
    ]) {
      expect((await send(client, request)).code).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
    }
  });
});

it("refuses a batch where only trusted documents are run", async () => {
  const client = (await startedServer({}, { documents: documents(true) })).client();
  const response = await client.post(JSON.stringify([{ documentId: idOf(known) }, { query: "{ viewer { id } }" }]));
  expect([response.status, await response.text()]).toEqual([400, expect.not.stringContaining('"data":{')]);
});

it("refuses a second document that hides behind the first in a URL", async () => {
  const client = (await startedServer({}, { documents: documents(true) })).client();
  for (const second of [`query=${encodeURIComponent("{ viewer { id } }")}`, `documentId=${idOf(deep)}`]) {
    const params = new URLSearchParams(`query=${encodeURIComponent(known)}&${second}`);
    const response = await client.get(params);
    expect(response.status).toBe(400);
  }
});

it("follows different trusted subscriptions apart, though all are sent without a text", async () => {
  const other = "subscription Other($id: ID!) { jobProgress(id: $id) { sequence } }";
  const texts = new Map([live, other].map((text) => [hashOf(text), text]));
  const { client } = await startedServer(
    {
      jobEvents: {
        follow: async function* () {
          const progress = { phase: "provision", total: 1, done: 1, failed: 0, skipped: 0, percent: 100 };
          yield {
            jobId: jobId.slice(4) as never,
            sequence: 1,
            at: new Date(),
            status: "SUCCEEDED",
            progress,
            message: "m",
          };
        },
      },
    },
    { documents: new TrustedDocuments(texts, true) },
  );
  const follower = client("VIEWER");
  const follow = async (text: string) => {
    const results = follower.streamRequest({ query: "", variables: { id: jobId }, documentId: idOf(text) });
    const { value } = await results.next();
    await results.return?.();
    return value?.data;
  };
  expect(await Promise.all([follow(live), follow(other)])).toEqual([
    { jobProgress: { message: "m" } },
    { jobProgress: { sequence: 1 } },
  ]);
});

it("keeps the order of a mutation's fields", async () => {
  const mutation =
    "mutation M { a: revokeApiKey(id: 1) { userErrors { code } } b: retryJob(id: 2) { userErrors { code } } }";
  const turned =
    "mutation M { b: retryJob(id: 2) { userErrors { code } } a: revokeApiKey(id: 1) { userErrors { code } } }";
  const trusted = new TrustedDocuments(new Map([[hashOf(mutation), mutation]]), true);
  expect(trusted.textOf({ query: mutation })).toBe(mutation);
  expect(() => trusted.textOf({ query: turned })).toThrow("given to trust");
});

it("keeps the order of a mutation's fields in its fragments, too, and of no others", async () => {
  const spread = (fields: string) => `mutation M { ...F } fragment F on Mutation { ${fields} }`;
  const [mutation, turned] = [
    spread("a: cancelJob(id: 1) { x } b: retryJob(id: 2) { x }"),
    spread("b: retryJob(id: 2) { x } a: cancelJob(id: 1) { x }"),
  ];
  const [query, sorted] = [
    "{ viewer { ... on Viewer { name id } role } }",
    "{ viewer { role ... on Viewer { id name } } }",
  ];
  const trusted = new TrustedDocuments(new Map([mutation, query].map((text) => [hashOf(text), text])), true);
  expect([trusted.textOf({ query: mutation }), trusted.textOf({ query: sorted })]).toEqual([mutation, sorted]);
  expect(() => trusted.textOf({ query: turned })).toThrow("given to trust");
});

it("tells values apart, whatever stands around them and however deep", async () => {
  const deep = (value: string) => `{ ${"a { b c(y: 2, x: 1) { ".repeat(60)} d(x: ${value}) ${"} }".repeat(60)} }`;
  const trusted = new TrustedDocuments(new Map([[hashOf(deep("1")), deep("1")]]), true);
  expect(trusted.textOf({ query: deep("1").replaceAll("y: 2, x: 1", "x: 1, y: 2") })).toBeDefined();
  for (const value of ["2", '"1"', "[1]", "$x", "one", "{ y: 1 }", "[1, 1]"])
    expect(() => trusted.textOf({ query: deep(value) }), value).toThrow("given to trust");
});

describe("a manifest", () => {
  async function manifest(text: string): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "manifest-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const path = join(folder, "documents.json");
    await writeFile(path, text);
    return path;
  }

  it("is read in both ways of writing a hash, and several add up", async () => {
    const one = await manifest(JSON.stringify({ [idOf(known)]: known }));
    const other = await manifest(JSON.stringify({ [hashOf(live).toUpperCase()]: live }));
    expect([...(await readManifests([one, other])).values()]).toEqual([known, live]);
  });

  it.each([
    ["[]", "no manifest"],
    ['{"a": 1}', "no manifest"],
    ["{", "could not be read"],
    [JSON.stringify({ [idOf(known)]: live }), "not its SHA-256 hash"],
  ])("is refused when it is %s", async (text, message) => {
    const refusal = await readManifests([await manifest(text)]).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartRefused);
    expect(String(refusal)).toContain(message);
  });

  it("is refused when it is not there", async () => {
    await expect(readManifests(["/nowhere/documents.json"])).rejects.toThrow("/nowhere/documents.json");
  });
});
