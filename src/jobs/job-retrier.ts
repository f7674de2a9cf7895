import type { Origin } from "../kit/actor.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Job, JobKind } from "./job.ts";

/** Enters new jobs that take up what ended ones left. Implemented by the service that enters jobs of these kinds. */
export interface JobRetrier {
  readonly kinds: readonly JobKind[];
  /**
   * @param job has ended
   * @param tenantIds what failed or was not reached, in order; empty when the job failed before it knew its tenants: all of them
   * @returns the new job @throws InvalidState when their present state forbids it, TenantBusy
   */
  retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job>;
}
