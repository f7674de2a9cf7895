import type { JobId, ServerId } from "../kit/ids.ts";

/**
 * Something the service made for its own use on a tenant server: `scratch…` is a database, an account, a role or any of them together;
 * `tnt….tenantry_canary` is a canary, `tnt….scratch…` a load's table in a tenant's database.
 */
export interface ScratchObject {
  readonly name: string;
  readonly serverId: ServerId;
  /** A word for what it was made for, e.g. `folding`; where a job owns it, what {@link scratchPurpose} makes of both. */
  readonly purpose: string;
  readonly createdAt: Date;
}

/** The purpose of what a job made: as long as the job lives, it is nobody else's business. */
export function scratchPurpose(word: string, jobId: JobId): string {
  return `${word}:${jobId}`;
}

/** The job that made it; undefined: whoever made it was none. */
export function jobOfScratch({ purpose }: ScratchObject): JobId | undefined {
  const [, jobId] = purpose.split(":");
  return jobId as JobId | undefined;
}

/** What must be dropped again, remembered before it is made, so that a reaper finds it after a crash. Each method is one transaction. */
export interface ScratchStore {
  /** Remembering it twice is harmless; from then on it is there for the new purpose. */
  remember(name: string, serverId: ServerId, purpose: string): Promise<void>;
  /** The same of several: all or none. */
  rememberAll(names: readonly string[], serverId: ServerId, purpose: string): Promise<void>;
  /** It is gone. */
  forget(name: string): Promise<void>;
  /** They are gone. */
  forgetAll(names: readonly string[]): Promise<void>;
  /** What was remembered before an instant; the oldest first, at most `limit`, after `after`. */
  listOlderThan(before: Date, limit: number, after?: ScratchObject): Promise<readonly ScratchObject[]>;
  /** All that was made for a purpose, by name. */
  listByPurpose(purpose: string): Promise<readonly ScratchObject[]>;
}
