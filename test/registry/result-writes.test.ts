import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Batch } from "../../src/registry/batch.ts";
import { aConnectionResult, aNewTestRun, anId, anOrigin } from "../support/builders.ts";
import { openDrizzleWorld } from "./drizzle-world.ts";

type World = Awaited<ReturnType<typeof openDrizzleWorld>>;

describe("results in the registry", () => {
  let world: World;
  beforeAll(async () => {
    world = await openDrizzleWorld();
  });
  beforeEach(() => world.reset());
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => world.close());

  const started = async (tenants: number) => {
    const items = Array.from({ length: tenants }, () => anId<"Tenant">());
    await world.testRuns.admit(aNewTestRun(items), anOrigin());
    const claimed = await world.jobs.claim("worker", 60_000, ["CONNECTION_TEST"]);
    if (!claimed) throw new Error("No job was due.");
    return { lease: claimed.lease, results: items.map((tenantId) => aConnectionResult({ tenantId })) };
  };

  it("are looked up and written in a packet each, however many they are", async () => {
    const { lease, results } = await started(600);
    const send = vi.spyOn(Batch.prototype, "send");
    await world.testRuns.addResults(lease, results);
    expect(send).toHaveBeenCalledTimes(2);
    expect(await world.testRuns.verdictCounts(lease.jobId)).toMatchObject({ passed: 600 });
    expect(await world.jobs.itemCounts(lease.jobId)).toMatchObject({ succeeded: 600, pending: 0 });
  });

  it("may be none, but not under a lease that is lost", async () => {
    const { lease } = await started(1);
    await world.testRuns.addResults(lease, []);
    const lost = { ...lease, fence: lease.fence + 1 };
    await expect(world.testRuns.addResults(lost, [])).rejects.toMatchObject({ code: "LEASE_LOST" });
  });
});
