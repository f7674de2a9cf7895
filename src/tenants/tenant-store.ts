import type { Job, JobError } from "../jobs/job.ts";
import type { JobLease, NewJob } from "../jobs/job-store.ts";
import type { Origin } from "../kit/actor.ts";
import { DomainError, type DomainErrorOptions } from "../kit/domain-error.ts";
import type { DomainId, JobId, ServerId, TenantId } from "../kit/ids.ts";
import type { Page, PageRequest } from "../kit/page.ts";
import type { SealedSecret } from "../kit/secret-box.ts";
import type { Domain, Label, Tenant, TenantHealth, TenantStatus } from "./tenant.ts";
import type { AppliedSchema } from "./tenant-lifecycle-store.ts";

export class SlugTaken extends DomainError {
  readonly code = "SLUG_TAKEN";
  constructor(
    readonly slug: string,
    options?: DomainErrorOptions,
  ) {
    super(`A tenant with the slug "${slug}" already exists.`, options);
  }
}

export class DomainTaken extends DomainError {
  readonly code = "DOMAIN_TAKEN";
  constructor(
    readonly hostname: string,
    options?: DomainErrorOptions,
  ) {
    super(`The domain "${hostname}" already belongs to a tenant.`, options);
  }
}

/** Another changing job has the tenant. */
export class TenantBusy extends DomainError {
  readonly code = "TENANT_BUSY";
  override readonly retryable = true;
  constructor(readonly jobId: JobId) {
    super("Another job is changing this tenant.");
  }
}

export class StaleGeneration extends DomainError {
  readonly code = "STALE_GENERATION";
  constructor(
    readonly expected: number,
    readonly actual: number,
  ) {
    super(`The tenant has generation ${actual}, not ${expected}: it was changed meanwhile.`, {
      field: ["input", "expectedGeneration"],
    });
  }
}

export class IdempotencyKeyReused extends DomainError {
  readonly code = "IDEMPOTENCY_KEY_REUSED";
}

/** A tenant to be entered, with names and a credential that were made for it. */
export interface NewTenant {
  readonly id: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly serverId: ServerId;
  readonly databaseName: string;
  readonly password: SealedSecret;
  readonly seed: boolean;
  /** The first is the primary one. */
  readonly domains: readonly { readonly id: DomainId; readonly hostname: string }[];
  readonly labels: readonly Label[];
  /** A ready-made database of this schema on its server may be taken. Then its id, name and password count, and not these. */
  readonly warmSchema?: AppliedSchema | undefined;
}

/** What makes a repeated request the same request. */
export interface Idempotency {
  readonly key: string;
  /** Name of the mutation. */
  readonly operation: string;
  /** Hash of the input without the key. */
  readonly inputHash: string;
}

export interface Admission {
  readonly tenants: readonly NewTenant[];
  readonly job: NewJob;
  /** Name of the mutation, for the audit log. */
  readonly action: string;
  readonly origin: Origin;
  readonly idempotency?: Idempotency | undefined;
}

export interface Admitted {
  /** In the order of the admission. */
  readonly tenants: readonly Tenant[];
  readonly job: Job;
  /** True when the idempotency key was known: nothing was entered, this is what was entered then, as it is now. */
  readonly repeated: boolean;
}

export interface TenantFilter {
  readonly ids?: readonly TenantId[] | undefined;
  readonly slugs?: readonly string[] | undefined;
  /** Absent: all but DELETED. */
  readonly statuses?: readonly TenantStatus[] | undefined;
  readonly serverId?: ServerId | undefined;
  readonly schemaVersions?: readonly string[] | undefined;
  /** All of these. */
  readonly labels?: readonly Label[] | undefined;
  /** Prefix of slug, name or hostname. */
  readonly search?: string | undefined;
}

export interface TenantOrder {
  readonly field: "CREATED_AT" | "NAME" | "SLUG";
  readonly direction: "ASC" | "DESC";
}

/** What changes of a tenant's own description; absent stays as it is. */
export interface TenantUpdate {
  readonly id: TenantId;
  readonly name?: string | undefined;
  readonly slug?: string | undefined;
  /** Replaces all labels. */
  readonly labels?: readonly Label[] | undefined;
  readonly expectedGeneration?: number | undefined;
}

/** A change of a tenant's registry row. `before` is absent for a new tenant. */
export interface TenantChange {
  readonly before?: Tenant | undefined;
  readonly after: Tenant;
  /** Set where the change was one of labels. */
  readonly labelsBefore?: readonly Label[] | undefined;
  /** Set where the change was one of domains. */
  readonly hostnamesBefore?: readonly string[] | undefined;
}

/** What became of tenants that a job wanted. Those that do not exist are in neither. */
export interface Occupied {
  /** As they are now that nobody else changes them. */
  readonly taken: readonly Tenant[];
  /** The jobs that have the others. */
  readonly busy: ReadonlyMap<TenantId, JobId>;
}

