import type { Actor } from "../kit/actor.ts";
import type { JobId, TenantId } from "../kit/ids.ts";

export const jobKinds = [
  "PROVISION_TENANTS",
  "SUSPEND_TENANT",
  "RESUME_TENANT",
  "DELETE_TENANT",
  "VALIDATE_TENANTS",
  "REPAIR_TENANTS",
  "MIGRATE_TENANTS",
  "SEED_TENANTS",
  "ROTATE_CREDENTIALS",
  "CONNECTION_TEST",
  "ISOLATION_TEST",
  "PERFORMANCE_TEST",
  "FILL_WARM_POOL",
  "REENCRYPT_SECRETS",
] as const;
export type JobKind = (typeof jobKinds)[number];

export const jobStatuses = ["QUEUED", "RUNNING", "CANCELLING", "SUCCEEDED", "FAILED", "CANCELLED"] as const;
export type JobStatus = (typeof jobStatuses)[number];
export type FinalJobStatus = Extract<JobStatus, "SUCCEEDED" | "FAILED" | "CANCELLED">;

const next: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  QUEUED: ["RUNNING", "CANCELLING"],
  RUNNING: ["SUCCEEDED", "FAILED", "CANCELLING", "QUEUED"], // QUEUED again: handed back, or the lease ran out
  CANCELLING: ["CANCELLED", "SUCCEEDED", "FAILED"], // the work may have ended before it saw the wish
  SUCCEEDED: [],
  FAILED: [],
  CANCELLED: [],
};

/** Whether a job may go from one status to the other. */
export function mayBecome(from: JobStatus, to: JobStatus): boolean {
  return next[from].includes(to);
}

export function isFinal(status: JobStatus): status is FinalJobStatus {
  return next[status].length === 0;
}

/** `done + failed + skipped <= total`. `percent` is 0..100, never falls, and is 100 only with the final event. */
export interface Progress {
  readonly phase: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  readonly percent: number;
  /** Items per second of the last seconds. */
  readonly ratePerSecond?: number | undefined;
  readonly etaSeconds?: number | undefined;
}

export const noProgress: Progress = { phase: "queued", total: 0, done: 0, failed: 0, skipped: 0, percent: 0 };

/** Why a job or one of its items failed. Code and message are public. */
export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** What a job is to do, as plain JSON; each handler parses its own. */
export type JobInput = Readonly<Record<string, unknown>>;

/** Durable slow work on one tenant or on many. */
export interface Job {
  readonly id: JobId;
  readonly kind: JobKind;
  readonly status: JobStatus;
  /** Set for work on one tenant. */
  readonly tenantId?: TenantId | undefined;
  readonly input: JobInput;
  readonly requestedBy: Actor;
  readonly progress: Progress;
  readonly error?: JobError | undefined;
  /** How often it was started. */
  readonly attempts: number;
  /** Sequence of its newest event. */
  readonly lastSequence: number;
  readonly createdAt: Date;
  readonly startedAt?: Date | undefined;
  readonly finishedAt?: Date | undefined;
}

/** One step of a job's life. `sequence` starts at 1 and grows by exactly 1; the event with a final status is the last. */
export interface JobEvent {
  readonly jobId: JobId;
  readonly sequence: number;
  readonly at: Date;
  readonly status: JobStatus;
  readonly progress: Progress;
  readonly message: string;
  /** What the kind adds, as plain JSON, e.g. a test run's live figures. */
  readonly detail?: unknown;
}

export const jobItemStatuses = ["PENDING", "SUCCEEDED", "FAILED", "SKIPPED"] as const;
/** PENDING: in the job's scope, not reached yet; never shown to clients. */
export type JobItemStatus = (typeof jobItemStatuses)[number];

/** What became of one tenant in a job. */
export interface JobItem {
  readonly tenantId: TenantId;
  readonly status: JobItemStatus;
  readonly durationMs: number;
  readonly error?: JobError | undefined;
  /** Set by a migration: the tenant's schema version before and after. */
  readonly fromVersion?: string | undefined;
  readonly toVersion?: string | undefined;
}

/** How many items of a job stand where. */
export interface JobItemCounts {
  readonly total: number;
  readonly pending: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
}
