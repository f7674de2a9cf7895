import { and, eq, inArray, ne, type SQL, sql } from "drizzle-orm";
import type { Label } from "../../tenants/tenant.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { endsInBlank, isAsciiKey, type KeysetOrder, parseAscii, parseInstant } from "../paging/keyset.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import type { TenantRow } from "./tenant-rows.ts";

/** The keyset of a list of tenants. */
export function tenantOrder({ field, direction }: TenantOrder): KeysetOrder<TenantRow> {
  const common = { name: `tenants ${field}`, tie: tenants.id, direction, tieOf: (row: TenantRow) => row.id };
  switch (field) {
    case "CREATED_AT":
      return { ...common, lead: tenants.createdAt, leadOf: (row) => row.createdAt, parseLead: parseInstant };
    case "NAME":
      return { ...common, lead: tenants.name, leadOf: (row) => row.name, parseLead: (value) => String(value) };
    case "SLUG":
      return { ...common, lead: tenants.slug, leadOf: (row) => row.slug, parseLead: parseAscii };
  }
}

/** Everything the filter asks for but the search. */
export function whereTenants(orm: Orm, filter: TenantFilter): SQL | undefined {
  const { ids, slugs, statuses, serverId, schemaVersions, labels } = filter;
  return and(
    statuses ? isAmong(tenants.status, statuses) : ne(tenants.status, "DELETED"),
    ids && isAmong(tenants.id, ids.filter(isAsciiKey)),
    slugs && isAmong(tenants.slug, slugs.filter(isAsciiKey)),
    serverId === undefined ? undefined : isAsciiKey(serverId) ? eq(tenants.serverId, serverId) : sql`false`,
    schemaVersions && isAmong(tenants.schemaVersion, schemaVersions.filter(isAsciiKey)),
    ...(labels ?? []).map((label) =>
      inArray(tenants.id, orm.select({ id: tenantLabels.tenantId }).from(tenantLabels).where(whereLabel(label))),
    ),
  );
}

function whereLabel({ key, value }: Label): SQL | undefined {
  return and(
    endsInBlank(key) ? sql`false` : eq(tenantLabels.key, key),
    eq(tenantLabels.value, value),
    // A value may end in blanks, which are part of it.
    sql`octet_length(${tenantLabels.value}) = ${Buffer.byteLength(value)}`,
  );
}

/** What a list is ordered by. */
export const orderColumns = { CREATED_AT: tenants.createdAt, NAME: tenants.name, SLUG: tenants.slug } as const;

/** The index that has the whole list in its order. */
export const orderIndexes = { CREATED_AT: "tenants_created", NAME: "tenants_name", SLUG: "tenants_slug" } as const;

/**
 * The index to read a list by. Where nothing selective is asked for it is the order's: the optimiser would take the index of
 * the status or the server instead and sort what it finds, which is nearly everything.
 */
export function listHint(filter: TenantFilter, field: TenantOrder["field"]): { forceIndex?: string } {
  if (filter.ids ?? filter.slugs ?? filter.schemaVersions ?? filter.labels?.[0]) return {};
  if (!filter.statuses) return { forceIndex: orderIndexes[field] };
  if (filter.statuses.length === 1 && field === "CREATED_AT") return { forceIndex: "tenants_status_created" };
  return {};
}
