import { afterAll, beforeAll, expect, it } from "vitest";
import type { AuditFilter, AuditNote } from "../../src/access/audit.ts";
import { InvalidCursor } from "../../src/kit/page.ts";
import { DrizzleAuditTrail } from "../../src/registry/access/drizzle-audit-trail.ts";
import { anActor, anApiKey, anId, anOrigin } from "../support/builders.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

let world: Awaited<ReturnType<typeof openDrizzleWorld>>;
let trail: DrizzleAuditTrail;
const key = anApiKey({ name: "ci" });
const ci = anOrigin({ actor: anActor({ id: key.id, name: "ci" }) });
const other = anOrigin({ actor: anActor({ name: "other" }) });
const notes: readonly AuditNote[] = [
  { origin: ci, action: "createTenant", subject: "Tenant:1", result: "OK" },
  { origin: other, action: "createTenant", subject: "Tenant:2", result: "SLUG_TAKEN" },
  { origin: ci, action: "revealTenantConnection", subject: "Tenant:1", result: "OK", note: "because" },
  { origin: other, action: "deleteTenant", subject: "Tenant:1", result: "OK" },
];

beforeAll(async () => {
  world = await openDrizzleWorld();
  trail = new DrizzleAuditTrail(world.registry.db);
  await world.apiKeys.ensure(key, "aa");
  for (const note of notes) await world.audit.append(note);
});
afterAll(() => world.close());

const actions = async (filter: AuditFilter, limit = 10) => {
  const page = await trail.list(filter, { direction: "FORWARD", limit });
  return page.edges.map(({ node }) => `${node.actorName} ${node.action} ${node.subject}`);
};

it("shows everything of an entry, the newest first", async () => {
  const { edges } = await trail.list({}, { direction: "FORWARD", limit: 2 });
  expect(edges.map(({ node }) => node)).toMatchObject([
    { action: "deleteTenant", actorId: other.actor.id, note: undefined },
    { action: "revealTenantConnection", actorId: ci.actor.id, requestId: ci.requestId, note: "because" },
  ]);
});

it("goes on after a cursor, and back before it", async () => {
  const first = await trail.list({}, { direction: "FORWARD", limit: 3 });
  const cursor = first.edges.at(-1)?.cursor;
  const next = await trail.list({}, { direction: "FORWARD", limit: 3, cursor });
  expect([first.hasNextPage, next.hasNextPage, next.edges.length]).toEqual([true, false, 1]);
  const back = await trail.list({}, { direction: "BACKWARD", limit: 1, cursor });
  expect(back.edges[0]?.node.id).toBe(first.edges[1]?.node.id);
  await expect(trail.list({}, { direction: "FORWARD", limit: 3, cursor: "eA" })).rejects.toThrow(InvalidCursor);
});

it("finds what an actor did, by its id or its key's name", async () => {
  const done = ["ci revealTenantConnection Tenant:1", "ci createTenant Tenant:1"];
  expect(await actions({ actor: key.id })).toEqual(done);
  expect(await actions({ actor: "ci" })).toEqual(done);
  for (const actor of ["nobody", "ci ", `${key.id} `]) expect(await actions({ actor })).toEqual([]);
});

it("finds by action and subject, and by all of them together", async () => {
  expect(await actions({ action: "createTenant" })).toHaveLength(2);
  for (const action of ["créateTenant", "createTenant "]) expect(await actions({ action })).toEqual([]);
  expect(await actions({ subjects: ["Tenant:1 "] })).toEqual([]);
  expect(await actions({ subjects: ["Tenant:1"] })).toHaveLength(3);
  expect(await actions({ subjects: ["Job:1", "Tenant:2"] })).toHaveLength(1);
  expect(await actions({ actor: "ci", action: "createTenant", subjects: ["Tenant:1"] })).toHaveLength(1);
});

it("counts up to a cap, and finds entries by their ids", async () => {
  expect([await trail.count({}, 10), await trail.count({}, 3), await trail.count({ actor: "ci" }, 10)]).toEqual([
    4, 3, 2,
  ]);
  const [edge] = (await trail.list({}, { direction: "FORWARD", limit: 1 })).edges;
  const ids = [edge?.node.id ?? anId<"AuditEntry">(), anId<"AuditEntry">()];
  expect(await trail.findMany(ids)).toEqual([edge?.node]);
});
