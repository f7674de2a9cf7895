import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { DomainId, TenantId } from "../../kit/ids.ts";
import type { SealedSecret } from "../../kit/secret-box.ts";
import type { Domain, Label, Tenant, TenantHealth, TenantStatus } from "../../tenants/tenant.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { domains } from "../tables/domains.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import { tenantColumns, toDomain, toHealth, toTenant } from "./tenant-rows.ts";

/** Reads of tenants by key: statements that are built once, because they are asked on each request. */
export class TenantLookups {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(private readonly db: RegistryDatabase) {
    this.#statements = prepare(db);
  }

  async findMany(ids: readonly TenantId[]): Promise<readonly Tenant[]> {
    return (await this.db.read(() => this.#statements.tenants.rows(ids))).map(toTenant);
  }

  async findBySlug(slug: string): Promise<Tenant | undefined> {
    if (!isAsciiKey(slug)) return undefined;
    const rows = await this.db.read(() => this.#statements.bySlug.execute({ slug }));
    // SQL ignores blanks at the end.
    return rows.map(toTenant).find((tenant) => tenant.slug === slug);
  }

  async findByHostname(hostname: string): Promise<Tenant | undefined> {
    if (!isAsciiKey(hostname)) return undefined;
    const rows = await this.db.read(() => this.#statements.byHostname.execute({ hostname }));
    return rows.filter((row) => row.hostname === hostname).map(({ hostname: _, ...row }) => toTenant(row))[0];
  }

  async domainsOf(ids: readonly TenantId[]): Promise<readonly Domain[]> {
    const rows = await this.db.read(() => this.#statements.domains.rows(ids));
    return rows.map(toDomain).toSorted((a, b) => a.createdAt.getTime() - b.createdAt.getTime() || compare(a.id, b.id));
  }

  async findDomains(ids: readonly DomainId[]): Promise<readonly Domain[]> {
    return (await this.db.read(() => this.#statements.domainsById.rows(ids))).map(toDomain);
  }

  async labelsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, readonly Label[]>> {
    const rows = await this.db.read(() => this.#statements.labels.rows(ids));
    const of = new Map<TenantId, Label[]>(ids.map((id) => [id, []]));
    for (const { tenantId, key, value } of rows) of.get(tenantId)?.push({ key, value });
    for (const labels of of.values()) labels.sort((a, b) => compare(a.key, b.key));
    return of;
  }

  async healthOf(ids: readonly TenantId[]): Promise<readonly TenantHealth[]> {
    return (await this.db.read(() => this.#statements.health.rows(ids))).map(toHealth);
  }

  async passwordsOf(ids: readonly TenantId[]): Promise<ReadonlyMap<TenantId, SealedSecret>> {
    const rows = await this.db.read(() => this.#statements.passwords.rows(ids));
    return new Map(rows.map(({ id, password }) => [id, password]));
  }

  statusCounts(): Promise<ReadonlyMap<TenantStatus, number>> {
    return this.db.read(async (orm) => {
      const count = sql<number>`count(*)`;
      const rows = await orm.select({ status: tenants.status, count }).from(tenants).groupBy(tenants.status);
      return new Map(rows.map((row) => [row.status, Number(row.count)]));
    });
  }

  schemaVersionCounts(): Promise<readonly { readonly version?: string | undefined; readonly tenants: number }[]> {
    return this.db.read(async (orm) => {
      const rows = await orm
        .select({ version: tenants.schemaVersion, count: sql<number>`count(*)` })
        .from(tenants)
        .where(inArray(tenants.status, ["ACTIVE", "SUSPENDED"]))
        .groupBy(tenants.schemaVersion)
        .orderBy(tenants.schemaVersion);
      return rows.map(({ version, count }) => ({ version: version ?? undefined, tenants: Number(count) }));
    });
  }
}

/** The statements; a function, because fields are initialised before the constructor's parameters are. */
function prepare({ orm }: RegistryDatabase) {
  return { ...prepareTenants(orm), ...prepareBelongings(orm) };
}

function prepareTenants(orm: Orm) {
  return {
    tenants: new BatchLookup((keys) =>
      orm
        .select(tenantColumns)
        .from(tenants)
        .where(inArray(tenants.id, [...keys]))
        .prepare(),
    ),
    bySlug: orm
      .select(tenantColumns)
      .from(tenants)
      .where(eq(tenants.liveSlug, sql.placeholder("slug")))
      .prepare(),
    byHostname: orm
      .select({ ...tenantColumns, hostname: domains.hostname })
      .from(domains)
      .innerJoin(tenants, eq(tenants.id, domains.tenantId))
      .where(and(eq(domains.hostname, sql.placeholder("hostname")), isNull(tenants.deletedAt)))
      .prepare(),
  };
}

function prepareBelongings(orm: Orm) {
  return {
    domains: new BatchLookup((keys) =>
      orm
        .select()
        .from(domains)
        .where(inArray(domains.tenantId, [...keys]))
        .prepare(),
    ),
    domainsById: new BatchLookup((keys) =>
      orm
        .select()
        .from(domains)
        .where(inArray(domains.id, [...keys]))
        .prepare(),
    ),
    labels: new BatchLookup((keys) =>
      orm
        .select()
        .from(tenantLabels)
        .where(inArray(tenantLabels.tenantId, [...keys]))
        .prepare(),
    ),
    health: new BatchLookup((keys) =>
      orm
        .select()
        .from(tenantHealth)
        .where(inArray(tenantHealth.tenantId, [...keys]))
        .prepare(),
    ),
    passwords: new BatchLookup((keys) =>
      orm
        .select({ id: tenants.id, password: tenants.password })
        .from(tenants)
        .where(and(inArray(tenants.id, [...keys]), ne(tenants.status, "DELETED")))
        .prepare(),
    ),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
