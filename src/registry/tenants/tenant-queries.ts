import { and, eq, gt, sql } from "drizzle-orm";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { isAscii, planPage, toPage } from "../paging/keyset.ts";
import { tenants } from "../tables/tenants.ts";
import { listHint, tenantOrder, whereTenants } from "./tenant-filter.ts";
import { type TenantRow, tenantColumns, toTenant } from "./tenant-rows.ts";
import { searchIds, type TenantPart } from "./tenant-search.ts";

/** @throws InvalidCursor */
export async function pageOfTenants(
  orm: Orm,
  filter: TenantFilter,
  order: TenantOrder,
  page: PageRequest,
): Promise<Page<Tenant>> {
  const keyset = tenantOrder(order);
  const plan = planPage(keyset, page);
  const part = { ...plan, where: and(whereTenants(orm, filter), plan.where) };
  return toPage(keyset, page, await readPart(orm, filter, order.field, part), toTenant);
}

/** How many match, counted up to `cap`. */
export async function countTenants(orm: Orm, filter: TenantFilter, cap: number): Promise<number> {
  const part = { where: whereTenants(orm, filter), orderBy: [], limit: cap };
  const matching = filter.search
    ? sql`(select id from ${await searchIds(orm, filter.search, part)} limit ${cap}) capped`
    : sql`${orm.select({ id: tenants.id }).from(tenants).where(part.where).limit(cap)} capped`;
  const [row] = await orm.select({ count: sql<number>`count(*)` }).from(matching);
  return Number(row?.count ?? 0);
}

/** In order of slug, at most `limit` after `afterSlug`. Tenants with the same slug, of which all but one are tombstones, stay together. */
export async function scanTenants(
  orm: Orm,
  filter: TenantFilter,
  limit: number,
  afterSlug: string | undefined,
): Promise<readonly Tenant[]> {
  const beyond = afterSlug === undefined || !isAscii(afterSlug) ? undefined : gt(tenants.slug, afterSlug);
  const where = and(whereTenants(orm, filter), beyond);
  const part = { where, orderBy: [sql`${tenants.slug} asc`, sql`${tenants.id} asc`], limit: limit + 1 };
  const rows = await readPart(orm, filter, "SLUG", part);
  const cutSlug = rows[limit]?.slug;
  const whole = rows.slice(0, limit);
  const kept = whole.filter((row) => row.slug !== cutSlug);
  return (kept.length > 0 ? kept : whole).map(toTenant);
}

async function readPart(
  orm: Orm,
  filter: TenantFilter,
  field: TenantOrder["field"],
  part: TenantPart,
): Promise<readonly TenantRow[]> {
  if (filter.search) {
    const hits = await searchIds(orm, filter.search, { ...part, field });
    return orm
      .select(tenantColumns)
      .from(tenants)
      .innerJoin(hits, eq(tenants.id, sql`hits.id`))
      .orderBy(...part.orderBy)
      .limit(part.limit);
  }
  return orm
    .select(tenantColumns)
    .from(tenants, listHint(filter, field))
    .where(part.where)
    .orderBy(...part.orderBy)
    .limit(part.limit);
}
