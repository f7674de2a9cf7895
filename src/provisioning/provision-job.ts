import type { JobError, JobKind } from "../jobs/job.ts";
import { type JobContext, type JobHandler, type JobOutcome, outcomeOfItems } from "../jobs/job-handler.ts";
import type { JobStore } from "../jobs/job-store.ts";
import { assertNever } from "../kit/assert-never.ts";
import type { Clock } from "../kit/clock.ts";
import { forEachBounded } from "../kit/concurrency.ts";
import { DomainError } from "../kit/domain-error.ts";
import type { Failpoints } from "../kit/failpoints.ts";
import type { TenantId } from "../kit/ids.ts";
import type { Secret } from "../kit/secret.ts";
import { type SecretBox, SecretUnreadable } from "../kit/secret-box.ts";
import { passwordPlace } from "../tenants/admission.ts";
import { readyMessage } from "../tenants/provisioned-at-entry.ts";
import type { Tenant } from "../tenants/tenant.ts";
import type { TenantStore } from "../tenants/tenant-store.ts";
import { ProvisionTally } from "./provision-tally.ts";
import type { ServerStreams } from "./server-streams.ts";
import type { TenantProvisioner } from "./tenant-provisioner.ts";
import { passesQuickly, Troubles } from "./troubles.ts";

/** Tenants whose rows are read at a time. */
const batchSize = 200;
/** A lock or a deadlock that a moment later is gone is not worth the whole job's back-off. */
const triesPerTenant = 3;
const pauseBetweenTriesMs = 100;
/**
 * Tenants under way for each stream. A stream is held for the DDL alone, which takes most of the time: while one tenant's tables
 * are made, another is proved and entered as ACTIVE, and the next one's password is read.
 */
const underWayPerStream = 3;

type Provisioned =
  | { readonly how: "DONE"; readonly version: string | undefined }
  | { readonly how: "FAILED"; readonly error: JobError }
  | { readonly how: "TROUBLE"; readonly trouble: DomainError }
  /** Its server is in trouble, and it was not begun. */
  | { readonly how: "LEFT" };

const unreadable: JobError = {
  code: "CREDENTIAL_UNREADABLE",
  message: "The stored password cannot be opened with the configured keys.",
  retryable: false,
};

/** The two halves of {@link TenantProvisioner}. */
interface TenantMaking {
  make(tenant: Tenant, password: Secret, signal: AbortSignal): Promise<string | undefined>;
  prove(tenant: Tenant, password: Secret, signal: AbortSignal): Promise<void>;
}

/** What {@link ProvisionJob} works with. */
export interface ProvisionParts {
  readonly jobs: Pick<JobStore, "pendingItems" | "itemCounts" | "settleItems">;
  readonly tenants: Pick<TenantStore, "findMany" | "passwordsOf" | "activate" | "fail" | "giveUp">;
  readonly provisioner: TenantMaking;
  readonly secretBox: SecretBox;
  readonly streams: ServerStreams;
  readonly failpoints: Failpoints;
  /** Over the migrations that every provisioned tenant has; absent: not known. */
  readonly schemaChecksum?: string;
}

/** Makes PROVISIONING tenants ACTIVE, or FAILED with a reason. What is PENDING in the job is what is left to do, also after a crash. */
export class ProvisionJob implements JobHandler {
  readonly kind: JobKind = "PROVISION_TENANTS";

  constructor(private readonly parts: ProvisionParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { jobs } = this.parts;
    const { job, signal } = context;
    const tally = new ProvisionTally(await jobs.itemCounts(job.id), context);
    const troubles = new Troubles();
    for (let after: TenantId | undefined; ; ) {
      const batch = await jobs.pendingItems(job.id, batchSize, after);
      if (batch.length === 0) break;
      await this.#provisionBatch(batch, context, tally, troubles);
      after = batch.at(-1);
    }
    signal.throwIfAborted();
    // Trouble that may pass: the job comes back for what is still PENDING.
    if (troubles.first) throw troubles.first;
    const { total, failed, pending } = await jobs.itemCounts(job.id);
    return outcomeOfItems({ failed, total, pending }, readyMessage(total - failed - pending, total));
  }

  /** Whoever was not reached is FAILED with the job's reason, and can be retried. */
  async abandon(context: JobContext, error: JobError): Promise<void> {
    const { jobs, tenants } = this.parts;
    const { job, lease } = context;
    for (;;) {
      const batch = await jobs.pendingItems(job.id, batchSize);
      if (batch.length === 0) return;
      await tenants.giveUp(lease, batch, error);
    }
  }

