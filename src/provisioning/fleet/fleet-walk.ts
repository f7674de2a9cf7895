import type { JobError, JobItem } from "../../jobs/job.ts";
import type { JobContext } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { forEachBounded, Semaphore } from "../../kit/concurrency.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import { fleetStatuses } from "../../tenants/fleet-service.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { AppliedSchema, TenantLifecycleStore } from "../../tenants/tenant-lifecycle-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { passesQuickly, sparesTenant, Troubles } from "../troubles.ts";
import type { FleetTally } from "./fleet-tally.ts";
import { type NextTenant, TenantsAhead } from "./tenants-ahead.ts";

/** Tenants whose rows are read at a time. */
const batchSize = 200;
/** A lock that a moment later is gone is not worth a failure. */
const triesPerTenant = 2;
const pauseBetweenTriesMs = 250;
/** Tenants per place whose end is being written while others are worked on. */
const settlingPerPlace = 16;

/** What a walk over the fleet works with. */
export interface WalkParts {
  readonly jobs: Pick<JobStore, "pendingItems" | "settleItems">;
  readonly tenants: Pick<TenantStore, "findMany" | "occupyMany" | "letGo">;
  readonly lifecycle: Pick<TenantLifecycleStore, "noteFailure">;
}

/**
 * Writes that a tenant was worked on, and settles its item.
 * @param last no other tenant is about to come: there is nothing to wait for
 * @returns what became of it, in a sentence
 */
export type Settle = (tookMs: number, last: boolean) => Promise<string | { readonly skipped: JobError }>;

/** What is done to each tenant. */
export interface WalkWork {
  /** Why a tenant needs nothing, so that it is neither occupied nor connected to; undefined: it needs something. */
  needsNothing(tenant: Tenant): JobError | undefined;
  /** Does for tenants that were occupied together what is done once for all; they come to `work` next. */
  lookAhead?(tenants: readonly Tenant[]): Promise<void>;
  /**
   * Does the work on an occupied tenant.
   * @throws DomainError: trouble of the whole server leaves the tenant for a next start, anything else is its failure
   */
  work(tenant: Tenant): Promise<Settle>;
  /** How far the tenant's schema has come all the same; undefined: as the registry has it, or not to be seen. */
  schemaAfterFailure?(tenant: Tenant, error: DomainError): Promise<AppliedSchema | undefined>;
  /** Whether no further tenant may be taken. */
  halted(): boolean;
}

/**
 * Takes the pending tenants of a job over the fleet, a bounded number at a time per server. A tenant that another job changes
 * is left out, one whose server is in trouble stays PENDING.
 */
export class FleetWalk {
  readonly #troubles = new Troubles();

  constructor(
    private readonly parts: WalkParts,
    private readonly context: JobContext,
    private readonly tally: FleetTally,
    private readonly each: WalkWork,
  ) {}

