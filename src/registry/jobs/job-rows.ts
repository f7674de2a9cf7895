import type { InferSelectModel } from "drizzle-orm";
import type { Job, JobEvent, JobItem } from "../../jobs/job.ts";
import { jobEvents } from "../tables/job-events.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";

/** What the domain knows of a job. The lease stays in the table. */
export const jobColumns = {
  id: jobs.id,
  kind: jobs.kind,
  status: jobs.status,
  tenantId: jobs.tenantId,
  input: jobs.input,
  requestedBy: jobs.requestedBy,
  progress: jobs.progress,
  error: jobs.error,
  attempts: jobs.attempts,
  lastSequence: jobs.lastSequence,
  createdAt: jobs.createdAt,
  startedAt: jobs.startedAt,
  finishedAt: jobs.finishedAt,
};

export type JobRow = Pick<InferSelectModel<typeof jobs>, keyof typeof jobColumns>;

export function toJob(row: JobRow): Job {
  return {
    ...row,
    tenantId: row.tenantId ?? undefined,
    error: row.error ?? undefined,
    startedAt: row.startedAt ?? undefined,
    finishedAt: row.finishedAt ?? undefined,
  };
}

export function toJobEvent(row: InferSelectModel<typeof jobEvents>): JobEvent {
  return { ...row, detail: row.detail ?? undefined };
}

/** What the domain knows of an item, and its place in the order of settling. */
export const itemColumns = {
  tenantId: jobItems.tenantId,
  status: jobItems.status,
  durationMs: jobItems.durationMs,
  error: jobItems.error,
  settleOrder: jobItems.settleOrder,
  fromVersion: jobItems.fromVersion,
  toVersion: jobItems.toVersion,
};

export type ItemRow = Pick<InferSelectModel<typeof jobItems>, keyof typeof itemColumns>;

export function toJobItem({ tenantId, status, durationMs, error, fromVersion, toVersion }: ItemRow): JobItem {
  return {
    tenantId,
    status,
    durationMs,
    error: error ?? undefined,
    fromVersion: fromVersion ?? undefined,
    toVersion: toVersion ?? undefined,
  };
}
