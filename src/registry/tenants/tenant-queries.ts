import { and, gt, sql } from "drizzle-orm";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { Tenant } from "../../tenants/tenant.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { isAsciiKey, planPage, toPage } from "../paging/keyset.ts";
import { tenants } from "../tables/tenants.ts";
import { listHint, tenantOrder, whereTenants } from "./tenant-filter.ts";
import { type TenantRow, tenantColumns, toTenant } from "./tenant-rows.ts";
import { countHits, searchPart, type TenantPart } from "./tenant-search.ts";

/** @throws InvalidCursor */
export async function pageOfTenants(
  orm: Orm,
  filter: TenantFilter,
  order: TenantOrder,
  page: PageRequest,
): Promise<Page<Tenant>> {
  const keyset = tenantOrder(order);
  const { where: beyond, ...plan } = planPage(keyset, page);
  const ascending = (order.direction === "ASC") === (page.direction === "FORWARD");
  const part = { ...plan, matching: whereTenants(orm, filter), beyond, field: order.field, ascending };
  return toPage(keyset, page, await readPart(orm, filter, part), toTenant);
}

/** How many match, counted up to `cap`. */
export async function countTenants(orm: Orm, filter: TenantFilter, cap: number): Promise<number> {
  const matching = whereTenants(orm, filter);
  if (filter.search) return countHits(orm, filter, matching, cap);
  const capped = orm.select({ id: tenants.id }).from(tenants).where(matching).limit(cap).as("capped");
  const [row] = await orm.select({ count: sql<number>`count(*)` }).from(capped);
  return Number(row?.count ?? 0);
}

/** In order of slug, at most `limit` after `afterSlug`. Tenants with the same slug, of which all but one are tombstones, stay together. */
export async function scanTenants(
  orm: Orm,
  filter: TenantFilter,
  limit: number,
  afterSlug: string | undefined,
): Promise<readonly Tenant[]> {
  const beyond = afterSlug === undefined || !isAsciiKey(afterSlug) ? undefined : gt(tenants.slug, afterSlug);
  const orderBy = [sql`${tenants.slug} asc`, sql`${tenants.id} asc`];
  const order = { orderBy, limit: limit + 1, field: "SLUG", ascending: true } as const;
  const rows = await readPart(orm, filter, { ...order, matching: whereTenants(orm, filter), beyond });
  const cutSlug = rows[limit]?.slug;
  const whole = rows.slice(0, limit);
  const kept = whole.filter((row) => row.slug !== cutSlug);
  return (kept.length > 0 ? kept : whole).map(toTenant);
}

async function readPart(orm: Orm, filter: TenantFilter, part: TenantPart): Promise<readonly TenantRow[]> {
  if (filter.search) return searchPart(orm, filter, part);
  return orm
    .select(tenantColumns)
    .from(tenants, listHint(filter, part.field))
    .where(and(part.matching, part.beyond))
    .orderBy(...part.orderBy)
    .limit(part.limit);
}
