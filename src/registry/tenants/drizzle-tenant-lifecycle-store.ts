import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import type { Job, JobError } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import { InvalidState } from "../../kit/domain-error.ts";
import type { Ids, TenantId } from "../../kit/ids.ts";
import type { SealedSecret } from "../../kit/secret-box.ts";
import type { Tenant, TenantStatus } from "../../tenants/tenant.ts";
import type { TenantChanges } from "../../tenants/tenant-changes.ts";
import type {
  AppliedSchema,
  LifecycleWish,
  MigratedTenant,
  StrandedTenant,
  TenantLifecycleStore,
} from "../../tenants/tenant-lifecycle-store.ts";
import { TenantBusy } from "../../tenants/tenant-store.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { reserveAll } from "../jobs/busy-tenants.ts";
import { enterReservedItems } from "../jobs/item-writes.ts";
import { enterJob, lockForHolder } from "../jobs/job-writes.ts";
import { pendingPasswords } from "../tables/pending-passwords.ts";
import { tenants } from "../tables/tenants.ts";
import { writeMigrated } from "./migrated-tenants.ts";
import { holderOf } from "./occupation.ts";
import { eraseTenant } from "./tenant-erasure.ts";
import { lockTenant, type TenantPatch, tenantColumns, toTenant, writeTenant } from "./tenant-rows.ts";
import { TenantWriter } from "./tenant-writer.ts";

/** The later life of tenants in the registry. Changes are published after they were committed. */
export class DrizzleTenantLifecycleStore implements TenantLifecycleStore {
  readonly #writer: TenantWriter;

  constructor(
    private readonly db: RegistryDatabase,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
    ids: Ids,
  ) {
    this.#writer = new TenantWriter(db, changes, clock, ids);
  }