/** The registry, as far as tenants are concerned. Each method is one transaction; each change grows the generation and is audited with its origin. */
export interface TenantStore {
  /**
   * Adds the tenants with the job that will provision them: all or none. Who takes a ready-made database is ACTIVE, and where all
   * do, the job has SUCCEEDED. @throws SlugTaken, DomainTaken (field = path of the entry), IdempotencyKeyReused
   */
  admit(admission: Admission): Promise<Admitted>;
  /** What an earlier request under this key entered, as it is now; undefined: the key is new. @throws IdempotencyKeyReused, InvalidState */
  recall(idempotency: Idempotency, origin: Origin): Promise<Admitted | undefined>;
  find(id: TenantId): Promise<Tenant | undefined>;
  findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]>;
  /** Never a DELETED one. */
  findBySlug(slug: string): Promise<Tenant | undefined>;
  /** Never a DELETED one. */
  findByHostname(hostname: string): Promise<Tenant | undefined>;
  /** @throws InvalidCursor */
  list(filter: TenantFilter, order: TenantOrder, page: PageRequest): Promise<Page<Tenant>>;
  /** Exact up to `cap`, and `cap` beyond. */
  count(filter: TenantFilter, cap: number): Promise<number>;
  /** Ids that match, in order of slug, page by page: at most `limit` after `afterSlug`. For jobs over a fleet. */
  scan(filter: TenantFilter, limit: number, afterSlug?: string): Promise<readonly Tenant[]>;

  /** @throws NotFound, SlugTaken, StaleGeneration, InvalidState for a DELETING or DELETED tenant */
  update(update: TenantUpdate, origin: Origin): Promise<Tenant>;
  /** @throws NotFound, DomainTaken, InvalidState, LimitExceeded beyond `maxDomains` */
  addDomain(
    tenantId: TenantId,
    domain: { readonly id: DomainId; readonly hostname: string; readonly primary: boolean },
    maxDomains: number,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }>;
  /** Where the primary one goes, the oldest that is left becomes primary. @throws NotFound, InvalidState */
  removeDomain(
    tenantId: TenantId,
    hostname: string,
    origin: Origin,
  ): Promise<{ readonly domain: Domain; readonly tenant: Tenant }>;
  /** FAILED → PROVISIONING with a new job. @throws NotFound, InvalidState, TenantBusy */
  retry(tenantId: TenantId, job: NewJob, origin: Origin): Promise<{ readonly tenant: Tenant; readonly job: Job }>;
  /**
   * Enters a job that provisions again what another one left: those of `job.items` that are FAILED or PROVISIONING become (or stay)
   * PROVISIONING. @throws InvalidState when there is none, TenantBusy
   */
  retryMany(job: NewJob, origin: Origin): Promise<Job>;

  domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]>;
  findDomains(ids: readonly DomainId[]): Promise<readonly Domain[]>;
  labelsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly Label[]>>;
  healthOf(ids: readonly TenantId[]): Promise<readonly TenantHealth[]>;
  /** The sealed password of each tenant that is not DELETED. */
  passwordsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, SealedSecret>>;
  /** Tenants per status. */
  statusCounts(): Promise<ReadonlyMap<TenantStatus, number>>;
  /** ACTIVE and SUSPENDED tenants per schema version; undefined: before the first migration. */
  schemaVersionCounts(): Promise<readonly { readonly version?: string | undefined; readonly tenants: number }[]>;

  /**
   * Gives the tenant to the job until its item is settled or the job ends: for jobs over many, which take each tenant when they
   * reach it. @returns TAKEN, or the job that has it @throws LeaseLost
   */
  occupy(lease: JobLease, id: TenantId): Promise<"TAKEN" | JobId>;
  /** The same for many in one write. @throws LeaseLost */
  occupyMany(lease: JobLease, ids: readonly TenantId[]): Promise<Occupied>;
  /** Takes tenants from the job that it did not touch; their items stay as they are. @throws LeaseLost */
  letGo(lease: JobLease, ids: readonly TenantId[]): Promise<void>;
  /** The jobs that change these tenants now. Waits for admissions under way. */
  busyWith(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, JobId>>;
  /** Whether the tenant's password is being changed; by which job, if one is at it. */
  rotationOf(id: TenantId): Promise<{ readonly jobId?: JobId | undefined } | undefined>;

  /**
   * PROVISIONING → ACTIVE and the job's item settled, in one write fenced by the lease.
   * @param schemaChecksum over all migrations applied @throws LeaseLost, InvalidState
   */
  activate(
    lease: JobLease,
    id: TenantId,
    schemaVersion: string | undefined,
    durationMs: number,
    schemaChecksum?: string,
  ): Promise<Tenant>;
  /** PROVISIONING → FAILED with a reason and the job's item settled, fenced by the lease. @throws LeaseLost */
  fail(
    lease: JobLease,
    id: TenantId,
    error: { readonly code: string; readonly message: string; readonly retryable: boolean },
    durationMs: number,
  ): Promise<Tenant>;
  /**
   * The same for all of these that are PROVISIONING, in one write; the items of the others are SKIPPED, for the same reason.
   * @throws LeaseLost
   */
  giveUp(lease: JobLease, ids: readonly TenantId[], error: JobError): Promise<void>;
}
