import { describe, expect, it } from "vitest";
import type { JobContext } from "../../../src/jobs/job-handler.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { ConnectionFigures } from "../../../src/test-runs/connection/connection-figures.ts";
import { ConnectionTesting } from "../../../src/test-runs/connection/connection-testing.ts";
import { aConnectionResult, aJob, aTenant } from "../../support/builders.ts";

/** Runs a test of so many tenants, one at a time. @returns those that were tested @throws what a look for tenants throws */
async function test(
  count: number,
  on: { readonly look?: (looks: number) => void; readonly probe?: (tested: readonly TenantId[]) => Promise<void> },
): Promise<{ readonly tested: readonly TenantId[]; readonly ids: readonly TenantId[] }> {
  const tenants = Array.from({ length: count }, () => aTenant());
  const ids = tenants.map(({ id }) => id);
  const tested: TenantId[] = [];
  let looks = 0;
  const signal = new AbortController().signal;
  const job = aJob({ kind: "CONNECTION_TEST" });
  const lease = { jobId: job.id, owner: "tester", fence: 1 };
  const report = () => undefined;
  const context: JobContext = {
    job,
    lease,
    signal,
    clock: systemClock,
    logger: silentLogger,
    report,
    flush: () => Promise.resolve(),
  };
  const stores = {
    runs: { addResults: () => Promise.resolve() },
    jobs: {
      pendingItems: async (_: JobId, limit: number, after?: TenantId) => {
        looks += 1;
        on.look?.(looks);
        const from = after === undefined ? 0 : ids.indexOf(after) + 1;
        return ids.slice(from, from + limit);
      },
      settleItems: () => Promise.resolve(),
    },
    tenants: {
      findMany: async (wanted: readonly TenantId[]) => tenants.filter(({ id }) => wanted.includes(id)),
      passwordsOf: async (wanted: readonly TenantId[]) => new Map(wanted.map((id) => [id, "sealed"])),
      busyWith: async () => new Map(),
    },
  };
  const probe = {
    probe: async ({ id }: Tenant) => {
      tested.push(id);
      await on.probe?.(tested);
      return aConnectionResult({ tenantId: id });
    },
  };
  const items = { total: count, pending: count, succeeded: 0, failed: 0, skipped: 0 };
  const probeRun = { gate: {} as never, retries: 0, timeoutMs: 1, signal, logger: silentLogger };
  const start = { figures: new ConnectionFigures(), items };
  await new ConnectionTesting(context, stores, probe as never, probeRun, start).run(1);
  return { tested, ids };
}

describe("a connection test of many tenants", () => {
  it("takes each once, in order", async () => {
    const { tested, ids } = await test(700, {});
    expect(tested).toEqual(ids);
  });

  it("reads the next ones while it tests", async () => {
    let lookedTwice: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      lookedTwice = resolve;
    });
    const { tested } = await test(100, {
      look: (looks) => looks === 2 && lookedTwice(),
      probe: (soFar) => (soFar.length === 1 ? second : Promise.resolve()),
    });
    expect(tested).toHaveLength(100);
  });

  it("tests those that it has read, and then tells why it could not read on", async () => {
    let tested = 0;
    const failing = test(700, {
      look: (looks) => {
        if (looks === 2) throw new RangeError("no");
      },
      probe: async (soFar) => {
        tested = soFar.length;
      },
    });
    await expect(failing).rejects.toThrow("no");
    expect(tested).toBeGreaterThan(0);
    expect(tested).toBeLessThan(700);
  });
});
