import { eq } from "drizzle-orm";
import type { Origin } from "../../kit/actor.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids, JobId } from "../../kit/ids.ts";
import type { TestBaseline, TestBaselineStore } from "../../test-runs/comparison/test-baseline.ts";
import type { TestKind } from "../../test-runs/test-run.ts";
import { writeAudit } from "../access/audit-rows.ts";
import type { RegistryDatabase } from "../database.ts";
import { testKinds } from "../tables/test-kinds.ts";

/** Accepted runs in the registry. */
export class DrizzleTestBaselineStore implements TestBaselineStore {
  constructor(
    private readonly db: RegistryDatabase,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  find(kind: TestKind): Promise<TestBaseline | undefined> {
    return this.db.read(async (orm) => {
      const [row] = await orm.select().from(testKinds).where(eq(testKinds.kind, kind));
      if (!row?.baselineRunId || !row.baselineAcceptedAt) return undefined;
      return { kind, runId: row.baselineRunId, acceptedAt: row.baselineAcceptedAt };
    });
  }

  accept(kind: TestKind, runId: JobId, origin: Origin): Promise<TestBaseline> {
    return this.db.transaction(async (tx) => {
      const acceptedAt = this.clock.now();
      const accepted = { baselineRunId: runId, baselineAcceptedAt: acceptedAt };
      await tx
        .insert(testKinds)
        .values({ kind, ...accepted })
        .onDuplicateKeyUpdate({ set: accepted });
      const note = { origin, action: "setTestBaseline", subject: `TestRun:${runId}`, result: "OK" };
      await writeAudit(tx, this.ids, acceptedAt, [note]);
      return { kind, runId, acceptedAt };
    });
  }
}
