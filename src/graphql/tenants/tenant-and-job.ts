import type { Job } from "../../jobs/job.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import { toJobType } from "../jobs/job.type.ts";
import { toTenantType } from "./tenant.type.ts";
import type { TenantPayloadType } from "./tenant-payloads.type.ts";

/** A tenant and the job that works on it, as the API shows them. */
export function withJob({
  tenant,
  job,
}: {
  readonly tenant: Tenant;
  readonly job?: Job | undefined;
}): Pick<TenantPayloadType, "tenant" | "job"> {
  return { tenant: toTenantType(tenant), job: job && toJobType(job) };
}
