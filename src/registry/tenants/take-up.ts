import type { Job } from "../../jobs/job.ts";
import type { NewJob } from "../../jobs/job-store.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { Orm } from "../database.ts";
import { reserveAll } from "../jobs/busy-tenants.ts";
import { enterReservedItems } from "../jobs/item-writes.ts";
import { enterJob } from "../jobs/job-writes.ts";
import { type TenantPatch, writeTenant } from "./tenant-rows.ts";

/** Enters a job that provisions locked tenants, which are PROVISIONING from now on. @throws TenantBusy */
export async function takeUp(
  tx: Orm,
  job: NewJob,
  scope: readonly Tenant[],
  at: Date,
): Promise<{ readonly job: Job; readonly tenants: readonly Tenant[] }> {
  const items = scope.map(({ id }) => id);
  const entered = await enterJob(tx, { ...job, items }, at);
  await reserveAll(tx, job.id, items);
  await enterReservedItems(tx, job, items);
  const patch: TenantPatch = { status: "PROVISIONING", statusReason: undefined };
  const tenants: Tenant[] = [];
  for (const before of scope) {
    tenants.push(before.status === "FAILED" ? await writeTenant(tx, before, patch, at) : before);
  }
  return { job: entered, tenants };
}
