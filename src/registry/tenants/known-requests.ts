import { createHash } from "node:crypto";
import { and, asc, eq } from "drizzle-orm";
import type { Origin } from "../../kit/actor.ts";
import { InvalidState } from "../../kit/domain-error.ts";
import type { JobId } from "../../kit/ids.ts";
import { type Admission, type Admitted, type Idempotency, IdempotencyKeyReused } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { jobColumns, toJob } from "../jobs/job-rows.ts";
import { insertInto, type Statement } from "../statements.ts";
import { idempotencyKeys } from "../tables/idempotency-keys.ts";
import { jobItems } from "../tables/job-items.ts";
import { jobs } from "../tables/jobs.ts";
import { tenants } from "../tables/tenants.ts";
import { tenantColumns, toTenant } from "./tenant-rows.ts";

/** Enters the idempotency key of an admission, if it has one. A request at the same time waits here for the other's commit. */
export function requestStatements({ idempotency, origin, job }: Admission, at: Date): readonly Statement[] {
  if (!idempotency) return [];
  const { operation, inputHash } = idempotency;
  const row = { actorId: origin.actor.id, keyHash: hashOf(idempotency), operation, inputHash, jobId: job.id };
  return insertInto(idempotencyKeys, [{ ...row, createdAt: at }]);
}

/** What an earlier request under this key entered, as it is now. @throws IdempotencyKeyReused, InvalidState */
export async function recallRequest(
  orm: Orm,
  idempotency: Idempotency,
  { actor }: Origin,
): Promise<Admitted | undefined> {
  const [known] = await orm
    .select()
    .from(idempotencyKeys)
    .where(and(eq(idempotencyKeys.actorId, actor.id), eq(idempotencyKeys.keyHash, hashOf(idempotency))));
  if (!known) return undefined;
  if (known.operation !== idempotency.operation || known.inputHash !== idempotency.inputHash) {
    throw new IdempotencyKeyReused("The idempotency key was used for another request.", {
      field: ["input", "idempotencyKey"],
    });
  }
  return { ...(await readAdmitted(orm, known.jobId)), repeated: true };
}

function hashOf({ key }: Idempotency): string {
  return createHash("sha256").update(key).digest("hex");
}

/** What was entered with a job, as it is now. */
async function readAdmitted(orm: Orm, jobId: JobId): Promise<Pick<Admitted, "tenants" | "job">> {
  const [job] = await orm.select(jobColumns).from(jobs).where(eq(jobs.id, jobId));
  if (!job)
    throw new InvalidState("What was entered under this idempotency key is too old to be shown again.", {
      field: ["input", "idempotencyKey"],
    });
  const rows = await orm
    .select(tenantColumns)
    .from(jobItems)
    .innerJoin(tenants, eq(tenants.id, jobItems.tenantId))
    .where(eq(jobItems.jobId, jobId))
    .orderBy(asc(jobItems.ordinal));
  return { tenants: rows.map(toTenant), job: toJob(job) };
}
