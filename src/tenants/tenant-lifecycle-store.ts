import type { Job, JobError } from "../jobs/job.ts";
import type { JobLease, NewJob } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import type { TenantId } from "../kit/ids.ts";
import type { SealedSecret } from "../kit/secret-box.ts";
import type { Tenant, TenantStatus } from "./tenant.ts";

/** A wish that one job changes one tenant. */
export interface LifecycleWish {
  readonly tenantId: TenantId;
  /** Its kind says what becomes of the tenant; its only item is the tenant. The status before is added to its input. */
  readonly job: NewJob;
  /** In which states the tenant may be. */
  readonly from: readonly TenantStatus[];
  /** What it becomes with the entering of the job; absent: the job says when. */
  readonly to?: TenantStatus | undefined;
  /** Name of the mutation, for the audit log. */
  readonly action: string;
}

/** What a tenant's database has been brought to, read back. */
export interface AppliedSchema {
  /** Tag of the newest migration applied. */
  readonly version?: string | undefined;
  /** Checksum over all that were applied, as a folder of just these has it; absent: not known. */
  readonly checksum?: string | undefined;
}

/** A tenant whose database a job has brought further. */
export interface MigratedTenant {
  readonly id: TenantId;
  /** Tag of the newest migration before. */
  readonly from?: string | undefined;
  readonly durationMs: number;
}

/** A tenant that nobody works on, although its state says that somebody must. */
export interface StrandedTenant {
  readonly tenant: Tenant;
  /** What was going on. */
  readonly work: "PROVISIONING" | "DELETING" | "ROTATING";
}

/**
 * The registry, as far as the later life of tenants is concerned. Each method is one transaction; each change grows the
 * generation. What names a lease is fenced by it and settles the tenant's item in the same write. @throws LeaseLost
 */
export interface TenantLifecycleStore {
  /** Enters the job and occupies the tenant. @throws NotFound, TenantBusy, InvalidState (the state is named) */
  begin(wish: LifecycleWish, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;

  /** From one status to another; why it was said to be otherwise is forgotten, unless a new reason is given. @throws InvalidState */
  move(
    lease: JobLease,
    id: TenantId,
    step: { readonly from: TenantStatus; readonly to: TenantStatus; readonly reason?: JobError | undefined },
    durationMs: number,
  ): Promise<Tenant>;
  /**
   * The job failed with this tenant, whose status stays: the reason becomes the tenant's.
   * @param schema how far the failed job brought the database all the same
   */
  noteFailure(
    lease: JobLease,
    id: TenantId,
    error: JobError,
    durationMs: number,
    schema?: AppliedSchema,
  ): Promise<Tenant>;
  /** These databases were brought to one schema; a tenant that is gone meanwhile is passed over. */
  migrated(lease: JobLease, schema: AppliedSchema, ended: readonly MigratedTenant[]): Promise<void>;
  /** DELETING → DELETED: secrets, domains, labels and health are erased, the slug is free. @throws InvalidState */
  bury(lease: JobLease, id: TenantId, durationMs: number): Promise<Tenant>;

  /** Keeps a password that is about to be set; one that an earlier start kept stays. @returns the one that counts */
  keepPending(lease: JobLease, id: TenantId, password: SealedSecret): Promise<SealedSecret>;
  /** The pending password, sealed anew for its place, becomes the tenant's. @throws InvalidState when there is none */
  promotePending(lease: JobLease, id: TenantId, password: SealedSecret, durationMs: number): Promise<Tenant>;
  /** The pending password was not set, or taken back. */
  dropPending(lease: JobLease, id: TenantId): Promise<void>;
  findPending(id: TenantId): Promise<SealedSecret | undefined>;

  /** Tenants whose unfinished work no job has, at most `limit`. */
  stranded(limit: number): Promise<readonly StrandedTenant[]>;
}