  /** @param limit tenants at a time per server, asked anew for each batch @throws the first trouble that may pass, the signal's reason */
  async run(limit: () => { readonly parallel: number; readonly batch?: number }): Promise<void> {
    for (let after: TenantId | undefined; !this.each.halted(); ) {
      const { parallel, batch = batchSize } = limit();
      const ids = await this.parts.jobs.pendingItems(this.context.job.id, Math.min(batch, batchSize), after);
      if (ids.length === 0) break;
      await this.#takeBatch(ids, parallel);
      after = ids.at(-1);
    }
    this.context.signal.throwIfAborted();
    if (this.#troubles.first && !this.each.halted()) throw this.#troubles.first;
  }

  async #takeBatch(ids: readonly TenantId[], parallel: number): Promise<void> {
    const tenants = await this.parts.tenants.findMany(ids);
    const open = await this.#leaveOut(ids, tenants);
    const servers = [...new Set(open.map(({ serverId }) => serverId))];
    const ended = await Promise.allSettled(
      servers.map((serverId) => {
        const ofServer = open.filter((tenant) => tenant.serverId === serverId).map(({ id }) => id);
        return this.#takeOfServer(serverId, ofServer, parallel);
      }),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }

  /** Only the work itself needs a place: while the registry hears of one tenant, the next one is worked on. */
  async #takeOfServer(serverId: ServerId, ids: readonly TenantId[], parallel: number): Promise<void> {
    const { lease, clock, signal } = this.context;
    const prepare = async (tenants: readonly Tenant[]) => this.each.lookAhead?.(tenants);
    const ahead = new TenantsAhead(this.parts.tenants, lease, clock, ids, parallel, prepare);
    const places = new Semaphore(parallel, "a place in work on the fleet");
    const walk = forEachBounded(ids, parallel * settlingPerPlace, signal, async () => {
      const leave = await places.acquire({ signal });
      let settle: ((last: boolean) => Promise<void>) | undefined;
      try {
        if (this.#troubles.blocks(serverId) || this.each.halted()) return;
        const next = await ahead.next();
        settle = next && (await this.#take(next));
      } finally {
        leave();
      }
      const last = ahead.exhausted;
      const settling = settle;
      if (settling) await this.tally.settling(() => settling(last));
    });
    // Whom nobody came to would stay busy for as long as the job waits for its next start.
    await walk.finally(() => ahead.letGo());
  }

  /** Settles at once what needs nobody's work. @returns the others */
  async #leaveOut(ids: readonly TenantId[], tenants: readonly Tenant[]): Promise<readonly Tenant[]> {
    const known = new Map(tenants.map((tenant) => [tenant.id, tenant]));
    const skipped: JobItem[] = [];
    const open: Tenant[] = [];
    for (const id of ids) {
      const tenant = known.get(id);
      const error = tenant ? (refusalOf(tenant) ?? this.each.needsNothing(tenant)) : gone;
      if (error) skipped.push({ tenantId: id, status: "SKIPPED", durationMs: 0, error });
      else if (tenant) open.push(tenant);
    }
    if (skipped.length > 0) {
      await this.parts.jobs.settleItems(this.context.lease, skipped);
      const message = skipped[0]?.error?.message ?? "";
      this.tally.count("SKIPPED", skipped.length, skipped.length === 1 ? message : `${skipped.length} need nothing.`);
    }
    return open;
  }

  /** @returns what is left to be written when the work was done */
  async #take({ id, tenant, holder }: NextTenant): Promise<((last: boolean) => Promise<void>) | undefined> {
    const startedAtMs = this.context.clock.monotonicMs();
    const tookMs = () => this.context.clock.monotonicMs() - startedAtMs;
    const refusal = tenant ? refusalOf(tenant) : holder ? busy : gone;
    if (!tenant || refusal) {
      await this.#skip(id, refusal ?? gone);
      return undefined;
    }
    try {
      const settle = await this.#try(() => this.each.work(tenant));
      const ms = tookMs();
      return (last) => this.#settle(tenant, settle, ms, last);
    } catch (error) {
      await this.#fail(tenant, error, tookMs());
      return undefined;
    }
  }

  async #settle(tenant: Tenant, settle: Settle, tookMs: number, last: boolean): Promise<void> {
    const done = await settle(tookMs, last);
    if (typeof done === "string") this.tally.count("SUCCEEDED", 1, done);
    else await this.#skip(tenant.id, done.skipped, tookMs);
  }

  async #fail(tenant: Tenant, error: unknown, tookMs: number): Promise<void> {
    this.context.signal.throwIfAborted();
    if (!(error instanceof DomainError)) throw error;
    if (registryTrouble.has(error.code)) throw error;
    if (sparesTenant(error)) {
      this.#troubles.add(tenant.serverId, error);
      return;
    }
    const { code, message, retryable } = error;
    const schema = await this.each.schemaAfterFailure?.(tenant, error);
    const { lease } = this.context;
    await this.parts.lifecycle.noteFailure(lease, tenant.id, { code, message, retryable }, tookMs, schema);
    this.context.logger.warn({ tenantId: tenant.id, err: error }, "tenant failed in work on the fleet");
    this.tally.count("FAILED", 1, `${tenant.slug} failed: ${message}`);
  }

  async #skip(tenantId: TenantId, error: JobError, durationMs = 0): Promise<void> {
    await this.parts.jobs.settleItems(this.context.lease, [{ tenantId, status: "SKIPPED", durationMs, error }]);
    this.tally.count("SKIPPED", 1, error.message);
  }

  async #try<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof DomainError) || !passesQuickly(error) || tries >= triesPerTenant) throw error;
        await this.context.clock.sleep(pauseBetweenTriesMs, this.context.signal);
      }
    }
  }
}

const registryTrouble: ReadonlySet<string> = new Set(["LEASE_LOST", "SERVICE_UNAVAILABLE"]);
const gone: JobError = { code: "NOT_FOUND", message: "There is no such tenant any more.", retryable: false };
const busy: JobError = { code: "TENANT_BUSY", message: "Another job is changing this tenant.", retryable: true };

function refusalOf({ slug, status }: Tenant): JobError | undefined {
  if (fleetStatuses.includes(status)) return undefined;
  const message = `The tenant "${slug}" is ${status}; ACTIVE and SUSPENDED ones are taken.`;
  return { code: "INVALID_STATE", message, retryable: false };
}
