import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, it, onTestFinished } from "vitest";
import { DomainError } from "../../src/kit/domain-error.ts";
import { ApiClient } from "../support/client.ts";
import { Latch } from "./support/latch.ts";
import { keys, recordingLogger, startedServer } from "./support/started-server.ts";

class RegistryAway extends DomainError {
  readonly code = "SERVICE_UNAVAILABLE";
  override readonly retryable = true;
}

async function errorOf(response: Response): Promise<{ code: unknown; message: string; requestId: unknown }> {
  expect(response.headers.get("content-type")).toMatch(/json/);
  const { errors } = (await response.json()) as {
    errors: { message: string; extensions: { code: unknown; requestId: unknown } }[];
  };
  const [error] = errors;
  return { code: error?.extensions.code, message: error?.message ?? "", requestId: error?.extensions.requestId };
}

it("answers a query of a caller with a key", async () => {
  const { client } = await startedServer();
  expect(await client("VIEWER").data("{ viewer { name role } }")).toEqual({
    viewer: { name: "viewer", role: "VIEWER" },
  });
});

it.each([
  ["/graphql", "GET, POST, OPTIONS", ["PUT", "PATCH", "DELETE", "HEAD"]],
  ["/graphql?query={viewer{id}}", "GET, POST, OPTIONS", ["PUT"]],
  ["/livez", "GET, HEAD", ["POST", "PUT", "DELETE", "OPTIONS"]],
  ["/readyz", "GET, HEAD", ["POST", "PATCH"]],
  ["/metrics", "GET, HEAD", ["POST", "DELETE"]],
  ["/", "GET, HEAD", ["POST", "PUT"]],
  ["/assets/page.js", "GET, HEAD", ["POST"]],
  ["/graphql/assets/page.js", "GET, HEAD", ["POST"]],
  ["/tenants", "GET, HEAD", ["POST"]],
  ["/tenants/acme/", "GET, HEAD", ["POST", "DELETE"]],
  ["/tenants/*x", "GET, HEAD", ["POST"]],
])("says what %s may be asked with to whoever asks otherwise, whatever is sent along", async (path, allow, methods) => {
  const { url } = await startedServer({}, { metricsText: async () => ({ contentType: "text/plain", body: "" }) });
  for (const method of methods) {
    const body = method === "HEAD" ? {} : { body: "<nonsense/>", headers: { "content-type": "text/xml" } };
    const response = await fetch(`${url}${path}`, { method, ...body });
    expect([method, response.status, response.headers.get("allow")]).toEqual([method, 405, allow]);
    if (method === "HEAD") continue;
    const { code, requestId } = await errorOf(response);
    expect([code, requestId]).toEqual(["METHOD_NOT_ALLOWED", response.headers.get("x-request-id")]);
  }
});

it("finds nothing where there is nothing, whatever it is asked with", async () => {
  const { url } = await startedServer();
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    const response = await fetch(`${url}/nothing`, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([404, null]);
    expect(await errorOf(response)).toMatchObject({ code: "NOT_FOUND" });
  }
});

it("takes a path for a path, also where it looks like a pattern of them", async () => {
  const logger = recordingLogger();
  const { url } = await startedServer({}, { logger });
  for (const path of ["/:a(", "/:a(*)", "/a*b", "/:a(^x)/:b(", "/assets/a/b", "/toString"])
    for (const method of ["GET", "POST"]) {
      const response = await fetch(`${url}${path}`, { method });
      expect([path, response.status, response.headers.get("allow")]).toEqual([path, 404, null]);
      expect(await errorOf(response)).toMatchObject({ code: "NOT_FOUND" });
    }
  expect(logger.errors).toEqual([]);
});

it("refuses a path that cannot be read as it refuses anything else", async () => {
  const { url } = await startedServer();
  for (const path of ["/%zz", "/tenants/%e0%a4%a"]) {
    const response = await fetch(`${url}${path}`);
    expect([path, response.status, response.headers.get("x-content-type-options")]).toEqual([path, 400, "nosniff"]);
    const { code, requestId } = await errorOf(response);
    expect([code, requestId]).toEqual(["BAD_REQUEST", response.headers.get("x-request-id")]);
  }
});

