import { and, asc, eq, inArray, isNotNull, lt, or } from "drizzle-orm";
import type { HistoryStore } from "../../provisioning/sweep/retention.ts";
import type { RegistryDatabase } from "../database.ts";
import { findings } from "../tables/findings.ts";
import { idempotencyKeys } from "../tables/idempotency-keys.ts";
import { jobEvents } from "../tables/job-events.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { testResults } from "../tables/test-results.ts";
import { testRuns } from "../tables/test-runs.ts";

/** What is over, in the registry. */
export class DrizzleHistoryStore implements HistoryStore {
  constructor(private readonly db: RegistryDatabase) {}

  deleteEndedJobs(before: Date, limit: number): Promise<number> {
    return this.db.transaction(async (tx) => {
      const rows = await tx
        .select({ id: jobs.id })
        .from(jobs, { forceIndex: "jobs_finished" })
        .where(and(isNotNull(jobs.finishedAt), lt(jobs.finishedAt, before)))
        .orderBy(asc(jobs.finishedAt), asc(jobs.id))
        .limit(limit);
      const ids = rows.map(({ id }) => id);
      if (ids.length === 0) return 0;
      await tx.delete(testResults).where(inArray(testResults.runId, ids));
      await tx.delete(testRuns).where(inArray(testRuns.id, ids));
      await tx.delete(jobItems).where(inArray(jobItems.jobId, ids));
      await tx.delete(jobEvents).where(inArray(jobEvents.jobId, ids));
      await tx.delete(jobs).where(inArray(jobs.id, ids));
      return ids.length;
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
