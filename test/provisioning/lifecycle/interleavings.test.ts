import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DomainError } from "../../../src/kit/domain-error.ts";
import type { TenantId } from "../../../src/kit/ids.ts";
import type { Tenant, TenantStatus } from "../../../src/tenants/tenant.ts";
import { aFolder } from "../../mysql/migrations/tenant-databases.ts";
import { LivingFleet, logIn, oneTable, origin } from "./living-fleet.ts";

const folder = aFolder({ ...oneTable, "0001_more": "CREATE TABLE more (id int PRIMARY KEY);" });
const restful: readonly TenantStatus[] = ["ACTIVE", "SUSPENDED", "FAILED", "DELETED"];

let fleet: LivingFleet;
beforeAll(async () => {
  fleet = await LivingFleet.open();
});
afterAll(() => fleet.close());

type Move =
  | { readonly do: "suspend" | "resume" | "rotate" | "delete" | "retry"; readonly of: number }
  | { readonly do: "migrate" | "work" | "cancel" }
  | { readonly do: "crash"; readonly at: string };

const points = [
  ...["suspend:locked", "suspend:ended", "suspend:written", "resume:unlocked", "resume:verified"],
  ...["rotate:stored", "rotate:set", "rotate:verified", "delete:locked", "delete:dropped", "delete:account-dropped"],
  ...["migrate:occupied", "migrate:applied", "provision:database", "provision:account", "provision:migrated"],
];

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom("suspend", "resume", "rotate", "delete", "retry"),
      of: fc.integer({ min: 0, max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom("migrate", "work", "work", "cancel") }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("crash"), at: fc.constantFrom(...points) }) },
);

/** What is refused is refused by a name; whatever else is thrown fails the test. */
async function wished(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof DomainError)) throw error;
  });
}

async function make(one: Move, ids: readonly TenantId[]): Promise<void> {
  const { lifecycle } = fleet;
  switch (one.do) {
    case "migrate":
      return wished(fleet.fleetWork.migrate({ filter: { ids } }, origin));
    case "work":
      return fleet.workOnce(folder);
    case "crash":
      return fleet.workUntil(one.at, folder);
    case "cancel": {
      const [newest] = (
        await fleet.world.jobs.list({ statuses: ["QUEUED", "RUNNING"] }, { limit: 1, direction: "FORWARD" })
      ).edges;
      return newest && wished(fleet.jobs.cancel(newest.node.id, origin));
    }
    default: {
      const id = ids[one.of % ids.length];
      if (id === undefined) return;
      if (one.do === "retry") return wished(fleet.tenants.retry(id, origin));
      if (one.do !== "delete") return wished(lifecycle[one.do](id, origin));
      const { slug: confirmSlug } = await fleet.now(id);
      return wished(lifecycle.delete({ id, confirmSlug }, origin));
    }
  }
}

/** Works until nothing is queued and the sweep finds nothing, as a service that is left alone does. */
async function settle(): Promise<void> {
  for (;;) {
    await fleet.workOnce(folder);
    if ((await fleet.takeUpStranded()) === 0) return;
  }
}

async function expectAgreement(tenant: Tenant): Promise<void> {
  expect(restful).toContain(tenant.status);
  const traces = await fleet.traces(tenant);
  expect(await fleet.lifecycleStore.findPending(tenant.id)).toBeUndefined();
  expect((await fleet.tenantStore.busyWith([tenant.id])).size).toBe(0);
  if (tenant.status === "DELETED") expect(traces).toEqual([]);
  if (tenant.status !== "ACTIVE" && tenant.status !== "SUSPENDED") return;
  const session = await logIn(await fleet.url(tenant.id));
  if (tenant.status === "SUSPENDED") {
    expect(session).toBe(4151);
    expect(traces).not.toContain("PROCESSLIST");
    return;
  }
  if (typeof session === "number") throw new TypeError(`An ACTIVE tenant was refused with ${session}.`);
  const [rows] = await session.query("SELECT tenant_id AS owner FROM tenantry_journal WHERE migration = ''");
  await session.end();
  expect(rows).toEqual([{ owner: tenant.id }]);
}

describe("whatever is wished, cancelled and crashed in whatever order", () => {
  it("ends in states that may last, in which registry and server agree", { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 4, maxLength: 14 }), async (moves) => {
        const first = await fleet.tenant();
        const second = await fleet.tenant();
        const third = await fleet.tenant({ provisioned: false });
        const ids = [first.id, second.id, third.id];
        for (const one of moves) await make(one, ids);
        await settle();
        for (const id of ids) await expectAgreement(await fleet.now(id));
      }),
      { numRuns: 12, endOnFailure: true },
    );
  });
});
