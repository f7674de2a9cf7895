import type { JobStatus, Progress } from "../jobs/job.ts";
import type { Actor } from "../kit/actor.ts";
import type { LatencyStats } from "../kit/histogram.ts";
import type { JobId, TenantId } from "../kit/ids.ts";
import type { Rating, Tenant } from "../tenants/tenant.ts";
import type { TenantFilter } from "../tenants/tenant-store.ts";

export const testKinds = ["CONNECTION", "ISOLATION", "PERFORMANCE"] as const;
export type TestKind = (typeof testKinds)[number];

export const verdicts = ["PASS", "FAIL", "INCONCLUSIVE"] as const;
/** INCONCLUSIVE: could not be carried out; neither a pass nor a failure. */
export type Verdict = (typeof verdicts)[number];

export interface TestCoverage {
  readonly tenantsInScope: number;
  readonly tenantsTested: number;
}

export type BudgetLimit = "MAX_OPERATIONS" | "MAX_USERS" | "MAX_TENANTS" | "CONNECTIONS" | "GOVERNOR" | "DURATION";

/** What was asked for, what the limits allow, what was planned. */
export interface TestBudget {
  readonly requestedOperations: number;
  readonly maxOperations: number;
  readonly plannedOperations: number;
  readonly maxConcurrency: number;
  readonly limitedBy: readonly BudgetLimit[];
  /** Sentences: which tenants and why, and what became of the plan. A performance test writes them once its tenants are known. */
  readonly explanation?: readonly string[] | undefined;
}

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
  readonly inconclusive: number;
  /** 0..1, of operations for a performance test, of tenants otherwise. */
  readonly successRate: number;
  readonly operations: number;
  readonly operationsPerSecond?: number | undefined;
  readonly errors: number;
  readonly latency?: LatencyStats | undefined;
}

/** One run of a test over many tenants; its slow side is the job with the same id. */
export interface TestRun {
  readonly id: JobId;
  readonly kind: TestKind;
  /** The job's. */
  readonly status: JobStatus;
  /** The job's. */
  readonly progress: Progress;
  readonly options: Readonly<Record<string, unknown>>;
  readonly requestedBy: Actor;
  /** Set when the run has ended. */
  readonly verdict?: Verdict | undefined;
  readonly rating?: Rating | undefined;
  readonly coverage: TestCoverage;
  readonly budget: TestBudget;
  readonly summary: TestSummary;
  readonly recommendations: readonly string[];
  readonly createdAt: Date;
  readonly startedAt?: Date | undefined;
  readonly finishedAt?: Date | undefined;
}

interface ResultOfTenant {
  readonly tenantId: TenantId;
  readonly verdict: Verdict;
  readonly durationMs: number;
  readonly errorCode?: string | undefined;
  /** A sentence; says too when a success needed retries. */
  readonly message?: string | undefined;
}

export interface ConnectionTestResult extends ResultOfTenant {
  readonly kind: "CONNECTION";
  readonly attempts: number;
  /** Connect and log in as the tenant. */
  readonly connectMs?: number | undefined;
  /** First query. */
  readonly queryMs?: number | undefined;
  readonly rating?: Rating | undefined;
  readonly serverVersion?: string | undefined;
}

export const isolationCheckKinds = [
  "DATA",
  "SCHEMA",
  "GRANTS",
  "ROLES",
  "ACCOUNT",
  "CROSS_READ",
  "CROSS_WRITE",
  "STORED_CODE",
  "SESSION_STATE",
  "VISIBILITY",
] as const;
export type IsolationCheckKind = (typeof isolationCheckKinds)[number];

/** One side of a tenant's isolation. */
export interface IsolationCheck {
  readonly kind: IsolationCheckKind;
  readonly verdict: Verdict;
  /** What was tried and seen, with names and statements, and without secrets. */
  readonly evidence: string;
}