  async begin(wish: LifecycleWish, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }> {
    const { tenantId, from, to, action } = wish;
    const { after, job } = await this.#writer.change(origin, action, async (tx, at) => {
      const before = await lockTenant(tx, tenantId);
      const holder = await holderOf(tx, tenantId);
      if (holder) throw new TenantBusy(holder);
      await reserveAll(tx, wish.job.id, [tenantId]);
      refuseUnless(before, from);
      const input = { ...wish.job.input, statusBefore: before.status };
      const entered = await enterJob(tx, { ...wish.job, input, tenantId, items: [tenantId] }, at);
      await enterReservedItems(tx, wish.job, [tenantId]);
      const moves = to !== undefined && to !== before.status;
      const patch: TenantPatch = { status: to, statusReason: undefined };
      return { before, after: moves ? await writeTenant(tx, before, patch, at) : before, job: entered };
    });
    return { tenant: after, job };
  }

  move(
    lease: JobLease,
    id: TenantId,
    step: { readonly from: TenantStatus; readonly to: TenantStatus; readonly reason?: JobError | undefined },
    durationMs: number,
  ): Promise<Tenant> {
    const { from, to, reason } = step;
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      refuseUnless(before, [from]);
      const after = await writeTenant(tx, before, { status: to, statusReason: reason && reasonOf(reason) }, at);
      const status = reason ? ("FAILED" as const) : ("SUCCEEDED" as const);
      return { after, item: { status, durationMs, error: reason } };
    });
  }

  noteFailure(
    lease: JobLease,
    id: TenantId,
    error: JobError,
    durationMs: number,
    schema: AppliedSchema | undefined = undefined,
  ): Promise<Tenant> {
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      const { version: schemaVersion, checksum: schemaChecksum } = schema ?? {};
      const patch: TenantPatch = { statusReason: reasonOf(error), ...(schema && { schemaVersion, schemaChecksum }) };
      return { after: await writeTenant(tx, before, patch, at), item: { status: "FAILED", durationMs, error } };
    });
  }

  async migrated(lease: JobLease, schema: AppliedSchema, ended: readonly MigratedTenant[]): Promise<void> {
    const changes = await this.db.transaction((tx) => writeMigrated(tx, lease, schema, ended, this.clock.now()));
    for (const change of changes) this.changes.publish(change);
  }

  bury(lease: JobLease, id: TenantId, durationMs: number): Promise<Tenant> {
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      refuseUnless(before, ["DELETING"]);
      const erased = await eraseTenant(tx, id);
      const patch: TenantPatch = { status: "DELETED", statusReason: undefined, deletedAt: at };
      return { ...erased, after: await writeTenant(tx, before, patch, at), item: { status: "SUCCEEDED", durationMs } };
    });
  }

  keepPending(lease: JobLease, id: TenantId, password: SealedSecret): Promise<SealedSecret> {
    return this.db.transaction(async (tx) => {
      await lockForHolder(tx, lease);
      await lockTenant(tx, id);
      const known = await pendingOf(tx, id);
      if (known !== undefined) return known;
      await tx.insert(pendingPasswords).values({ tenantId: id, password, createdAt: this.clock.now() });
      return password;
    });
  }

  promotePending(lease: JobLease, id: TenantId, password: SealedSecret, durationMs: number): Promise<Tenant> {
    return this.#writer.settle(lease, id, async (tx, before, at) => {
      const [gone] = await tx.delete(pendingPasswords).where(eq(pendingPasswords.tenantId, id));
      if (gone.affectedRows === 0) throw new InvalidState(`No password of the tenant "${before.slug}" is pending.`);
      await tx.update(tenants).set({ password }).where(eq(tenants.id, id));
      const after = await writeTenant(tx, before, { statusReason: undefined }, at);
      return { after, item: { status: "SUCCEEDED", durationMs } };
    });
  }

  dropPending(lease: JobLease, id: TenantId): Promise<void> {
    return this.db.transaction(async (tx) => {
      await lockForHolder(tx, lease);
      await tx.delete(pendingPasswords).where(eq(pendingPasswords.tenantId, id));
    });
  }

  findPending(id: TenantId): Promise<SealedSecret | undefined> {
    return this.db.read((orm) => pendingOf(orm, id));
  }

  stranded(limit: number): Promise<readonly StrandedTenant[]> {
    return this.db.read(async (orm) => {
      const unfinished = await orm
        .select(tenantColumns)
        .from(tenants, { forceIndex: "tenants_status_created" })
        .where(and(inArray(tenants.status, ["PROVISIONING", "DELETING"]), isNull(tenants.busyJobId)))
        .orderBy(asc(tenants.createdAt), asc(tenants.id))
        .limit(limit);
      const rotating = await orm
        .select(tenantColumns)
        .from(pendingPasswords)
        .innerJoin(tenants, eq(tenants.id, pendingPasswords.tenantId))
        .where(and(eq(tenants.status, "ACTIVE"), isNull(tenants.busyJobId)))
        .orderBy(asc(pendingPasswords.createdAt))
        .limit(limit);
      return [
        ...unfinished.map((row) => ({
          tenant: toTenant(row),
          work: row.status === "DELETING" ? ("DELETING" as const) : ("PROVISIONING" as const),
        })),
        ...rotating.map((row) => ({ tenant: toTenant(row), work: "ROTATING" as const })),
      ];
    });
  }
}

async function pendingOf(orm: Orm, id: TenantId): Promise<SealedSecret | undefined> {
  const [row] = await orm
    .select({ password: pendingPasswords.password })
    .from(pendingPasswords)
    .where(eq(pendingPasswords.tenantId, id));
  return row?.password;
}

function refuseUnless({ slug, status }: Tenant, from: readonly TenantStatus[]): void {
  if (from.includes(status)) return;
  const wanted = from.length === 1 ? from[0] : `one of ${from.join(", ")}`;
  throw new InvalidState(`The tenant "${slug}" is ${status}, not ${wanted}.`, { field: ["input", "id"] });
}

function reasonOf({ code, message }: JobError): string {
  return `${code}: ${message}`;
}
