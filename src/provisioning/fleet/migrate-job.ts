import type { JobError, JobKind } from "../../jobs/job.ts";
import { type JobContext, type JobHandler, type JobOutcome, outcomeOfItems } from "../../jobs/job-handler.ts";
import type { JobStore } from "../../jobs/job-store.ts";
import { withDeadline } from "../../kit/deadline.ts";
import { DomainError } from "../../kit/domain-error.ts";
import type { Failpoints } from "../../kit/failpoints.ts";
import type { TenantId } from "../../kit/ids.ts";
import type { JournalRow } from "../../migrations/journal.ts";
import { SchemaAhead } from "../../migrations/migration-trouble.ts";
import type { MigrationTarget, TenantMigrator } from "../../migrations/tenant-migrator.ts";
import { type MigrationManner, readMigrationManner } from "../../tenants/fleet-wish.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { AppliedSchema, MigratedTenant, TenantLifecycleStore } from "../../tenants/tenant-lifecycle-store.ts";
import type { TenantStore } from "../../tenants/tenant-store.ts";
import { FleetScope } from "./fleet-scope.ts";
import { FleetTally } from "./fleet-tally.ts";
import { FleetWalk, type Settle } from "./fleet-walk.ts";
import { GroupedWrites } from "./grouped-writes.ts";
import { canaries, mustHalt } from "./halt-rule.ts";

/** As many as DDL gains by. */
const defaultParallel = 4;
/** Few of the first are under way at once, so that few are touched when they fail. */
const canariesAtOnce = 2;

/** The registry hears of those that end within this time together. */
const pauseBetweenWritesMs = 40;

/** What {@link MigrateJob} works with. */
export interface MigrateParts {
  readonly jobs: Pick<JobStore, "addItems" | "pendingItems" | "settleItems" | "itemCounts">;
  readonly tenants: Pick<TenantStore, "scan" | "findMany" | "occupyMany" | "letGo">;
  readonly lifecycle: Pick<TenantLifecycleStore, "migrated" | "noteFailure">;
  readonly migrator: TenantMigrator;
  readonly failpoints: Failpoints;
  /** For one tenant, in milliseconds. */
  readonly deadlineMs: number;
}

/**
 * Brings tenants to the newest migration. Those of whom the registry knows that they are there already are left out without a
 * connection. It halts when failures show that it would go on failing; who was not reached is taken by a retry.
 */
export class MigrateJob implements JobHandler {
  readonly kind: JobKind = "MIGRATE_TENANTS";

  constructor(private readonly parts: MigrateParts) {}

  async run(context: JobContext): Promise<JobOutcome> {
    const { jobs, tenants } = this.parts;
    const manner = readMigrationManner(context.job.input);
    await new FleetScope(tenants, jobs).complete(context);
    const counts = await jobs.itemCounts(context.job.id);
    const tally = new FleetTally(counts.total, counts, "migrating", context);
    const halted = () => mustHalt(tally, manner.haltOnFailureRate);
    const written = this.#writes(context);
    const journals = new Map<TenantId, readonly JournalRow[]>();
    const walk = new FleetWalk(this.parts, context, tally, {
      needsNothing: (tenant) => this.#current(tenant),
      lookAhead: (tenants) => this.#lookAhead(tenants, context, journals),
      work: (tenant) => {
        const journal = journals.get(tenant.id);
        // A second try looks for itself.
        journals.delete(tenant.id);
        return this.#migrate(tenant, { context, written, journal });
      },
      schemaAfterFailure: (tenant, error) => this.#schemaOf(tenant, error, context),
      halted,
    });
    await walk.run(() => pace(tally, manner));
    return this.#outcome(context, halted());
  }

  /** What the registry knows decides; whether the server agrees is what validation finds out. */
  #current({ slug, schemaChecksum, schemaVersion }: Tenant): JobError | undefined {
    if (schemaChecksum === undefined || schemaChecksum !== this.parts.migrator.folderChecksum()) return undefined;
    const message = `The tenant "${slug}" is at ${schemaVersion ?? "the beginning, and there is no migration"} already.`;
    return { code: "ALREADY_CURRENT", message, retryable: false };
  }

  #writes({ lease, clock, signal }: JobContext): GroupedWrites<MigratedTenant> {
    const { migrator, lifecycle } = this.parts;
    const schema = { version: migrator.latestVersion(), checksum: migrator.folderChecksum() };
    const pause = () => clock.sleep(pauseBetweenWritesMs, signal).catch(() => undefined);
    return new GroupedWrites((ended) => lifecycle.migrated(lease, schema, ended), pause);
  }

  /** All of them are on one server. */
  async #lookAhead(
    tenants: readonly Tenant[],
    { signal }: JobContext,
    journals: Map<TenantId, readonly JournalRow[]>,
  ): Promise<void> {
    const [first] = tenants;
    if (!first || tenants.length < 2) return;
    const found = await this.parts.migrator.readAhead(first.serverId, tenants.map(targetOf), signal);
    for (const [id, journal] of found) journals.set(id, journal);
  }

  async #migrate(tenant: Tenant, { context, written, journal }: Turn): Promise<Settle> {
    const { migrator, failpoints, deadlineMs } = this.parts;
    const { signal } = context;
    const { id, slug } = tenant;
    await failpoints.hit("migrate:occupied", signal);
    const what = `The migration of "${slug}"`;
    const { from, to } = await withDeadline(what, deadlineMs, signal, (until) =>
      migrator.migrate(targetOf(tenant), until, journal),
    );
    await failpoints.hit("migrate:applied", signal);
    return async (durationMs, last) => {
      await written.add({ id, from, durationMs }, last);
      await failpoints.hit("migrate:written", signal);
      return `${slug} is at ${to ?? "the beginning"}.`;
    };
  }

  /** A file before the one that failed may have been applied. */
  async #schemaOf(
    tenant: Tenant,
    failure: DomainError,
    { signal, logger }: JobContext,
  ): Promise<AppliedSchema | undefined> {
    // Nothing was applied, and the folder does not know the newest that is there.
    if (failure instanceof SchemaAhead) return undefined;
    try {
      return { version: await this.parts.migrator.versionOf(targetOf(tenant), signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof DomainError)) throw error;
      logger.warn({ tenantId: tenant.id, err: error }, "schema version not read after a failure");
      return undefined;
    }
  }

  async #outcome(context: JobContext, halted: boolean): Promise<JobOutcome> {
    const { total, failed, succeeded, skipped, pending } = await this.parts.jobs.itemCounts(context.job.id);
    const message = `${succeeded} of ${total} tenants were migrated, ${skipped} left out, ${failed} failed.`;
    if (!halted || pending === 0) return outcomeOfItems({ failed, total, pending }, message);
    const said = `Halted after ${failed} of ${succeeded + failed} tenants had failed; ${pending} were not reached.`;
    return { status: "FAILED", message: said, error: { code: "HALTED", message: said, retryable: true } };
  }
}

/** A tenant's turn. */
interface Turn {
  readonly context: JobContext;
  readonly written: GroupedWrites<MigratedTenant>;
  /** As it was read together with those of others. */
  readonly journal: readonly JournalRow[] | undefined;
}

function targetOf({ id, serverId, databaseName }: Tenant): MigrationTarget {
  return { tenantId: id, serverId, databaseName };
}

function pace(tally: FleetTally, { maxParallel = defaultParallel }: MigrationManner) {
  const left = canaries - tally.finished;
  return left <= 0 ? { parallel: maxParallel } : { parallel: Math.min(maxParallel, canariesAtOnce), batch: left };
}
