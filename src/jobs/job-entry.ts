import { type Job, type JobEvent, noProgress, type Progress } from "./job.ts";
import type { NewJob } from "./job-store.ts";

/** What of a job needs no work any more when it is entered. */
export interface DoneAtEntry {
  /** How many of its items. Where that is all of them, the job has ended. */
  readonly items: number;
  /** How the job ends then. */
  readonly message: string;
}

/** A job as it is entered, and its events so far. Pure. */
export function jobAtEntry(
  wish: NewJob,
  at: Date,
  done?: DoneAtEntry,
): { readonly job: Job; readonly events: readonly JobEvent[] } {
  const { id, kind, tenantId, input, requestedBy, items } = wish;
  const total = items.length;
  const queued: Progress = { ...noProgress, total };
  const first: JobEvent = { jobId: id, sequence: 1, at, status: "QUEUED", progress: queued, message: "Queued." };
  const base = { id, kind, tenantId, input, requestedBy, createdAt: at };
  if (!done || done.items < total || total === 0) {
    const finished = done?.items ?? 0;
    const percent = finished === 0 ? 0 : Math.floor((finished * 1_000) / total) / 10;
    const progress: Progress = { ...queued, done: finished, percent };
    const job: Job = { ...base, status: "QUEUED", progress, attempts: 0, lastSequence: 1 };
    return { job, events: [{ ...first, progress }] };
  }
  const progress: Progress = { ...queued, phase: "done", done: total, percent: 100, etaSeconds: 0 };
  // It goes the way of every job, only that nobody has to wait for it.
  const events: readonly JobEvent[] = [
    first,
    { ...first, sequence: 2, status: "RUNNING", progress: { ...queued, phase: "starting" }, message: "Started." },
    { ...first, sequence: 3, status: "SUCCEEDED", progress, message: done.message },
  ];
  const ended = { startedAt: at, finishedAt: at, attempts: 1, lastSequence: events.length };
  return { job: { ...base, ...ended, status: "SUCCEEDED", progress }, events };
}
