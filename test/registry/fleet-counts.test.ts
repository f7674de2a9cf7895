import { expect, it } from "vitest";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import { DrizzleFleetCounts } from "../../src/registry/metrics/drizzle-fleet-counts.ts";
import { tenantHealth } from "../../src/registry/tables/tenant-health.ts";
import { aNewTenant, anAdmission } from "../support/builders.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

it("counts tenants by status, jobs by kind and status, and ratings", async () => {
  const world = await openDrizzleWorld();
  const counts = new DrizzleFleetCounts(world.registry.db);
  expect(await counts.counts()).toEqual({ tenants: new Map(), jobs: [], ratings: new Map() });
  const { tenants } = await world.tenants.admit(anAdmission([aNewTenant(), aNewTenant()]));
  const [tenant] = tenants;
  const checks = [
    { tenantId: tenant?.id ?? uuidv7Ids.next<"Tenant">(), reachable: true, rating: "GOOD" as const },
    { tenantId: uuidv7Ids.next<"Tenant">(), reachable: false },
  ];
  await world.registry.db.orm.insert(tenantHealth).values(checks.map((check) => ({ ...check, checkedAt: new Date() })));
  expect(await counts.counts()).toEqual({
    tenants: new Map([["PROVISIONING", 2]]),
    jobs: [{ kind: "PROVISION_TENANTS", status: "QUEUED", count: 1 }],
    ratings: new Map([["GOOD", 1]]),
  });
  await world.close();
});
