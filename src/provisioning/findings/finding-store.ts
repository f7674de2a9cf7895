import type { JobItem } from "../../jobs/job.ts";
import type { JobLease } from "../../jobs/job-store.ts";
import type { Id, JobId, ServerId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { Tenant, TenantStatus } from "../../tenants/tenant.ts";
import type { FindingKind, RepairOutcome, Severity } from "../finding.ts";
import type { OutcomeOf } from "../repair/repair-plan.ts";

/** A finding as a job wrote it down. */
export interface RecordedFinding extends Omit<OutcomeOf, "remedy"> {
  readonly id: Id<"Finding">;
  readonly jobId: JobId;
  readonly serverId: ServerId;
  /** Absent for orphans and what concerns a whole server. */
  readonly tenantId?: TenantId | undefined;
  readonly observedAt: Date;
}

/** What a tenant's registry row is brought to, by what was observed. */
export type TenantCorrection = Partial<Pick<Tenant, "status" | "statusReason" | "schemaVersion" | "schemaChecksum">>;

/** What a job saw of one tenant, and did about it. */
export interface TenantVerdict {
  readonly item: JobItem;
  readonly serverId: ServerId;
  /** Absent: nothing could be seen, and what was known of the tenant before still counts. */
  readonly findings?: readonly OutcomeOf[] | undefined;
  readonly correction?: TenantCorrection | undefined;
}

/** What a job saw of a server as a whole. */
export interface ServerVerdict {
  readonly serverId: ServerId;
  /** Whether the look was at everything, or only whether the server answers. */
  readonly looked: "EVERYTHING" | "REACHABILITY";
  readonly findings: readonly OutcomeOf[];
}

export interface FindingFilter {
  readonly kinds?: readonly FindingKind[] | undefined;
  readonly severities?: readonly Severity[] | undefined;
  /** SERVER_SETTING left out. */
  readonly withoutAdvice?: boolean | undefined;
  readonly outcomes?: readonly RepairOutcome[] | undefined;
  readonly tenantId?: TenantId | undefined;
  readonly serverId?: ServerId | undefined;
}

/** A name that the registry gave, and to whom. */
export interface NameOwner {
  readonly databaseName: string;
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly status: TenantStatus;
  readonly serverId: ServerId;
  /** It came to the end of its provisioning once. */
  readonly wasReady: boolean;
}

/** The registry, as far as findings are concerned. Each method is one transaction. */
export interface FindingStore {
  /**
   * Writes down what was seen of these tenants: closes what was open of them, settles their items, corrects their rows and
   * says when it was; of each at most a thousand findings, of which the last says how many more there are. @throws LeaseLost
   */
  recordTenants(lease: JobLease, verdicts: readonly TenantVerdict[]): Promise<void>;
  /** Writes down what was seen of a server as a whole, and closes what was open of it. Repeating it replaces what the job wrote before. @throws LeaseLost */
  recordServer(lease: JobLease, verdict: ServerVerdict): Promise<void>;

  /** What a job saw, in the order of writing. @throws InvalidCursor */
  ofJob(jobId: JobId, filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>>;
  countOfJob(jobId: JobId, filter: FindingFilter): Promise<number>;
  /** What nobody has mended yet, newest first; of DELETED tenants nothing. @throws InvalidCursor */
  open(filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>>;
  /** Exact up to `cap`, and `cap` beyond. */
  countOpen(filter: FindingFilter, cap: number): Promise<number>;
  /** Open findings of these tenants. */
  openOf(tenantIds: readonly TenantId[]): Promise<readonly RecordedFinding[]>;

  /** Every name given to a tenant that is not DELETED and lives on the server. */
  namesOn(serverId: ServerId): Promise<readonly NameOwner[]>;
  /** Every name set aside for a tenant to come, on the server. */
  reservedNamesOn(serverId: ServerId): Promise<ReadonlySet<string>>;
  /** To whom these names were given, wherever they live, DELETED tenants included. */
  ownersOf(names: readonly string[]): Promise<readonly NameOwner[]>;
}
