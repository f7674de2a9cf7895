import { and, asc, eq, inArray, isNotNull, lt, notExists, or } from "drizzle-orm";
import type { JobId } from "../../kit/ids.ts";
import type { HistoryStore } from "../../provisioning/sweep/retention.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { findings } from "../tables/findings.ts";
import { idempotencyKeys } from "../tables/idempotency-keys.ts";
import { jobEvents } from "../tables/job-events.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { testKinds } from "../tables/test-kinds.ts";
import { testResults } from "../tables/test-results.ts";
import { testRuns } from "../tables/test-runs.ts";

/** Jobs that are taken at a time. */
const jobsAtOnce = 100;

/** What is over, in the registry. */
export class DrizzleHistoryStore implements HistoryStore {
  constructor(private readonly db: RegistryDatabase) {}

  deleteEndedJobs(before: Date, limit: number): Promise<number> {
    return this.db.transaction(async (tx) => {
      const ids = await oldestEnded(tx, before, Math.min(limit, jobsAtOnce));
      if (ids.length === 0) return 0;
      let left = limit;
      // What a job over thousands of tenants has written is more than one statement can delete in its time.
      for (const part of [
        () => tx.delete(testResults).where(inArray(testResults.runId, ids)),
        () => tx.delete(jobItems).where(inArray(jobItems.jobId, ids)),
        () => tx.delete(jobEvents).where(inArray(jobEvents.jobId, ids)),
      ]) {
        const [gone] = await part().limit(left);
        left -= gone.affectedRows;
        if (left <= 0) return limit;
      }
      const bare = ids.slice(0, left);
      await tx.delete(testRuns).where(inArray(testRuns.id, bare));
      await tx.delete(jobs).where(inArray(jobs.id, bare));
      return limit - left + bare.length;
    });
  }

  async deleteClosedFindings(before: Date, limit: number): Promise<number> {
    // What is still open is still true, whichever job saw it; it goes when another look has closed it.
    const closed = and(eq(findings.isOpen, false), lt(findings.observedAt, before));
    const [gone] = await this.db.transaction((tx) => tx.delete(findings).where(closed).limit(limit));
    return gone.affectedRows;
  }

  deleteKeys(before: Date, limit: number): Promise<number> {
    return this.db.transaction(async (tx) => {
      const keys = await tx
        .select({ actorId: idempotencyKeys.actorId, keyHash: idempotencyKeys.keyHash })
        .from(idempotencyKeys)
        .where(lt(idempotencyKeys.createdAt, before))
        .orderBy(asc(idempotencyKeys.createdAt))
        .limit(limit);
      if (keys.length === 0) return 0;
      const these = keys.map(({ actorId, keyHash }) =>
        and(eq(idempotencyKeys.actorId, actorId), eq(idempotencyKeys.keyHash, keyHash)),
      );
      await tx.delete(idempotencyKeys).where(or(...these));
      return keys.length;
    });
  }
}

/** A run that later ones are held against is not over, however long ago it ended. */
async function oldestEnded(tx: Orm, before: Date, limit: number): Promise<JobId[]> {
  const baseline = tx.select({ kind: testKinds.kind }).from(testKinds).where(eq(testKinds.baselineRunId, jobs.id));
  const rows = await tx
    .select({ id: jobs.id })
    .from(jobs, { forceIndex: "jobs_finished" })
    .where(and(isNotNull(jobs.finishedAt), lt(jobs.finishedAt, before), notExists(baseline)))
    .orderBy(asc(jobs.finishedAt), asc(jobs.id))
    .limit(limit);
  return rows.map(({ id }) => id);
}
