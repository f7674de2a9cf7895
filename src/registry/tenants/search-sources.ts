import { and, like, type SQL, sql } from "drizzle-orm";
import { hostnamePrefix } from "../../tenants/hostname.ts";
import type { TenantOrder } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { isAsciiKey } from "../paging/keyset.ts";
import { domains } from "../tables/domains.ts";
import { tenants } from "../tables/tenants.ts";
import { ofTenants, type TenantSource } from "./tenant-sources.ts";

/** One place where a search looks: an index in which what begins alike stands together. */
export interface SearchSource extends TenantSource {
  /** Whether a row of `tenants` is one that the source finds. */
  readonly holds: SQL;
  /** Orders in which its first ones are found in the index alone. */
  readonly orders: readonly TenantOrder["field"][];
  /** A statement's ids of the tenants that it finds and that match, each once. @param order `order by …`; absent: in none */
  ids(matching: SQL | undefined, limit: number, order?: SQL): SQL;
}

/** Slugs, names and host names that begin with the text. */
export function sourcesOfSearch(orm: Orm, search: string): readonly SearchSource[] {
  const sources = [ofRows("tenants_name", like(tenants.name, startingWith(search)), ["NAME", "CREATED_AT"])];
  if (isAsciiKey(search)) {
    const slugs = like(tenants.slug, startingWith(search.toLowerCase()));
    sources.push(ofRows("tenants_slug", slugs, ["SLUG", "CREATED_AT"]));
  }
  const prefix = hostnamePrefix(search);
  return prefix === undefined ? sources : [...sources, ofHostnames(orm, startingWith(prefix))];
}

function ofRows(index: string, holds: SQL, orders: SearchSource["orders"]): SearchSource {
  const source = ofTenants(index, holds);
  const ids: SearchSource["ids"] = (matching, limit, order) =>
    sql`(select ${source.id} ${source.entries}${also(matching)} ${order} limit ${limit})`;
  return { ...source, holds, orders, ids };
}

function ofHostnames(orm: Orm, pattern: string): SearchSource {
  const matches = like(domains.hostname, pattern);
  const source = {
    entries: sql`from ${domains} force index (domains_hostname) where ${matches}`,
    id: sql`${domains.tenantId}`,
  };
  const owned = orm
    .select({ count: sql`count(*)` })
    .from(domains)
    .where(and(sql`${domains.tenantId} = ${tenants.id}`, matches));
  // Counted, because EXISTS and IN would be turned into a join that reads every host name of the prefix first.
  return { ...source, holds: sql`${owned} > 0`, orders: [], ids: (...how) => idsOfOwners(source, ...how) };
}

function idsOfOwners({ entries, id }: TenantSource, matching: SQL | undefined, limit: number, order?: SQL): SQL {
  // Without an order it ends with as many as are wanted; in one, all are read anyway.
  if (!order) {
    const owners = sql`(select ${id} as owner ${entries}) owners straight_join ${tenants} on ${tenants.id} = owner`;
    return sql`(select distinct ${tenants.id} from ${owners} where true${also(matching)} limit ${limit})`;
  }
  const owners = sql`(select distinct ${id} as owner ${entries}) owners straight_join ${tenants} on ${tenants.id} = owner`;
  return sql`(select ${tenants.id} from ${owners} where true${also(matching)} ${order} limit ${limit})`;
}

function also(condition: SQL | undefined): SQL | undefined {
  return condition && sql` and ${condition}`;
}

function startingWith(text: string): string {
  return `${text.replace(/[\\%_]/g, "\\$&")}%`;
}
