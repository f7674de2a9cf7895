import type { JobItem } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids, TenantId } from "../../kit/ids.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantChanges } from "../../tenants/tenant-changes.ts";
import type { TenantChange } from "../../tenants/tenant-store.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { settleItems } from "../jobs/item-writes.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { lockTenant } from "./tenant-rows.ts";

/** A change of a tenant that was there before. */
export type ChangedTenant = TenantChange & { readonly before: Tenant };

/** The two manners in which one tenant is changed: by somebody's wish, or by what a job found out. */
export class TenantWriter {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  /** A change of one tenant that somebody asked for: transaction, audit row, and the news of it. */
  async change<Result extends ChangedTenant>(
    origin: Origin,
    action: string,
    work: (tx: Orm, at: Date) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const made = await work(tx, at);
      await writeAudit(tx, this.ids, at, [{ origin, action, subject: `Tenant:${made.after.id}`, result: "OK" }]);
      return made;
    });
    this.#publish(result);
    return result;
  }

  /** What a job found out of one tenant: tenant and item in one write, fenced by the lease. @throws LeaseLost, NotFound */
  async settle(
    lease: JobLease,
    id: TenantId,
    work: (
      tx: Orm,
      before: Tenant,
      at: Date,
    ) => Promise<Omit<TenantChange, "before"> & { readonly item: Omit<JobItem, "tenantId"> }>,
  ): Promise<Tenant> {
    const result = await this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      const before = await lockTenant(tx, id);
      const { item, ...made } = await work(tx, before, this.clock.now());
      await settleItems(tx, job, [{ ...item, tenantId: id }]);
      return { ...made, before };
    });
    this.#publish(result);
    return result.after;
  }

  #publish({ before, after, labelsBefore, hostnamesBefore }: ChangedTenant): void {
    if (before === after) return;
    this.changes.publish({
      before,
      after,
      ...(labelsBefore && { labelsBefore }),
      ...(hostnamesBefore && { hostnamesBefore }),
    });
  }
}
