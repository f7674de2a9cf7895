import type { JobLease, JobStore } from "../jobs/job-store.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Tenant, TenantStatus } from "../tenants/tenant.ts";
import { matchingTenants, pages, scopeFilter } from "../tenants/tenant-scope.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { spreadSample } from "./sampling.ts";
import type { TestScope } from "./test-run.ts";

/** Items entered, and tenants looked at, in one transaction: each costs a dozen round trips, whatever its size. */
const atOnce = 5_000;

/** Whom a test takes. */
export const tested: readonly TenantStatus[] = ["ACTIVE"];

/** A scope that will not change any more: its tenants are the job's items. */
export interface FrozenScope {
  /** Tenants that could be tested. */
  readonly inScope: number;
  /** Those of them that will be. */
  readonly chosen: number;
}

/** Decides which of the tenants that could be tested are. */
export type ChooseTenants = (active: readonly TenantId[]) => Promise<readonly TenantId[]>;

/** Which tenants a test takes: ACTIVE ones that match. What the filter names beyond that becomes a SKIPPED item. */
export class TestScopes {
  constructor(
    private readonly tenants: Pick<TenantStore, "scan" | "busyWith">,
    private readonly jobs: Pick<JobStore, "addItems" | "settleItems">,
  ) {}

  /** Writes the scope down as the job's items. Repeating it after a crash completes it. @param seed decides which are sampled @throws LeaseLost */
  async freeze(
    lease: JobLease,
    scope: TestScope,
    seed: string,
    signal: AbortSignal,
    choose: ChooseTenants = async (ids) => spreadSample(ids, scope.maxTenants, seed),
  ): Promise<FrozenScope> {
    const active: TenantId[] = [];
    const others: Tenant[] = [];
    for await (const tenant of matchingTenants(this.tenants, scopeFilter(scope.filter, tested), signal)) {
      if (tenant.status === "ACTIVE") active.push(tenant.id);
      else others.push(tenant);
    }
    const chosen = await choose(active);
    const entered = [...chosen, ...others.map(({ id }) => id)];
    for (const page of pages(entered, atOnce)) await this.jobs.addItems(lease, page);
    for (const page of pages(others)) await this.jobs.settleItems(lease, page.map(skipped));
    return { inScope: active.length, chosen: chosen.length - (await this.skipBusy(lease, chosen)) };
  }

  /**
   * Leaves out of a job's items those tenants that another job changes now. From here on no job that changes tenants can take
   * one whose item is open, where the test is of a kind that plants something. @returns how many @throws LeaseLost
   */
  async skipBusy(lease: JobLease, ids: readonly TenantId[]): Promise<number> {
    let skippedNow = 0;
    for (const page of pages(ids, atOnce)) {
      const busy = [...(await this.tenants.busyWith(page)).keys()];
      if (busy.length === 0) continue;
      skippedNow += busy.length;
      const error = { code: "TENANT_BUSY", message: "Another job is changing this tenant.", retryable: true };
      const items = busy.map((tenantId) => ({ tenantId, status: "SKIPPED", durationMs: 0, error }) as const);
      await this.jobs.settleItems(lease, items);
    }
    return skippedNow;
  }
}

function skipped(tenant: Pick<Tenant, "id" | "status">) {
  const message = `The tenant is ${tenant.status}; only ACTIVE tenants are tested.`;
  const error = { code: "INVALID_STATE", message, retryable: false };
  return { tenantId: tenant.id, status: "SKIPPED", durationMs: 0, error } as const;
}
