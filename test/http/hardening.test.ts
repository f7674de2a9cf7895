import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { RawSocket } from "./support/raw-socket.ts";
import { keys, startedServer } from "./support/started-server.ts";

const body = JSON.stringify({ query: "{ viewer { role } }" });
const headers = { authorization: `Bearer ${keys.VIEWER}`, "content-type": "application/json" };
const site = "https://admin.example.com";

async function codeOf(response: Response): Promise<unknown> {
  const { errors } = (await response.json()) as { errors: { extensions: { code: unknown } }[] };
  return errors[0]?.extensions.code;
}

/** Sends bytes as they are, and reads the answer until the server ends it. */
async function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (chunk) => {
    answer += chunk.toString();
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}

describe("bodies", () => {
  const post = async (given: { readonly body: Buffer | string; readonly headers?: Record<string, string> }) => {
    const { url } = await startedServer();
    const request = {
      method: "POST",
      body: new Uint8Array(Buffer.from(given.body)),
      headers: { ...headers, ...given.headers },
    };
    return fetch(`${url}/graphql`, request);
  };

  it("takes UTF-8 under any of its names, and with a byte order mark", async () => {
    for (const charset of ["utf-8", '"UTF-8"', "utf8"]) {
      const type = `application/json; charset=${charset}`;
      expect((await post({ body, headers: { "content-type": type } })).status, charset).toBe(200);
    }
    expect((await post({ body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]) })).status).toBe(
      200,
    );
  });

  it.each(["utf-16", "iso-8859-1"])("refuses the charset %s with 415", async (charset) => {
    const response = await post({ body, headers: { "content-type": `application/json; charset=${charset}` } });
    expect([response.status, await codeOf(response)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
  });

  it("refuses bytes that are not UTF-8 with 400", async () => {
    const mangled = Buffer.concat([
      Buffer.from('{"query":"{ viewer(x: '),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(') }"}'),
    ]);
    const response = await post({ body: mangled });
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("does not unpack what is compressed", async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 0x20));
    expect(bomb.length).toBeLessThan(256 * 1024);
    const response = await post({ body: bomb, headers: { "content-encoding": "gzip" } });
    expect([response.status, await codeOf(response)]).toEqual([415, "UNSUPPORTED_MEDIA_TYPE"]);
    expect((await post({ body: gzipSync(body) })).status).toBe(400);
  });

  it("reads JSON nested as deeply as the body can hold", async () => {
    const deep = `{"query":"{ viewer { role } }","variables":{"x":${"[".repeat(120_000)}${"]".repeat(120_000)}}}`;
    expect((await post({ body: deep })).status).toBeLessThan(500);
  });

  it("answers no batch", async () => {
    const response = await post({ body: `[${body},${body}]` });
    expect([response.status, await codeOf(response)]).toEqual([400, "BAD_REQUEST"]);
  });

  it("registers no persisted query", async () => {
    const extensions = { persistedQuery: { version: 1, sha256Hash: "0".repeat(64) } };
    const response = await post({ body: JSON.stringify({ extensions }) });
    expect(await codeOf(response)).toBe("PERSISTED_QUERY_NOT_SUPPORTED");
  });
});

describe("connections", () => {
  it("answers headers that are too large with 431, and nonsense with 400, as JSON", async () => {
    const { url } = await startedServer();
    const large = await raw(url, `GET /livez HTTP/1.1\r\nHost: x\r\nX: ${"x".repeat(20_000)}\r\n\r\n`);
    expect(large).toMatch(/^HTTP\/1\.1 431 [\s\S]*application\/json[\s\S]*BAD_REQUEST/);
    expect(await raw(url, "nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 [\s\S]*application\/json[\s\S]*BAD_REQUEST/);
  });

  it("waits ten seconds for headers that do not come, and says 408", { timeout: 20_000 }, async () => {
    const { url } = await startedServer();
    const answer = await raw(url, "GET /livez HTTP/1.1\r\nHost: x\r\n");
    expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*application\/json[\s\S]*REQUEST_TIMEOUT/);
  });
});

describe("pages of other sites", () => {
  it("are told nothing unless they are allowed", async () => {
    const { url } = await startedServer();
    const asked = await fetch(`${url}/graphql`, { method: "OPTIONS", headers: { origin: site } });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    const sent = await fetch(`${url}/graphql`, { method: "POST", body, headers: { ...headers, origin: site } });
    expect(sent.headers.get("access-control-allow-origin")).toBeNull();
  });

  it("may send a key when they are allowed, and no other site may", async () => {
    const { url } = await startedServer({}, { allowedOrigins: [site] });
    const asked = await fetch(`${url}/graphql`, { method: "OPTIONS", headers: { origin: site } });
    expect(asked.status).toBe(204);
    expect(Object.fromEntries(asked.headers)).toMatchObject({
      "access-control-allow-origin": site,
      "access-control-allow-headers": "authorization, content-type",
      vary: "Origin",
    });
    const sent = await fetch(`${url}/graphql`, { method: "POST", body, headers: { ...headers, origin: site } });
    expect(sent.headers.get("access-control-allow-origin")).toBe(site);
    const other = await fetch(`${url}/graphql`, { method: "OPTIONS", headers: { origin: `${site}.evil.org` } });
    expect(other.status).toBe(403);
  });

  it("open no socket unless they are allowed; our own pages and programs do", async () => {
    const { url } = await startedServer({}, { allowedOrigins: [site] });
    const open = (origin?: string) => new RawSocket(url, undefined, undefined, origin === undefined ? {} : { origin });
    for (const origin of [site, url, undefined]) await open(origin).open();
    for (const origin of ["https://evil.org", "null", `${url}.evil.org`]) {
      expect(await open(origin).closed, origin).toMatchObject({ code: 1006 });
    }
  });
});

it("says on every answer that it is what it says, is kept by nobody and is shown in no frame", async () => {
  const { url } = await startedServer();
  const answers = [
    await fetch(`${url}/graphql`, { method: "POST", body, headers }),
    await fetch(`${url}/graphql`, { method: "POST", body }),
    await fetch(`${url}/nothing`),
    await fetch(`${url}/livez`),
  ];
  for (const answer of answers) {
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
  }
});
