import { and, eq, inArray, ne, sql } from "drizzle-orm";
import type { JobLease } from "../../jobs/job-store.ts";
import type { Clock } from "../../kit/clock.ts";
import type { Ids, JobId, ServerId, TenantId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type {
  FindingFilter,
  FindingStore,
  NameOwner,
  RecordedFinding,
  ServerVerdict,
  TenantVerdict,
} from "../../provisioning/findings/finding-store.ts";
import type { TenantChanges } from "../../tenants/tenant-changes.ts";
import type { TenantChange } from "../../tenants/tenant-store.ts";
import { parts } from "../bulk.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { settleItems } from "../jobs/item-writes.ts";
import { lockForHolder } from "../jobs/job-writes.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { findings } from "../tables/findings.ts";
import { tenants } from "../tables/tenants.ts";
import { warmDatabases } from "../tables/warm-databases.ts";
import { lockTenant, writeTenant } from "../tenants/tenant-rows.ts";
import { type FindingRow, toFinding, whereOfJob, whereOpen } from "./finding-filter.ts";
import { pageOfJob, pageOfOpen } from "./finding-pages.ts";
import { writeServerFindings, writeTenantFindings } from "./finding-writes.ts";

const ownerColumns = {
  databaseName: tenants.databaseName,
  tenantId: tenants.id,
  slug: tenants.slug,
  status: tenants.status,
  serverId: tenants.serverId,
  wasReady: sql<number>`${tenants.schemaVersion} is not null or ${tenants.status} in ('ACTIVE', 'SUSPENDED')`,
};

/** Findings in the registry. */
export class DrizzleFindingStore implements FindingStore {
  readonly #open: BatchLookup<TenantId, FindingRow>;
  readonly #owners: BatchLookup<string, OwnerRow>;

  constructor(
    private readonly db: RegistryDatabase,
    private readonly changes: TenantChanges,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {
    this.#open = new BatchLookup((keys) =>
      db.orm
        .select()
        .from(findings)
        .where(and(inArray(findings.tenantId, [...keys]), eq(findings.isOpen, true)))
        .prepare(),
    );
    this.#owners = new BatchLookup((keys) =>
      db.orm
        .select(ownerColumns)
        .from(tenants)
        .where(inArray(tenants.databaseName, [...keys]))
        .prepare(),
    );
  }

  async recordTenants(lease: JobLease, verdicts: readonly TenantVerdict[]): Promise<void> {
    const changes = await this.db.transaction(async (tx) => {
      const at = this.clock.now();
      const job = await lockForHolder(tx, lease);
      await writeTenantFindings(tx, this.ids, job.id, verdicts, at);
      const changed = await correct(tx, verdicts, at);
      const seen = verdicts.flatMap(({ item, findings: found }) => (found ? [item.tenantId] : []));
      // Not a change of the tenant: its generation stays, as with the checks of its health.
      for (const part of parts(seen)) {
        await tx.update(tenants).set({ validatedAt: at }).where(inArray(tenants.id, part));
      }
      await settleItems(
        tx,
        job,
        verdicts.map(({ item }) => item),
      );
      return changed;
    });
    this.changes.touched?.(verdicts.map(({ item }) => item.tenantId));
    for (const change of changes) this.changes.publish(change);
  }

  recordServer(lease: JobLease, verdict: ServerVerdict): Promise<void> {
    return this.db.transaction(async (tx) => {
      const job = await lockForHolder(tx, lease);
      await writeServerFindings(tx, this.ids, job.id, verdict, this.clock.now());
    });
  }

  ofJob(jobId: JobId, filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>> {
    return this.db.read((orm) => pageOfJob(orm, jobId, filter, page));
  }

  countOfJob(jobId: JobId, filter: FindingFilter): Promise<number> {
    return this.db.read(async (orm) => {
      const count = sql<number>`count(*)`;
      const [row] = await orm.select({ count }).from(findings).where(whereOfJob(jobId, filter));
      return Number(row?.count ?? 0);
    });
  }

  open(filter: FindingFilter, page: PageRequest): Promise<Page<RecordedFinding>> {
    return this.db.read((orm) => pageOfOpen(orm, filter, page));
  }

  countOpen(filter: FindingFilter, cap: number): Promise<number> {
    return this.db.read(async (orm) => {
      const capped = orm
        .select({ id: findings.id })
        .from(findings)
        .leftJoin(tenants, eq(tenants.id, findings.tenantId))
        .where(whereOpen(filter))
        .limit(cap)
        .as("capped");
      const [row] = await orm.select({ count: sql<number>`count(*)` }).from(capped);
      return Number(row?.count ?? 0);
    });
  }

  async openOf(tenantIds: readonly TenantId[]): Promise<readonly RecordedFinding[]> {
    const rows = await this.db.read(() => this.#open.rows(tenantIds));
    return rows.toSorted((a, b) => a.ordinal - b.ordinal).map(toFinding);
  }

  namesOn(serverId: ServerId): Promise<readonly NameOwner[]> {
    return this.db.read(async (orm) => {
      const living = and(eq(tenants.serverId, serverId), ne(tenants.status, "DELETED"));
      return (await orm.select(ownerColumns).from(tenants).where(living)).map(toOwner);
    });
  }

  reservedNamesOn(serverId: ServerId): Promise<ReadonlySet<string>> {
    return this.db.read(async (orm) => {
      const { databaseName } = warmDatabases;
      const rows = await orm.select({ databaseName }).from(warmDatabases).where(eq(warmDatabases.serverId, serverId));
      return new Set(rows.map((row) => row.databaseName));
    });
  }

  async ownersOf(names: readonly string[]): Promise<readonly NameOwner[]> {
    return (await this.db.read(() => this.#owners.rows(names))).map(toOwner);
  }
}

type OwnerRow = Omit<NameOwner, "wasReady"> & { readonly wasReady: number };

function toOwner(row: OwnerRow): NameOwner {
  return { ...row, wasReady: Number(row.wasReady) === 1 };
}

async function correct(tx: Orm, verdicts: readonly TenantVerdict[], at: Date): Promise<readonly TenantChange[]> {
  const changes: TenantChange[] = [];
  for (const { item, correction } of verdicts) {
    if (!correction) continue;
    const before = await lockTenant(tx, item.tenantId);
    changes.push({ before, after: await writeTenant(tx, before, correction, at) });
  }
  return changes;
}
