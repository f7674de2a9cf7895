import { and, eq, type SQL, sql } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantFilter } from "../../tenants/tenant-store.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";

/** A part of an index that finds tenants, without a look at the others. */
export interface TenantSource {
  /** The entries: `from … where …`. */
  readonly entries: SQL;
  /** The tenant's id in an entry. */
  readonly id: SQL;
}

/** Tenants that are few enough to be named. */
const few = 200;

/** What of a filter an index leads by: each says less than the whole filter does. */
export function sourcesOfFilter(filter: TenantFilter): readonly TenantSource[] {
  const { statuses, serverId, schemaVersions, labels = [] } = filter;
  const sources = labels.map(ofLabel);
  if (schemaVersions) {
    sources.push(ofTenants("tenants_version", isAmong(tenants.schemaVersion, schemaVersions.filter(isAsciiKey))));
  }
  if (statuses) sources.push(ofTenants("tenants_status_version", isAmong(tenants.status, statuses)));
  if (serverId !== undefined && isAsciiKey(serverId)) {
    sources.push(ofTenants("tenants_server", eq(tenants.serverId, serverId)));
  }
  return sources;
}

/** A range of an index of `tenants`. */
export function ofTenants(index: string, range: SQL): TenantSource {
  return {
    entries: sql`from ${tenants} force index (${sql.identifier(index)}) where ${range}`,
    id: sql`${tenants.id}`,
  };
}

/**
 * The tenants of each source in one statement, which reads and tells no more than `few` of each.
 * @returns undefined for a source that has more
 */
export async function fewOfEach(
  orm: Orm,
  sources: readonly TenantSource[],
): Promise<readonly (readonly TenantId[] | undefined)[]> {
  const looks = sources.flatMap(({ id, entries }, at) => {
    const source = sql.raw(String(at));
    const more = sql`select 1 ${entries} limit 1 offset ${few}`;
    return [
      sql`(select ${source} as source, ${id} as id ${entries} and (${more}) is null)`,
      sql`(select ${source}, null from (${more}) more)`,
    ];
  });
  const rows = await orm
    .select({ source: sql<number>`source`, id: sql<TenantId | null>`id` })
    .from(sql`(${sql.join(looks, sql` union all `)}) found`);
  return sources.map((_, at) => {
    const ids = rows.filter(({ source }) => Number(source) === at).map(({ id }) => id);
    return ids.every((id) => id !== null) ? ids : undefined;
  });
}

/** Whether a source has more than so many entries. */
export async function hasMore(orm: Orm, { entries }: TenantSource, than: number): Promise<boolean> {
  const beyond = sql`(select 1 as one ${entries} limit 1 offset ${than}) beyond`;
  return (await orm.select({ one: sql<number>`one` }).from(beyond)).length > 0;
}

function ofLabel({ key, value }: { readonly key: string; readonly value: string }): TenantSource {
  const labelled = and(eq(tenantLabels.key, key), eq(tenantLabels.value, value));
  return {
    entries: sql`from ${tenantLabels} force index (tenant_labels_value) where ${labelled}`,
    id: sql`${tenantLabels.tenantId}`,
  };
}
