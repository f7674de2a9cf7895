import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { Issuer } from "../http/support/issuer.ts";
import { RawSocket } from "../http/support/raw-socket.ts";
import { ApiClient } from "../support/client.ts";
import { buildService } from "../support/service.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let issuer: Issuer;

beforeAll(async () => {
  await buildService();
  issuer = await Issuer.open();
  stage = await Stage.started(inject("serverUrl"), {
    TENANTRY_JWT_JWKS_URL: issuer.url,
    TENANTRY_JWT_ISSUER: "https://issuer.example",
    TENANTRY_JWT_AUDIENCE: "tenantry",
    TENANTRY_JWT_ROLE_CLAIM: "realm_access.roles",
    TENANTRY_JWT_ROLES: "dba=ADMIN,ops=OPERATOR",
  });
}, 90_000);
afterAll(async () => {
  await stage?.close();
  await issuer?.close();
});

const create = `mutation($slug: String!) { createTenant(input: { slug: $slug, name: "T", idempotencyKey: "same" }) {
  tenant { id } userErrors { code } } }`;

async function as(sub: string, role: string, more = {}): Promise<ApiClient> {
  const token = await issuer.token(new Date(), { sub, realm_access: { roles: [role] }, ...more });
  return new ApiClient(stage.service.url, token);
}

describe("whoever comes with a token", () => {
  it("is the same with each of them, and somebody else than others", async () => {
    const [alice, again, bob] = [
      await as("alice", "ops"),
      await as("alice", "ops", { jti: "2" }),
      await as("bob", "ops"),
    ];
    const first = await alice.data<{ createTenant: { tenant: { id: string } } }>(create, { slug: "tokens" });
    expect(await again.data(create, { slug: "tokens" })).toEqual(first);
    expect(await bob.data(create, { slug: "tokens" })).toMatchObject({
      createTenant: { tenant: null, userErrors: [{ code: "SLUG_TAKEN" }] },
    });
    const { viewer } = await alice.data<{ viewer: { id: string } }>("{ viewer { id name role } }");
    expect(viewer).toMatchObject({ name: "alice of https://issuer.example", role: "OPERATOR" });
    expect((await alice.send("{ apiKeys { id } }")).errors).toMatchObject([{ extensions: { code: "FORBIDDEN" } }]);
    const log = "query($actor: String!) { auditLog(filter: { actor: $actor }) { nodes { actor action result } } }";
    const actor = `alice of https://issuer.example (${viewer.id})`;
    const nodes = [
      { actor, action: "apiKeys", result: "FORBIDDEN" },
      { actor, action: "createTenant", result: "OK" },
    ];
    const admin = await as("carol", "dba");
    expect(await admin.data(log, { actor: viewer.id })).toEqual({ auditLog: { nodes } });
    expect(await admin.data(log, { actor })).toEqual({ auditLog: { nodes } });
  });

  it("is sent away from a socket when the token ends", async () => {
    const ends = Math.floor(Date.now() / 1_000) + 3;
    const claims = { exp: ends, realm_access: { roles: ["ops"] } };
    const socket = await new RawSocket(stage.service.url).open(await issuer.token(new Date(), claims));
    expect(await socket.closed).toMatchObject({ code: 4403 });
    expect(Date.now() / 1_000).toBeGreaterThanOrEqual(ends);
    expect((await (await as("dave", "ops", { exp: ends })).post("{}")).status).toBe(401);
  });
});
