import type { Job, JobKind } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { Origin } from "../kit/actor.ts";
import { InvalidState } from "../kit/domain-error.ts";
import type { Ids, TenantId } from "../kit/ids.ts";
import { provisioningJob } from "./admission.ts";
import type { TenantStore } from "./tenant-store.ts";

/** Enters a new provisioning job for the tenants that an ended one left FAILED or unreached. */
export class ProvisioningRetrier implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["PROVISION_TENANTS"];

  constructor(
    private readonly store: Pick<TenantStore, "retryMany">,
    private readonly ids: Ids,
  ) {}

  async retry(_job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    if (tenantIds.length === 0)
      throw new InvalidState("The job has no tenants that could be retried.", { field: ["input", "id"] });
    return this.store.retryMany(provisioningJob(this.ids, tenantIds, origin), origin);
  }
}
