import type { JobError, JobItemCounts } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { forEachBounded } from "../../kit/concurrency.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { SealedSecret } from "../../kit/secret-box.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { ResultWriter } from "../result-writer.ts";
import { RunProgress } from "../run-progress.ts";
import type { ConnectionTestResult, TestRunDetail } from "../test-run.ts";
import type { TestRunStore } from "../test-run-store.ts";
import type { ConnectionFigures } from "./connection-figures.ts";
import type { ConnectionProbe, ProbeRun } from "./connection-probe.ts";

/** Items taken from the job at a time; few at first, so that log-ins begin at once. */
const pageLength = { first: 64, next: 512 } as const;

/** Where tenants come from and results go. */
export interface TestingStores {
  readonly runs: Pick<TestRunStore, "addResults">;
  readonly jobs: Pick<JobStore, "pendingItems" | "settleItems">;
  readonly tenants: Pick<TenantStore, "findMany" | "passwordsOf" | "busyWith">;
}

interface Candidate {
  readonly id: TenantId;
  readonly tenant: Tenant | undefined;
  readonly password: SealedSecret | undefined;
}

/** Takes the pending tenants of a run, a bounded number at a time, and writes down and reports what the probe says of each. */
export class ConnectionTesting {
  readonly #progress: RunProgress;

  /** @param start where an earlier start of the same run left off */
  constructor(
    private readonly context: JobContext,
    private readonly stores: TestingStores,
    private readonly probe: ConnectionProbe,
    private readonly probeRun: ProbeRun,
    start: { readonly figures: ConnectionFigures; readonly items: JobItemCounts },
  ) {
    this.#progress = new RunProgress(context, start);
  }

  /** Results that came in are written in any case. @throws LeaseLost, RegistryUnavailable, or the reason of the probes' signal */
  async run(concurrency: number): Promise<void> {
    const { signal } = this.probeRun;
    const writer = new ResultWriter<ConnectionTestResult>((results) => this.#store(results), this.context.clock);
    this.#progress.report();
    try {
      await forEachBounded(this.#pending(), concurrency, signal, (candidate) => this.#test(candidate, writer));
    } finally {
      await writer.close();
    }
  }

  /** The live figures, with the results that were not named before. */
  takeDetail(): TestRunDetail {
    return this.#progress.takeDetail();
  }

  async #test({ id, tenant, password }: Candidate, writer: ResultWriter<ConnectionTestResult>): Promise<void> {
    if (tenant?.status === "ACTIVE" && password !== undefined) {
      const result = await this.probe.probe(tenant, password, this.probeRun);
      if (result.verdict === "PASS" || !(await this.#changes(tenant))) return writer.add(result);
      // What came of a tenant in the middle of a change says nothing of it.
      return this.#skip(id, { code: "TENANT_BUSY", message: "Another job was changing this tenant.", retryable: true });
    }
    // It was ACTIVE when the scope was frozen.
    const message = `The tenant is ${tenant?.status ?? "DELETED"} by now; only ACTIVE tenants are tested.`;
    return this.#skip(id, { code: "INVALID_STATE", message, retryable: false });
  }

  /** Whether the tenant is being changed, or was since its row was read: its password may be another one by now. */
  async #changes({ id, generation }: Tenant): Promise<boolean> {
    if ((await this.stores.tenants.busyWith([id])).has(id)) return true;
    const [now] = await this.stores.tenants.findMany([id]);
    return now?.generation !== generation;
  }

  async #skip(id: TenantId, error: JobError): Promise<void> {
    await this.stores.jobs.settleItems(this.context.lease, [{ tenantId: id, status: "SKIPPED", durationMs: 0, error }]);
    this.#progress.skip(1);
  }

  /** Those of the next page are read while these are tested. */
  async *#pending(): AsyncGenerator<Candidate> {
    let coming = this.#page(pageLength.first);
    try {
      for (let page = await coming; page.length > 0; page = await coming) {
        coming = this.#page(pageLength.next, page.at(-1)?.id);
        // It is heard of when its turn comes.
        coming.catch(() => undefined);
        yield* page;
      }
    } finally {
      await coming.catch(() => undefined);
    }
  }

  async #page(length: number, after?: TenantId): Promise<readonly Candidate[]> {
    const ids = await this.stores.jobs.pendingItems(this.context.job.id, length, after);
    if (ids.length === 0) return [];
    const [tenants, passwords] = await Promise.all([
      this.stores.tenants.findMany(ids),
      this.stores.tenants.passwordsOf(ids),
    ]);
    const byId = new Map(tenants.map((tenant) => [tenant.id, tenant]));
    return ids.map((id) => ({ id, tenant: byId.get(id), password: passwords.get(id) }));
  }

  async #store(results: readonly ConnectionTestResult[]): Promise<void> {
    await this.stores.runs.addResults(this.context.lease, results);
    this.#progress.add(results);
  }
}
