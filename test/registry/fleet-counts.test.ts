import { expect, it } from "vitest";
import { uuidv7Ids } from "../../src/kit/ids.ts";
import type { WarmState } from "../../src/provisioning/warm-pool/warm-database.ts";
import { DrizzleFleetCounts } from "../../src/registry/metrics/drizzle-fleet-counts.ts";
import { findings } from "../../src/registry/tables/findings.ts";
import { tenantHealth } from "../../src/registry/tables/tenant-health.ts";
import { warmDatabases } from "../../src/registry/tables/warm-databases.ts";
import { aNewTenant, anAdmission } from "../support/builders.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

it("counts tenants by status, jobs by kind and status, ratings, what waits for tenants, and open findings", async () => {
  const world = await openDrizzleWorld();
  const counts = new DrizzleFleetCounts(world.registry.db);
  expect(await counts.counts("newest")).toEqual({
    tenants: new Map(),
    jobs: [],
    ratings: new Map(),
    warm: [],
    findings: [],
  });
  const { tenants } = await world.tenants.admit(anAdmission([aNewTenant(), aNewTenant()]));
  const [tenant] = tenants;
  const checks = [
    { tenantId: tenant?.id ?? uuidv7Ids.next<"Tenant">(), reachable: true, rating: "GOOD" as const },
    { tenantId: uuidv7Ids.next<"Tenant">(), reachable: false },
  ];
  await world.registry.db.orm.insert(tenantHealth).values(checks.map((check) => ({ ...check, checkedAt: new Date() })));
  const serverId = uuidv7Ids.next<"DatabaseServer">();
  const pool = ["READY now", "READY now", "READY before", "FILLING", "REAPING now"].map((text, n) => {
    const [state = "", schemaChecksum] = text.split(" ");
    const names = { tenantId: uuidv7Ids.next<"Tenant">(), databaseName: `tnt00000${n}`, password: "sealed" };
    return { ...names, serverId, state: state as WarmState, schemaChecksum, createdAt: new Date() };
  });
  await world.registry.db.orm.insert(warmDatabases).values(pool);
  const found = (["MISSING_USER", "MISSING_USER", "MISSING_USER", "SERVER_SETTING"] as const).map((kind, ordinal) => {
    const ids = { id: uuidv7Ids.next<"Finding">(), jobId: uuidv7Ids.next<"Job">(), serverId };
    const said = { severity: "CRITICAL", outcome: "REPORTED", object: "it", message: "Said." } as const;
    return { ...ids, ...said, kind, ordinal, isOpen: ordinal > 0, observedAt: new Date() };
  });
  await world.registry.db.orm.insert(findings).values(found);
  const { warm, ...others } = await counts.counts("now");
  expect(new Map(warm.map(({ state, count }) => [state, count]))).toEqual(
    new Map([
      ["ready", 2],
      ["outdated", 1],
      ["filling", 1],
      ["reaping", 1],
    ]),
  );
  expect(warm.every((one) => one.serverId === serverId)).toBe(true);
  expect(others).toEqual({
    findings: [{ kind: "MISSING_USER", severity: "CRITICAL", count: 2 }],
    tenants: new Map([["PROVISIONING", 2]]),
    jobs: [{ kind: "PROVISION_TENANTS", status: "QUEUED", count: 1 }],
    ratings: new Map([["GOOD", 1]]),
  });
  await world.close();
});
