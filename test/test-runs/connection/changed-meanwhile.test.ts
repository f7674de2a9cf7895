import { describe, expect, it } from "vitest";
import type { JobItem } from "../../../src/jobs/job.ts";
import type { JobContext } from "../../../src/jobs/job-handler.ts";
import { systemClock } from "../../../src/kit/clock.ts";
import type { JobId, TenantId } from "../../../src/kit/ids.ts";
import { silentLogger } from "../../../src/kit/logger.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import { ConnectionFigures } from "../../../src/test-runs/connection/connection-figures.ts";
import { ConnectionTesting } from "../../../src/test-runs/connection/connection-testing.ts";
import type { ConnectionTestResult, Verdict } from "../../../src/test-runs/test-run.ts";
import { aConnectionResult, aJob, anId, aTenant } from "../../support/builders.ts";

/** One tenant under test, of which the probe says what it is told to. */
class Bench {
  readonly tenant = aTenant();
  readonly results: ConnectionTestResult[] = [];
  readonly items: JobItem[] = [];
  /** The tenant as the registry has it after the probe. */
  after: Tenant = this.tenant;
  busy: JobId | undefined;

  async run(verdict: Verdict): Promise<void> {
    const signal = new AbortController().signal;
    const job = aJob({ kind: "CONNECTION_TEST" });
    const context: JobContext = {
      job,
      lease: { jobId: job.id, owner: "tester", fence: 1 },
      signal,
      clock: systemClock,
      logger: silentLogger,
      report: () => undefined,
      flush: () => Promise.resolve(),
    };
    let probed = false;
    const open = (after: TenantId | undefined) => (after === undefined ? [this.tenant.id] : []);
    const stores = {
      runs: {
        addResults: async (_: unknown, results: readonly unknown[]) => void this.results.push(...results.map(asResult)),
      },
      jobs: {
        pendingItems: async (_: JobId, __: number, after?: TenantId) => open(after),
        settleItems: async (_: unknown, items: readonly JobItem[]) => void this.items.push(...items),
      },
      tenants: {
        findMany: async () => [probed ? this.after : this.tenant],
        passwordsOf: async () => new Map([[this.tenant.id, "sealed"]]),
        busyWith: async () => new Map(this.busy ? [[this.tenant.id, this.busy]] : []),
      },
    };
    const probe = {
      probe: async () => {
        probed = true;
        return aConnectionResult({ tenantId: this.tenant.id, verdict });
      },
    };
    const items = { total: 1, pending: 1, succeeded: 0, failed: 0, skipped: 0 };
    const start = { figures: new ConnectionFigures(), items };
    const gate = {} as never;
    const probeRun = { gate, retries: 0, timeoutMs: 1, signal, logger: silentLogger };
    await new ConnectionTesting(context, stores, probe as never, probeRun, start).run(1);
  }
}

function asResult(result: unknown): ConnectionTestResult {
  return result as ConnectionTestResult;
}

describe("a connection test of a tenant that is being changed", () => {
  it("says nothing of it when it failed, and leaves it to a retry", async () => {
    const bench = new Bench();
    bench.busy = anId<"Job">();
    await bench.run("FAIL");
    expect(bench.results).toEqual([]);
    expect(bench.items).toMatchObject([{ status: "SKIPPED", error: { code: "TENANT_BUSY", retryable: true } }]);
  });

  it("says nothing of it either when the change is over by now", async () => {
    const bench = new Bench();
    bench.after = { ...bench.tenant, generation: bench.tenant.generation + 1 };
    await bench.run("FAIL");
    expect(bench.items).toMatchObject([{ status: "SKIPPED" }]);
  });

  it("believes a success, and the failure of a tenant that nobody changed", async () => {
    const bench = new Bench();
    bench.busy = anId<"Job">();
    await bench.run("PASS");
    const calm = new Bench();
    await calm.run("FAIL");
    expect([...bench.results, ...calm.results].map(({ verdict }) => verdict)).toEqual(["PASS", "FAIL"]);
  });
});