it("answers probes that ask for the head alone", async () => {
  const { url } = await startedServer();
  for (const path of ["/livez", "/readyz"]) expect((await fetch(`${url}${path}`, { method: "HEAD" })).status).toBe(200);
});

it("answers a query over GET, but no mutation", async () => {
  const { url } = await startedServer();
  const headers = { authorization: `Bearer ${keys.ADMIN}` };
  const asked = await fetch(`${url}/graphql?query={viewer{name}}`, { headers });
  expect(await asked.json()).toEqual({ data: { viewer: { name: "admin" } } });
  const refused = await fetch(`${url}/graphql?query=mutation{cancelJob(input:{id:"x"}){job{id}}}`, { headers });
  expect(refused.status).toBe(405);
  expect(await errorOf(refused)).toMatchObject({ code: "BAD_REQUEST" });
});

it.each([
  ["a batch", "[]"],
  ["a body without anything", "{}"],
  ["a syntax error", JSON.stringify({ query: "{ nope" })],
  ["a field that is not there", JSON.stringify({ query: "{ nope }" })],
  ["a variable that does not fit", JSON.stringify({ query: "query($id: ID!) { tenant(id: $id) { id } }" })],
  ["an operation that is not there", JSON.stringify({ query: "query A { viewer { id } }", operationName: "B" })],
  ["a subscription", JSON.stringify({ query: "subscription { metrics { at } }" })],
])("names the request in the answer to %s", async (_what, body) => {
  const { client } = await startedServer();
  const response = await client().post(body);
  expect(response.status).toBe(400);
  expect((await errorOf(response)).requestId).toBe(response.headers.get("x-request-id"));
});

it.each([
  ["no key", undefined],
  ["an unknown key", "unknown-0123456789"],
])("refuses %s with 401 before it reads the body", async (_what, key) => {
  const { url } = await startedServer();
  const response = await new ApiClient(url, key).post("{ not json");
  expect(response.status).toBe(401);
  expect(response.headers.get("www-authenticate")).toBe("Bearer");
  expect(await errorOf(response)).toMatchObject({ code: "UNAUTHENTICATED" });
});

it("refuses another scheme than Bearer", async () => {
  const { client } = await startedServer();
  const response = await client().post("{}", { authorization: `Basic ${keys.ADMIN}` });
  expect(response.status).toBe(401);
});

it("says 503 and that it may be tried again when it cannot find out whose key it is", async () => {
  const { client } = await startedServer(
    {},
    {
      authenticate: async () => {
        throw new RegistryAway("The registry does not answer.");
      },
    },
  );
  const response = await client().post(JSON.stringify({ query: "{ viewer { name } }" }));
  expect(response.status).toBe(503);
  expect(await errorOf(response)).toMatchObject({
    code: "SERVICE_UNAVAILABLE",
    message: "The registry does not answer.",
  });
});

it.each([
  ["a body that is no JSON", '{"query": ', 400, "BAD_REQUEST"],
  ["an empty body", "", 400, "BAD_REQUEST"],
  ["a body that is no object", "[]", 400, "BAD_REQUEST"],
  ["a body without a query", "{}", 400, "BAD_REQUEST"],
  ["a query that is no text", '{"query": 1}', 400, "BAD_REQUEST"],
  ["variables that are no object", '{"query": "{ viewer { id } }", "variables": "x"}', 400, "BAD_REQUEST"],
  ["a body that would change prototypes", '{"__proto__": {"query": "x"}}', 400, "BAD_REQUEST"],
  ["a syntax error", '{"query": "{ viewer { "}', 400, "GRAPHQL_PARSE_FAILED"],
  ["an unknown field", '{"query": "{ nothing }"}', 400, "GRAPHQL_VALIDATION_FAILED"],
  [
    "an unknown operation",
    '{"query": "query A { viewer { id } }", "operationName": "B"}',
    400,
    "OPERATION_RESOLUTION_FAILURE",
  ],
  ["a wrong variable", '{"query": "query($id: ID!) { job(id: $id) { id } }"}', 400, "BAD_USER_INPUT"],
  ["a subscription", '{"query": "subscription { tenantChanged { id } }"}', 400, "BAD_REQUEST"],
  ["a large body", JSON.stringify({ query: "#".repeat(300_000) }), 413, "PAYLOAD_TOO_LARGE"],
  [
    "a document that is nested too deeply",
    JSON.stringify({ query: "{ a ".repeat(6_000) }),
    400,
    "GRAPHQL_PARSE_FAILED",
  ],
  ["too many tokens", JSON.stringify({ query: `{ ${"a ".repeat(30_000)} }` }), 400, "GRAPHQL_PARSE_FAILED"],
])("refuses %s as JSON with a code", async (_what, body, status, code) => {
  const { client } = await startedServer();
  const response = await client().post(body);
  expect(response.status).toBe(status);
  expect(await errorOf(response)).toMatchObject({ code });
});

