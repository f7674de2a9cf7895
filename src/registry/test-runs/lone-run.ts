import { eq, sql } from "drizzle-orm";
import { isFinal } from "../../jobs/job.ts";
import { LimitExceeded } from "../../kit/domain-error.ts";
import type { JobId } from "../../kit/ids.ts";
import type { TestKind } from "../../test-runs/test-run.ts";
import type { Orm } from "../database.ts";
import { jobs } from "../tables/jobs.ts";
import { testKinds } from "../tables/test-kinds.ts";

/** Makes a run the only one of its kind; of two at once, the second waits for the first and is refused. @throws LimitExceeded that names the run in the way */
export async function takeTurn(tx: Orm, kind: TestKind, runId: JobId): Promise<void> {
  // The row is locked by this, whether it was there or not.
  await tx
    .insert(testKinds)
    .values({ kind })
    .onDuplicateKeyUpdate({ set: { kind: sql`values(kind)` } });
  const [before] = await tx
    .select({ id: jobs.id, status: jobs.status })
    .from(testKinds)
    .innerJoin(jobs, eq(jobs.id, testKinds.loneRunId))
    .where(eq(testKinds.kind, kind));
  if (before && !isFinal(before.status)) {
    throw new LimitExceeded(`Another ${kind} test is under way; only one runs at a time.`, before.id);
  }
  await tx.update(testKinds).set({ loneRunId: runId }).where(eq(testKinds.kind, kind));
}
