import type { JobKind } from "../../jobs/job.ts";
import type { JobFilter, JobStore } from "../../jobs/job-store.ts";
import type { Origin } from "../../kit/actor.ts";
import { assertNever } from "../../kit/assert-never.ts";
import type { Clock } from "../../kit/clock.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Ids, TenantId } from "../../kit/ids.ts";
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

/** Stranded tenants that are read in one turn: all, or those of a server that is down would hide the others. */
const mostStranded = 10_000;
/** Tenants of whom one turn finds out when they are due, and takes them up. */
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
  /** When stranded tenants are due, as of a change of their rows: those that are not are passed over without a question. */
  readonly #waiting = new Map<TenantId, { readonly updatedAtMs: number; readonly dueAtMs: number }>();

  constructor(private readonly parts: SweepParts) {}

  async runOnce(signal: AbortSignal): Promise<void> {
    const stranded = await this.parts.store.stranded(mostStranded);
    this.#forgetAllBut(stranded);
    const servers = await this.parts.servers.findMany([...new Set(stranded.map(({ tenant }) => tenant.serverId))]);
    const answering = new Set(servers.filter(({ status }) => status !== "UNREACHABLE").map(({ id }) => id));
    const nowMs = this.parts.clock.now().getTime();
    const open = stranded.filter((one) => answering.has(one.tenant.serverId) && !this.#isEarly(one, nowMs));
    for (const one of open.slice(0, perTurn)) {
      signal.throwIfAborted();
      if ((await this.#dueAtMs(one)) <= nowMs) await this.#takeUp(one);
    }
  }

  /** Whether an earlier turn found out that the tenant is not due yet. */
  #isEarly({ tenant }: StrandedTenant, nowMs: number): boolean {
    const known = this.#waiting.get(tenant.id);
    return known !== undefined && known.updatedAtMs === tenant.updatedAt.getTime() && known.dueAtMs > nowMs;
  }

  /** What failed again and again is tried less and less often, and never given up. */
  async #dueAtMs({ tenant, work }: StrandedTenant): Promise<number> {
    const filter: JobFilter = { tenantId: tenant.id, kinds: [kindOf[work]], statuses: ["FAILED", "CANCELLED"] };
    const before = await this.parts.jobs.count(filter, mostCounted);
    const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.max(0, before - 1));
    const updatedAtMs = tenant.updatedAt.getTime();
    const dueAtMs = updatedAtMs + pauseMs;
    this.#waiting.set(tenant.id, { updatedAtMs, dueAtMs });
    return dueAtMs;
  }

  #forgetAllBut(stranded: readonly StrandedTenant[]): void {
    const ids = new Set(stranded.map(({ tenant }) => tenant.id));
    for (const id of this.#waiting.keys()) if (!ids.has(id)) this.#waiting.delete(id);
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
