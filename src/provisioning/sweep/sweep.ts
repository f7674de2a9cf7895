import type { JobKind } from "../../jobs/job.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import { assertNever } from "../../kit/assert-never.ts";
import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Ids } from "../../kit/ids.ts";
import type { Logger } from "../../kit/logger.ts";
import type { ServerStore } from "../../servers/database-server.ts";
import { provisioningJob } from "../../tenants/admission.ts";
import type { TenantLifecycleService } from "../../tenants/tenant-lifecycle-service.ts";
import type { StrandedTenant, TenantLifecycleStore } from "../../tenants/tenant-lifecycle-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";

/** Who acts when nobody asked. */
export const sweepOrigin: Origin = {
  actor: { id: "tenantry:sweep", name: "sweep", role: "ADMIN" },
  requestId: "sweep",
};

/** Tenants taken up in one turn. */
const perTurn = 100;
/** After the first job that came to nothing; each further one doubles it. */
const firstPauseMs = 10_000;
const longestPauseMs = 3_600_000;
const mostCounted = 12;

const kindOf: Readonly<Record<StrandedTenant["work"], JobKind>> = {
  PROVISIONING: "PROVISION_TENANTS",
  DELETING: "DELETE_TENANT",
  ROTATING: "ROTATE_CREDENTIALS",
};

/** What {@link Sweep} works with. */
export interface SweepParts {
  readonly store: Pick<TenantLifecycleStore, "stranded">;
  readonly tenants: Pick<TenantStore, "retryMany">;
  readonly lifecycle: Pick<TenantLifecycleService, "enter">;
  readonly jobs: Pick<JobStore, "count">;
  readonly servers: Pick<ServerStore, "findMany">;
  readonly runner: { wake(): void };
  readonly ids: Ids;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Finds work that was begun and that no job has any more, and enters a job that brings it to its end. */
export class Sweep {
  constructor(private readonly parts: SweepParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    const stranded = await this.parts.store.stranded(perTurn);
    const servers = await this.parts.servers.findMany([...new Set(stranded.map(({ tenant }) => tenant.serverId))]);
    const answering = new Set(servers.filter(({ status }) => status !== "UNREACHABLE").map(({ id }) => id));
    for (const one of stranded) {
      signal.throwIfAborted();
      if (answering.has(one.tenant.serverId) && (await this.#isDue(one))) await this.#takeUp(one);
    }
  }

  /** What failed again and again is tried less and less often, and never given up. */
  async #isDue({ tenant, work }: StrandedTenant): Promise<boolean> {
    const { jobs, clock } = this.parts;
    const before = await jobs.count({ tenantId: tenant.id, kinds: [kindOf[work]] }, mostCounted);
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, before - 1));
    return clock.now().getTime() - tenant.updatedAt.getTime() >= pauseMs;
  }

  async #takeUp({ tenant, work }: StrandedTenant): Promise<void> {
    const { logger, runner } = this.parts;
    try {
      await this.#enter({ tenant, work });
      logger.warn({ tenantId: tenant.id, work }, "stranded work taken up");
      runner.wake();
    } catch (error) {
      // Somebody else was quicker, or it is no longer what it was: the next turn sees.
      if (!(error instanceof DomainError)) throw error;
      logger.debug({ tenantId: tenant.id, work, err: error }, "stranded work not taken up");
    }
  }

  async #enter({ tenant: { id }, work }: StrandedTenant): Promise<unknown> {
    const { tenants, lifecycle, ids } = this.parts;
    switch (work) {
      case "PROVISIONING":
        return tenants.retryMany({ ...provisioningJob(ids, [id], sweepOrigin), action: "retryTenant" }, sweepOrigin);
      case "DELETING":
        return lifecycle.enter("DELETE_TENANT", id, sweepOrigin);
      case "ROTATING":
        return lifecycle.enter("ROTATE_CREDENTIALS", id, sweepOrigin);
      default:
        return assertNever(work);
    }
  }
}
