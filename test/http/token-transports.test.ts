import { expect, it } from "vitest";
import { RateLimits } from "../../src/http/limits/rate-limiter.ts";
import { looksLikeToken } from "../../src/http/tokens/token-callers.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { Issuer } from "./support/issuer.ts";
import { RawSocket } from "./support/raw-socket.ts";
import { actorWith, keys, startedServer } from "./support/started-server.ts";

const viewer = "{ viewer { id name role } }";

/** A server that takes tokens of an issuer beside keys. */
async function served(pointsPerSecond = 0) {
  const clock = new ManualClock();
  const issuer = await Issuer.start();
  const callers = issuer.callers(clock);
  const told: unknown[] = [];
  const { url } = await startedServer(
    { audit: { denied: async (...attempt) => void told.push(attempt) } },
    {
      clock,
      rates: new RateLimits(pointsPerSecond, clock),
      metricsText: async () => ({ contentType: "text/plain", body: "up 1\n" }),
      authenticate: async (secret) =>
        looksLikeToken(secret) ? callers.authenticate(secret) : secret === keys.ADMIN ? actorWith("ADMIN") : undefined,
    },
  );
  const ask = (secret: string, query = viewer) =>
    fetch(`${url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${secret}` },
      body: JSON.stringify({ query }),
    });
  return { clock, issuer, url, ask, told, token: (claims = {}) => issuer.token(clock.now(), claims) };
}

it("takes a token wherever it takes a key", async () => {
  const { url, ask, token } = await served();
  const secret = await token();
  const me = { id: expect.stringMatching(/^jwt:.*:alice$/), name: "alice of https://issuer.example", role: "OPERATOR" };
  expect(await (await ask(secret)).json()).toEqual({ data: { viewer: me } });
  const headers = { authorization: `Bearer ${secret}` };
  const read = await fetch(`${url}/graphql?query=${encodeURIComponent(viewer)}`, { headers });
  expect(await read.json()).toEqual({ data: { viewer: me } });
  expect((await fetch(`${url}/metrics`, { headers })).status).toBe(200);
  const socket = await new RawSocket(url).open(secret);
  await socket.subscribe("1", viewer);
  expect(await socket.next()).toMatchObject({ type: "next", payload: { data: { viewer: me } } });
});

it("refuses one that does not count like a key that does not", async () => {
  const { url, ask, token } = await served();
  const bad = await token({ aud: "other" });
  const answer = await ask(bad);
  expect(answer.status).toBe(401);
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "UNAUTHENTICATED" } }] });
  expect((await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${bad}` } })).status).toBe(401);
  const socket = new RawSocket(url);
  await socket.send({ type: "connection_init", payload: { authorization: `Bearer ${bad}` } });
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

it("lets it do what its role may, and writes down who tried more", async () => {
  const { ask, told, token } = await served();
  const answer = await ask(await token({ roles: "VIEWER" }), "{ apiKeys { id } }");
  expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: "FORBIDDEN" } }] });
  expect(told).toMatchObject([["apiKeys", { actor: { name: "alice of https://issuer.example", role: "VIEWER" } }]]);
});

it("gives each subject a share of its own", async () => {
  const { ask, token } = await served(2);
  const alice = [await token(), await token({ jti: "another one" })];
  const answers = [];
  for (let n = 0; n < 12; n += 1) answers.push((await ask(alice[n % 2] ?? "")).status);
  expect(answers).toContain(429);
  expect((await ask(await token({ sub: "bob" }))).status).toBe(200);
});

it("closes the sockets of a token within five seconds after its end", async () => {
  const { clock, url, token } = await served();
  const ends = clock.now().getTime() / 1_000 + 20;
  const socket = await new RawSocket(url).open(await token({ exp: ends }));
  await clock.advance(20_000);
  expect(await socket.stillOpen()).toBe(true);
  await clock.advance(5_000);
  expect(await socket.closed).toMatchObject({ code: 4403 });
});

it("asks callers with tokens to come again while the issuer's keys cannot be had, and goes on with keys", async () => {
  const { url, ask, issuer, token } = await served();
  issuer.answer = { status: 503, body: "" };
  const secret = await token();
  const answer = await ask(secret);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({
    errors: [{ extensions: { code: "SERVICE_UNAVAILABLE", retryable: true } }],
  });
  const socket = new RawSocket(url);
  await socket.send({ type: "connection_init", payload: { authorization: `Bearer ${secret}` } });
  expect(await socket.closed).toMatchObject({ code: 1013 });
  expect((await ask(keys.ADMIN)).status).toBe(200);
});