/** One thing in the server's books that opens a way from a tenant to others. Its texts may be shown. */
export interface IsolationCause {
  /** The same for the same thing, whomever it concerns. */
  readonly key: string;
  /** A clause: `'tnta'@'%' has SELECT on tntb.*`. */
  readonly text: string;
  /** One or two sentences. */
  readonly remedy: string;
  /** False: where it leads cannot be seen from here. */
  readonly sure: boolean;
  /** It opens the tenant to others, rather than others to the tenant. */
  readonly inward: boolean;
  /** Slugs of the first few that it leads to, database names of such as are no ACTIVE tenants; `ALL`: every tenant of the server. */
  readonly leadsTo: readonly string[] | "ALL";
  /** How many more it leads to. */
  readonly more: number;
  /** Kinds of checks that it made fail. */
  readonly shows: readonly IsolationCheckKind[];
}

/** A way that got through although the books show nothing that opens it. */
export interface UnexplainedReach {
  readonly check: IsolationCheckKind;
  /** Words that follow "by". */
  readonly route: string;
  /** Slug or database name; absent: at nobody in particular. */
  readonly victim?: string | undefined;
}

export interface IsolationTestResult extends ResultOfTenant {
  readonly kind: "ISOLATION";
  /** Each kind once, in the order of {@link isolationCheckKinds}. */
  readonly checks: readonly IsolationCheck[];
  /** What opens the ways that were found; absent in results of an earlier version. */
  readonly causes?: readonly IsolationCause[] | undefined;
  /** The first of each kind. */
  readonly unexplained?: readonly UnexplainedReach[] | undefined;
}

export const deepTestKinds = ["PERSISTENCE", "CONCURRENT_WRITERS", "ROLLBACK"] as const;
export type DeepTestKind = (typeof deepTestKinds)[number];

/** One thing that a database must do right however quick it is. */
export interface DeepTest {
  readonly kind: DeepTestKind;
  readonly passed: boolean;
  /** What was seen. */
  readonly evidence: string;
}

/** How many operations failed in one way. */
export interface ErrorCount {
  readonly code: string;
  readonly count: number;
}

export interface PerformanceTestResult extends ResultOfTenant {
  readonly kind: "PERFORMANCE";
  /** Operations that were answered, well or not. */
  readonly operations: number;
  readonly errors: number;
  /** Operations that were sent and broken off with the run; absent in results of an earlier version, which did not count them. */
  readonly brokenOff?: number | undefined;
  readonly operationsPerSecond: number;
  /** From the moment each operation was due; all zeros when there was none. */
  readonly latency: LatencyStats;
  readonly rating?: Rating | undefined;
  /** The most frequent first. */
  readonly errorsByCode: readonly ErrorCount[];
  /** Empty when they were left out, or not reached. */
  readonly deepTests: readonly DeepTest[];
  /** Seconds that the load took. */
  readonly seconds: number;
  /** The latencies as an encoded histogram, so that those of a run can be put together exactly. */
  readonly histogram: string;
}

/** What a run says of one tenant. Further kinds join this union. */
export type TestResult = ConnectionTestResult | IsolationTestResult | PerformanceTestResult;

/** What the event of a test run adds to the job's: the live figures. Plain JSON in {@link JobEvent.detail}. */
export interface TestRunDetail {
  readonly operations: number;
  readonly operationsPerSecond?: number | undefined;
  readonly errors: number;
  readonly latency?: LatencyStats | undefined;
  /** Tenants whose results came since the last event, at most 20: the newest. */
  readonly latest: readonly TenantId[];
  readonly verdict?: Verdict | undefined;
  /** Operations at once that the governor lets through; absent where there is no load. */
  readonly concurrency?: number | undefined;
  /** Why they are fewer than they could be, as a sentence's end. */
  readonly slowedBecause?: string | undefined;
}

export interface TestRunFilter {
  readonly kinds?: readonly TestKind[] | undefined;
  readonly statuses?: readonly JobStatus[] | undefined;
}

/** Which tenants a run takes. */
export interface TestScope {
  readonly filter: TenantFilter;
  readonly maxTenants?: number | undefined;
}

/** What the probes need to know of a tenant. */
export type ProbedTenant = Pick<Tenant, "id" | "serverId" | "databaseName" | "status" | "slug">;
