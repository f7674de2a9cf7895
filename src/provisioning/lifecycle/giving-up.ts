import type { JobError } from "../../jobs/job.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { TenantTurn } from "./tenant-turn.ts";

/**
 * Takes back what a job that ends without success has begun. A cancelled job waits for its server until that is done; a
 * failed one does not, it has waited long enough: what could not be taken back is found by the census.
 * @returns whether it was taken back
 */
export async function takeBack(turn: TenantTurn, error: JobError, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (failure) {
    const mayHeal = failure instanceof DomainError && failure.retryable;
    if (!(failure instanceof DomainError) || (mayHeal && error.code === "CANCELLED")) throw failure;
    turn.context.logger.warn({ tenantId: turn.tenant.id, err: failure }, "job not taken back");
    return false;
  }
}