it.each([
  "text/plain",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "",
])("refuses the content type %j with 415", async (contentType) => {
  const { client } = await startedServer();
  const response = await client().post('{"query": "{ viewer { id } }"}', { "content-type": contentType });
  expect(response.status).toBe(415);
  expect(await errorOf(response)).toMatchObject({ code: "UNSUPPORTED_MEDIA_TYPE" });
});

it("shows nothing of a bug but the id under which it was logged, once", async () => {
  const logger = recordingLogger();
  const bug = new TypeError("SELECT secret FROM tenants at 10.0.0.1");
  const { client } = await startedServer({ tenants: { findBySlug: () => Promise.reject(bug) } }, { logger });
  const response = await client().post(JSON.stringify({ query: '{ tenantBySlug(slug: "acme") { id } }' }));
  const text = await response.text();
  const requestId = response.headers.get("x-request-id");
  expect(text).not.toMatch(/SELECT|10\.0\.0\.1|stack/);
  expect(JSON.parse(text).errors).toEqual([
    expect.objectContaining({
      message: "Internal error",
      path: ["tenantBySlug"],
      extensions: { code: "INTERNAL_SERVER_ERROR", requestId },
    }),
  ]);
  expect(logger.errors).toEqual([{ event: "request failed", data: expect.objectContaining({ err: bug, requestId }) }]);
});

it("tells of trouble that may pass with its code", async () => {
  const { client } = await startedServer({
    tenants: { findBySlug: () => Promise.reject(new RegistryAway("The registry does not answer.")) },
  });
  const { errors } = await client().send('{ tenantBySlug(slug: "acme") { id } }');
  expect(errors?.[0]).toMatchObject({
    message: "The registry does not answer.",
    extensions: { code: "SERVICE_UNAVAILABLE", retryable: true },
  });
});

it("gives each request an id of its own and takes none from outside", async () => {
  const { client } = await startedServer();
  const body = JSON.stringify({ query: "{ viewer { id } }" });
  const first = await client().post(body, { "x-request-id": "mine" });
  const second = await client().post(body, { "x-request-id": "mine" });
  const ids = [first.headers.get("x-request-id"), second.headers.get("x-request-id")];
  expect(new Set([...ids, "mine"]).size).toBe(3);
  expect(ids[0]).toMatch(/^[0-9a-f-]{36}$/);
});

it("does not tell what it is made of", async () => {
  const { url } = await startedServer();
  const { headers } = await fetch(`${url}/livez`);
  expect([headers.get("x-powered-by"), headers.get("server")]).toEqual([null, null]);
});

it("is alive without a key, and ready while the registry answers", async () => {
  const answers = [true, false];
  const { url } = await startedServer(
    {},
    { readiness: async () => answers.shift() ?? Promise.reject(new RegistryAway("away")) },
  );
  expect((await fetch(`${url}/livez`)).status).toBe(200);
  const statuses = [await fetch(`${url}/readyz`), await fetch(`${url}/readyz`), await fetch(`${url}/readyz`)];
  expect(statuses.map(({ status }) => status)).toEqual([200, 503, 503]);
});

