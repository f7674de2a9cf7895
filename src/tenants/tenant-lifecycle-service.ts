import type { Job, JobKind } from "../jobs/job.ts";
import type { JobRetrier } from "../jobs/job-retrier.ts";
import type { Origin } from "../kit/actor.ts";
import { DomainError, InvalidState, NotFound } from "../kit/domain-error.ts";
import type { Ids, TenantId } from "../kit/ids.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";
import type { TenantLifecycleStore } from "./tenant-lifecycle-store.ts";
import type { TenantStore } from "./tenant-store.ts";
import { refuseUnfinishedRotation } from "./unfinished-rotation.ts";

/** The confirmation of something that cannot be taken back is missing or wrong. */
export class ConfirmationRequired extends DomainError {
  readonly code = "CONFIRMATION_REQUIRED";
}

/** A job that changes one tenant that is there. */
type LifecycleKind = Extract<JobKind, "SUSPEND_TENANT" | "RESUME_TENANT" | "ROTATE_CREDENTIALS" | "DELETE_TENANT">;

interface LifecycleRule {
  readonly action: string;
  readonly from: readonly TenantStatus[];
  readonly to?: TenantStatus;
}

const rules: Readonly<Record<LifecycleKind, LifecycleRule>> = {
  SUSPEND_TENANT: { action: "suspendTenant", from: ["ACTIVE"] },
  RESUME_TENANT: { action: "resumeTenant", from: ["SUSPENDED"] },
  ROTATE_CREDENTIALS: { action: "rotateTenantCredentials", from: ["ACTIVE"] },
  DELETE_TENANT: {
    action: "deleteTenant",
    // A deletion that came to a halt is taken up where it stopped.
    from: ["PROVISIONING", "ACTIVE", "SUSPENDED", "FAILED", "DELETING"],
    to: "DELETING",
  },
};

/** What {@link TenantLifecycleService} works with. */
export interface LifecycleServiceParts {
  readonly lifecycle: Pick<TenantLifecycleStore, "begin">;
  readonly tenants: Pick<TenantStore, "find" | "rotationOf">;
  readonly ids: Ids;
  /** Told that a job was entered. */
  readonly runner: { wake(): void };
}

/** A tenant, and the job that changes it. */
export interface TenantAndJob {
  readonly tenant: Tenant;
  readonly job: Job;
}

/** Suspends, resumes, rotates and deletes tenants: it enters the job, and touches no tenant server. */
export class TenantLifecycleService implements JobRetrier {
  readonly kinds: readonly JobKind[] = ["SUSPEND_TENANT", "RESUME_TENANT", "ROTATE_CREDENTIALS", "DELETE_TENANT"];

  constructor(private readonly parts: LifecycleServiceParts) {}

  /** @throws NotFound, InvalidState, TenantBusy */
  async suspend(id: TenantId, origin: Origin): Promise<TenantAndJob> {
    await refuseUnfinishedRotation(this.parts.tenants, id);
    return this.enter("SUSPEND_TENANT", id, origin);
  }

  /** @throws NotFound, InvalidState, TenantBusy */
  resume(id: TenantId, origin: Origin): Promise<TenantAndJob> {
    return this.enter("RESUME_TENANT", id, origin);
  }

  /** A rotation that was left unfinished is brought to its end. @throws NotFound, InvalidState, TenantBusy */
  rotate(id: TenantId, origin: Origin): Promise<TenantAndJob> {
    return this.enter("ROTATE_CREDENTIALS", id, origin);
  }

  /**
   * A tenant that is DELETED already is answered again, without a job: to wish it twice is harmless.
   * @param confirmSlug must be the tenant's slug @throws NotFound, ConfirmationRequired, TenantBusy
   */
  async delete(
    { id, confirmSlug }: { readonly id: TenantId; readonly confirmSlug: string },
    origin: Origin,
  ): Promise<{ readonly tenant: Tenant; readonly job?: Job | undefined }> {
    const tenant = await this.parts.tenants.find(id);
    if (!tenant) throw new NotFound("There is no such tenant.", { field: ["input", "id"] });
    if (tenant.slug !== confirmSlug) {
      throw new ConfirmationRequired("To delete the tenant, repeat its slug exactly.", {
        field: ["input", "confirmSlug"],
      });
    }
    if (tenant.status === "DELETED") return { tenant };
    return this.enter("DELETE_TENANT", id, origin);
  }

  /** Enters the job when the tenant's state allows it. @throws NotFound, InvalidState, TenantBusy */
  async enter(kind: LifecycleKind, tenantId: TenantId, origin: Origin, action?: string): Promise<TenantAndJob> {
    const { lifecycle, ids, runner } = this.parts;
    const rule = rules[kind];
    const job = { id: ids.next<"Job">(), kind, input: {}, requestedBy: origin.actor, items: [tenantId] };
    const entered = await lifecycle.begin({ ...rule, tenantId, job, action: action ?? rule.action }, origin);
    runner.wake();
    return entered;
  }

  async retry(job: Job, tenantIds: readonly TenantId[], origin: Origin): Promise<Job> {
    const [tenantId] = tenantIds;
    if (tenantId === undefined || !isLifecycle(job.kind)) {
      throw new InvalidState("The job has no tenant that could be retried.", { field: ["input", "id"] });
    }
    return (await this.enter(job.kind, tenantId, origin, "retryJob")).job;
  }
}

function isLifecycle(kind: JobKind): kind is LifecycleKind {
  return Object.hasOwn(rules, kind);
}
