import { createHmac, createPublicKey } from "node:crypto";
import { importJWK, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { looksLikeToken } from "../../src/http/tokens/token-callers.ts";
import { roleIn } from "../../src/http/tokens/token-roles.ts";
import { ManualClock } from "../jobs/manual-clock.ts";
import { Issuer } from "./support/issuer.ts";

const second = 1_000;
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

async function trusting(rules = {}) {
  const clock = new ManualClock();
  const issuer = await Issuer.start();
  const callers = issuer.callers(clock, rules);
  return { clock, issuer, callers, token: (claims = {}) => issuer.token(clock.now(), claims) };
}

describe("a caller with a token", () => {
  it("is its subject, with the role of its claim", async () => {
    const { callers, token } = await trusting();
    const alice = await callers.authenticate(await token());
    expect(alice).toEqual({
      id: expect.stringMatching(/^jwt:[0-9a-f]{8}:alice$/),
      name: "alice of https://issuer.example",
      role: "OPERATOR",
    });
    expect((await callers.authenticate(await token({ aud: ["other", "tenantry"] })))?.id).toBe(alice?.id);
    const odd = await callers.authenticate(await token({ sub: `${"ä".repeat(300)} x` }));
    expect(odd?.id).toMatch(/^jwt:[0-9a-f]{8}#[0-9a-f]{64}$/);
    expect(odd?.name.length).toBeLessThanOrEqual(255);
  });

  it.each(["RS256", "PS256", "ES256", "EdDSA"])("may sign with %s", async (alg) => {
    const clock = new ManualClock();
    const issuer = await Issuer.start(alg);
    const allowing = issuer.callers(clock, { algorithms: [alg] });
    expect(await allowing.authenticate(await issuer.token(clock.now()))).toBeDefined();
    const others = issuer.callers(clock, { algorithms: ["ES512"] });
    expect(await others.authenticate(await issuer.token(clock.now()))).toBeUndefined();
  });

  it.each([
    ["of another issuer", { iss: "https://other.example" }],
    ["without an issuer", { iss: undefined }],
    ["for another audience", { aud: "billing" }],
    ["without an audience", { aud: undefined }],
    ["without an end", { exp: undefined }],
    ["without a subject", { sub: undefined }],
    ["with an empty subject", { sub: "" }],
    ["with a subject that is nothing", { sub: null }],
    ["with a subject that is a number", { sub: 7 }],
    ["with a subject that is a list", { sub: ["alice"] }],
    ["with a subject that is an object", { sub: { name: "alice" } }],
    ["without a role", { roles: undefined }],
    ["with a role that nobody knows", { roles: ["root", "operator"] }],
    ["whose role is no text", { roles: { OPERATOR: true } }],
    ["that is not valid yet", { nbf: Date.UTC(2026, 0, 1) / second + 60 }],
    ["that has expired", { exp: Date.UTC(2026, 0, 1) / second - 3 }],
  ])("is nobody %s", async (_what, claims) => {
    const { callers, token } = await trusting();
    expect(await callers.authenticate(await token(claims))).toBeUndefined();
  });

  it("is nobody when the token is not signed, or signed with what everybody can see", async () => {
    const { callers, issuer, token } = await trusting();
    const good = await token();
    const [, payload = "", signature = ""] = good.split(".");
    const none = `${encoded({ alg: "none" })}.${payload}.`;
    const pem = createPublicKey({ key: { ...issuer.shown }, format: "jwk" }).export({
      type: "spki",
      format: "pem",
    });
    const forged = (["first", undefined] as const).map((kid) => {
      const head = `${encoded({ alg: "HS256", kid })}.${payload}`;
      return `${head}.${createHmac("sha256", pem).update(head).digest("base64url")}`;
    });
    const own = await new SignJWT(JSON.parse(Buffer.from(payload, "base64url").toString()))
      .setProtectedHeader({ alg: "ES256", kid: "first", jwk: issuer.shown as never })
      .sign(await importJWK({ ...(await ownKey()) }, "ES256"));
    const altered = `${encoded({ alg: "RS256", kid: "first" })}.${encoded({ ...decoded(payload), roles: ["ADMIN"] })}.${signature}`;
    for (const token of [none, ...forged, own, altered, `${good}x`, good.slice(0, -8), "..", "a.b.c"]) {
      expect(await callers.authenticate(token)).toBeUndefined();
    }
    expect(await callers.authenticate(good)).toBeDefined();
  });

  it("is nobody when the token is of any length", async () => {
    const { callers } = await trusting();
    expect(await callers.authenticate(`${encoded({ alg: "RS256" })}.${"A".repeat(1_000_000)}.x`)).toBeUndefined();
  });

  it("is nobody once the token has expired, also where it was believed a moment ago", async () => {
    const { callers, clock, token } = await trusting();
    const short = await token({ exp: clock.now().getTime() / second + 10 });
    expect(await callers.authenticate(short)).toBeDefined();
    await clock.advance(9 * second);
    expect(await callers.authenticate(short)).toBeDefined();
    await clock.advance(3 * second);
    expect(await callers.authenticate(short)).toBeUndefined();
  });
});

describe("the keys of an issuer", () => {
  it("are fetched once for many tokens", async () => {
    const { callers, issuer, token } = await trusting();
    const tokens = await Promise.all([1, 2, 3].map((n) => token({ sub: `user-${n}` })));
    const found = await Promise.all(tokens.map((one) => callers.authenticate(one)));
    expect(found.every(Boolean)).toBe(true);
    expect(issuer.asked).toBe(1);
  });

  it("are fetched again for a key that is new, but not for each token that claims one", async () => {
    const { callers, clock, issuer, token } = await trusting();
    const old = await token();
    expect(await callers.authenticate(old)).toBeDefined();
    await issuer.change("second");
    expect(await callers.authenticate(await token())).toBeUndefined();
    expect(issuer.asked).toBe(1);
    await clock.advance(16 * second);
    expect(await callers.authenticate(await token())).toBeDefined();
    expect(issuer.asked).toBe(2);
    await clock.advance(31 * second);
    expect(await callers.authenticate(old)).toBeUndefined();
    for (let n = 0; n < 5; n += 1) expect(await callers.authenticate(`${old}`)).toBeUndefined();
    expect(issuer.asked).toBe(3);
  });

  it("are believed for a while when the issuer is gone; before they were seen, callers are told to come again", async () => {
    const { callers, clock, issuer, token } = await trusting();
    issuer.answer = { status: 500, body: "down" };
    const one = await token();
    const trouble = { code: "SERVICE_UNAVAILABLE", retryable: true };
    await expect(callers.authenticate(one)).rejects.toMatchObject(trouble);
    await expect(callers.authenticate(one)).rejects.toMatchObject(trouble);
    expect(issuer.asked).toBe(1);
    issuer.answer = undefined;
    await clock.advance(3 * second);
    expect(await callers.authenticate(one)).toBeDefined();
    issuer.answer = { status: 500, body: "down" };
    await clock.advance(1_800 * second);
    expect(await callers.authenticate(one)).toBeDefined();
    await clock.advance(1_900 * second);
    const later = await token();
    await expect(callers.authenticate(later)).rejects.toMatchObject(trouble);
  });

  it("are not needed for a token that has expired", async () => {
    const { callers, clock, issuer, token } = await trusting();
    const short = await token({ exp: clock.now().getTime() / second + 10 });
    expect(await callers.authenticate(short)).toBeDefined();
    issuer.answer = { status: 500, body: "down" };
    await clock.advance(7_200 * second);
    const later = await token();
    await expect(callers.authenticate(later)).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
    expect(await callers.authenticate(short)).toBeUndefined();
  });

  it.each([
    ["no JSON", "<html>"],
    ["no keys", "{}"],
    ["a list", "[1]"],
    ["too much", `{"keys":[${'{"kty":"RSA"},'.repeat(30_000)}{}]}`],
    ["keys that are none", '{"keys":[1,null]}'],
  ])("are asked for again after %s", async (_what, body) => {
    const { callers, issuer, token } = await trusting();
    issuer.answer = { status: 200, body };
    await expect(callers.authenticate(await token())).rejects.toMatchObject({ code: "SERVICE_UNAVAILABLE" });
  });

  it.each([
    ["without its numbers", { kty: "RSA", kid: "first" }],
    ["too short", { kty: "RSA", kid: "first", n: `wA${"A".repeat(169)}`, e: "AQAB" }],
  ])("open nothing where one of them is %s", async (_what, key) => {
    const { callers, issuer, token } = await trusting();
    issuer.answer = { status: 200, body: JSON.stringify({ keys: [key] }) };
    expect(await callers.authenticate(await token())).toBeUndefined();
  });

  it("are not fetched for a token with another kind of signature", async () => {
    const { callers, issuer } = await trusting();
    expect(await callers.authenticate(`${encoded({ alg: "HS256" })}.${encoded({})}.x`)).toBeUndefined();
    expect(issuer.asked).toBe(0);
  });
});

describe("the role in a claim", () => {
  const roles = new Map([
    ["ops", "OPERATOR" as const],
    ["boss", "ADMIN" as const],
  ]);
  it.each([
    [{ role: "ops" }, "role", "OPERATOR"],
    [{ role: ["x", "ops", "boss"] }, "role", "ADMIN"],
    [{ scope: "openid ops" }, "scope", "OPERATOR"],
    [{ realm_access: { roles: ["ops"] } }, "realm_access.roles", "OPERATOR"],
    [{ "https://example.com/role": "ops" }, "https://example.com/role", "OPERATOR"],
    [{ realm_access: ["ops"] }, "realm_access.roles", undefined],
    [{ role: 7 }, "role", undefined],
    [{ role: "OPS" }, "role", undefined],
    [{}, "constructor.name", undefined],
    [{}, "__proto__", undefined],
  ])("%j at %s is %s", (claims, path, role) => {
    expect(roleIn(claims, path, roles)).toBe(role);
  });
});

it("tells tokens from keys", () => {
  expect(looksLikeToken(`${encoded({ alg: "RS256" })}.e30.x`)).toBe(true);
  expect(looksLikeToken(`${encoded({ alg: "none" })}.e30.`)).toBe(true);
  for (const key of ["tnk_abcdef", "admin.key.0123456789", `${encoded({})}.a.b`, `${encoded([1])}.a.b`, "a.b.c.d"]) {
    expect(looksLikeToken(key)).toBe(false);
  }
});

function decoded(part: string): object {
  return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
}

async function ownKey() {
  const { exportJWK, generateKeyPair } = await import("jose");
  return exportJWK((await generateKeyPair("ES256", { extractable: true })).privateKey);
}
