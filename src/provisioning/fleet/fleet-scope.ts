import { z } from "zod";
import type { Job } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { fleetStatuses } from "../../tenants/fleet-service.ts";
import { storedFilter } from "../../tenants/stored-filter.ts";
import { matchingTenants, pages, scopeFilter } from "../../tenants/tenant-scope.ts";
import type { TenantFilter, TenantStore } from "../../tenants/tenant-store.ts";

const stored = z.object({ filter: storedFilter, fixedScope: z.boolean().optional() });

/** Which tenants a job over the fleet takes: ACTIVE and SUSPENDED ones that match, and to say so also others that are named. */
export class FleetScope {
  constructor(
    private readonly tenants: Pick<TenantStore, "scan">,
    private readonly jobs: Pick<JobStore, "addItems">,
  ) {}

  /** Writes the scope down as the job's items, unless they are given. Repeating it after a crash completes it. @throws LeaseLost */
  async complete({ job, lease, signal }: JobContext): Promise<void> {
    const { filter, fixedScope = false } = readScope(job);
    if (fixedScope) return;
    const found = [];
    for await (const { id } of matchingTenants(this.tenants, scopeFilter(filter, fleetStatuses), signal))
      found.push(id);
    for (const page of pages(found)) await this.jobs.addItems(lease, page);
  }
}

/** @throws ZodError when the input was not written by this service */
function readScope({ input }: Job): { readonly filter: TenantFilter; readonly fixedScope?: boolean | undefined } {
  return stored.parse(input);
}