  async #provisionBatch(
    batch: readonly TenantId[],
    context: JobContext,
    tally: ProvisionTally,
    troubles: Troubles,
  ): Promise<void> {
    const tenants = await this.parts.tenants.findMany(batch);
    await this.#skipUnknown(batch, tenants, context, tally);
    const servers = [...new Set(tenants.map(({ serverId }) => serverId))];
    const ended = await Promise.allSettled(
      servers.map((serverId) => {
        const ofServer = tenants.filter((tenant) => tenant.serverId === serverId);
        const atOnce = this.parts.streams.perServer * underWayPerStream;
        return forEachBounded(ofServer, atOnce, context.signal, async (tenant) => {
          if (!troubles.blocks(serverId)) await this.#settle(tenant, context, tally, troubles);
        });
      }),
    );
    for (const one of ended) if (one.status === "rejected") throw one.reason;
  }

  async #settle(tenant: Tenant, context: JobContext, tally: ProvisionTally, troubles: Troubles): Promise<void> {
    if (tenant.status !== "PROVISIONING") {
      await this.#skip(tenant, context, tally);
      return;
    }
    const { tenants } = this.parts;
    const { result, tookMs } = await this.#tryToProvision(tenant, context, troubles);
    switch (result.how) {
      case "LEFT":
        return;
      case "TROUBLE":
        troubles.add(tenant.serverId, result.trouble);
        return;
      case "FAILED":
        await tenants.fail(context.lease, tenant.id, result.error, tookMs);
        context.logger.warn({ tenantId: tenant.id, code: result.error.code }, "tenant not provisioned");
        tally.failed(`${tenant.slug} failed: ${result.error.message}`);
        return;
      case "DONE":
        await tenants.activate(context.lease, tenant.id, result.version, tookMs, this.parts.schemaChecksum);
        context.logger.info({ tenantId: tenant.id, ms: tookMs }, "tenant provisioned");
        await this.parts.failpoints.hit("provision:activated", context.signal);
        tally.done(`${tenant.slug} is ready.`);
        return;
      default:
        assertNever(result);
    }
  }

  async #tryToProvision(
    tenant: Tenant,
    context: JobContext,
    troubles: Troubles,
  ): Promise<{ readonly result: Provisioned; readonly tookMs: number }> {
    const watch = new Stopwatch(context.clock);
    for (let tries = 1; ; tries += 1) {
      try {
        return { result: await this.#provision(tenant, context, troubles, watch), tookMs: watch.ms };
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof DomainError)) throw error;
        if (!error.retryable) {
          const { code, message } = error;
          return { result: { how: "FAILED", error: { code, message, retryable: false } }, tookMs: watch.ms };
        }
        if (!passesQuickly(error) || tries >= triesPerTenant) {
          return { result: { how: "TROUBLE", trouble: error }, tookMs: watch.ms };
        }
        await context.clock.sleep(pauseBetweenTriesMs, context.signal);
      }
    }
  }

  /** @throws what the provisioner throws */
  async #provision(tenant: Tenant, { signal }: JobContext, troubles: Troubles, watch: Stopwatch): Promise<Provisioned> {
    const { streams, provisioner } = this.parts;
    const password = await this.#passwordOf(tenant);
    if (!password) return { how: "FAILED", error: unreadable };
    const made = await streams.use(tenant.serverId, signal, async () => {
      // Whoever waited for the stream may have seen the server go meanwhile, and who waits next must see it at once.
      if (troubles.blocks(tenant.serverId)) return undefined;
      watch.start();
      try {
        return { version: await provisioner.make(tenant, password, signal) };
      } catch (error) {
        troubles.notice(tenant.serverId, error);
        throw error;
      }
    });
    if (!made) return { how: "LEFT" };
    await provisioner.prove(tenant, password, signal);
    return { how: "DONE", version: made.version };
  }

  /** @returns undefined when it cannot be read with the configured keys */
  async #passwordOf({ id }: Tenant): Promise<Secret | undefined> {
    const sealed = (await this.parts.tenants.passwordsOf([id])).get(id);
    try {
      return sealed === undefined ? undefined : this.parts.secretBox.open(sealed, passwordPlace(id));
    } catch (error) {
      if (error instanceof SecretUnreadable) return undefined;
      throw error;
    }
  }

  async #skip(tenant: Tenant, { lease }: JobContext, tally: ProvisionTally): Promise<void> {
    const isReady = tenant.status === "ACTIVE" || tenant.status === "SUSPENDED";
    const error = { code: "INVALID_STATE", message: `The tenant is ${tenant.status}.`, retryable: false };
    const item = { tenantId: tenant.id, durationMs: 0 };
    await this.parts.jobs.settleItems(lease, [
      isReady ? { ...item, status: "SUCCEEDED" } : { ...item, status: "SKIPPED", error },
    ]);
    if (isReady) tally.done(`${tenant.slug} was ready.`);
    else tally.skipped(`${tenant.slug} is ${tenant.status}.`);
  }

  async #skipUnknown(
    batch: readonly TenantId[],
    tenants: readonly Tenant[],
    { lease }: JobContext,
    tally: ProvisionTally,
  ): Promise<void> {
    const known = new Set(tenants.map(({ id }) => id));
    for (const tenantId of batch.filter((id) => !known.has(id))) {
      const error = { code: "NOT_FOUND", message: "There is no such tenant any more.", retryable: false };
      await this.parts.jobs.settleItems(lease, [{ tenantId, status: "SKIPPED", durationMs: 0, error }]);
      tally.skipped("A tenant is gone.");
    }
  }
}

/** Counts from the moment at which a tenant got its stream: the queue before it is not its own time. */
class Stopwatch {
  #startedAtMs: number | undefined;

  constructor(private readonly clock: Clock) {}

  get ms(): number {
    return this.#startedAtMs === undefined ? 0 : this.clock.monotonicMs() - this.#startedAtMs;
  }

  start(): void {
    this.#startedAtMs ??= this.clock.monotonicMs();
  }
}