async function builtPages() {
  const folder = await mkdtemp(join(tmpdir(), "pages-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const name of ["playground", "dashboard"]) {
    await mkdir(join(folder, name, "assets"), { recursive: true });
    await writeFile(join(folder, name, "index.html"), `<h1>${name}</h1>`);
    await writeFile(join(folder, name, "assets", "index-1.js"), name);
    await writeFile(join(folder, name, "assets", "large-1.js"), "as it is");
    await writeFile(join(folder, name, "assets", "large-1.js.gz"), gzipSync("compressed"));
    await writeFile(join(folder, name, "secret.js"), "2");
  }
  return { pagesDir: folder };
}

const browser = { headers: { accept: "text/html,*/*" } };

it("gives a browser its pages without a key", async () => {
  const { url } = await startedServer({}, await builtPages());
  const paths = ["/graphql", "/", "/tenants", "/tenants/acme?x=1", "/test-runs/run_1", "/findings", "/audit", "/keys"];
  const shown = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`, browser)).text()));
  expect(shown).toEqual(["<h1>playground</h1>", ...paths.slice(1).map(() => "<h1>dashboard</h1>")]);
});

it("lets a page load nothing but its own files, and talk to nobody but the service", async () => {
  const { url } = await startedServer({}, await builtPages());
  const host = new URL(url).host;
  for (const path of ["/graphql", "/"]) {
    const policy = (await fetch(`${url}${path}`, browser)).headers.get("content-security-policy");
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain(`connect-src 'self' ws://${host} wss://${host};`);
    expect(policy).not.toContain("eval");
  }
});

it("keeps pages away from who asks for none: what is no page is not found", async () => {
  const { url } = await startedServer({}, await builtPages());
  const root = await fetch(url, { headers: { accept: "application/json" } });
  expect(await root.json()).toMatchObject({ service: "tenantry", graphql: "/graphql" });
  expect((await fetch(`${url}/tenants`)).status).toBe(404);
  for (const path of ["/elsewhere", "/tenantsx", "/livez/x", "/graphql/x", "/assets/none-1.js", "/metrics/x"]) {
    expect((await fetch(`${url}${path}`, browser)).status, path).toBe(404);
  }
  expect((await fetch(`${url}/livez`, browser)).headers.get("content-type")).toContain("application/json");
});

it.each([
  ["/graphql", "playground"],
  ["", "dashboard"],
])("hands out the files below %s/assets, to be kept for ever, and no others", async (path, content) => {
  const { url } = await startedServer({}, await builtPages());
  const asset = await fetch(`${url}${path}/assets/index-1.js`);
  expect([asset.headers.get("content-type"), await asset.text()]).toEqual(["text/javascript; charset=utf-8", content]);
  expect(asset.headers.get("cache-control")).toContain("immutable");
  const texts = ["gzip, br", "br", "gzip;q=0.5", "br, gzip;q=0, *"].map(async (accepted) => {
    const answer = await fetch(`${url}${path}/assets/large-1.js`, { headers: { "accept-encoding": accepted } });
    return [answer.headers.get("content-encoding"), await answer.text()];
  });
  expect(await Promise.all(texts)).toEqual([
    ["gzip", "compressed"],
    [null, "as it is"],
    ["gzip", "compressed"],
    [null, "as it is"],
  ]);
  for (const name of ["..%2Fsecret.js", "%2e%2e%2fsecret.js", "index-2.js", ".js", "large-1.js.gz"]) {
    expect((await fetch(`${url}${path}/assets/${name}`)).status, name).toBe(404);
  }
});

it("finishes requests under way when it stops, says that it is not ready, and frees the port", async () => {
  const [arrived, answered] = [new Latch(), new Latch()];
  const { client, server, url } = await startedServer({
    tenants: {
      findBySlug: async () => {
        arrived.open();
        await answered.opened;
        return undefined;
      },
    },
  });
  const answer = client().send('{ tenantBySlug(slug: "acme") { id } }');
  await arrived.opened;
  const stopped = server.stop();
  answered.open();
  expect(await answer).toEqual({ data: { tenantBySlug: null } });
  await stopped;
  await expect(fetch(`${url}/livez`)).rejects.toThrow();
});

it("cuts requests that do not finish in time when it stops", async () => {
  const arrived = new Latch();
  const { client, server } = await startedServer(
    {
      tenants: {
        findBySlug: () => {
          arrived.open();
          return new Promise(() => undefined);
        },
      },
    },
    { graceMs: 50 },
  );
  const answer = client().send('{ tenantBySlug(slug: "acme") { id } }');
  const failed = expect(answer).rejects.toThrow();
  await arrived.opened;
  await server.stop();
  await failed;
});
