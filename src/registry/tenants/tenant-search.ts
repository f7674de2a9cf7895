import { and, inArray, like, type SQL, sql } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantOrder } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { isAscii } from "../paging/keyset.ts";
import { domains } from "../tables/domains.ts";
import { tenants } from "../tables/tenants.ts";
import { orderIndexes } from "./tenant-filter.ts";

/** What reads a part of a list. */
export interface TenantPart {
  readonly where: SQL | undefined;
  readonly orderBy: readonly SQL[];
  readonly limit: number;
  /** By what the list is ordered; absent where it only is counted. */
  readonly field?: TenantOrder["field"];
}

/** Tenants that are few enough to begin with them. */
const few = 200;

/**
 * Ids of tenants whose slug, name or host name begins with the text: a look into the index of each, united. Each look reads
 * its own part of the list, so that a prefix of one letter costs no more than a rare one.
 */
export async function searchIds(orm: Orm, search: string, part: TenantPart): Promise<SQL> {
  const pattern = `${search.replace(/[\\%_]/g, "\\$&")}%`;
  const looks = [look(orm, like(tenants.name, pattern), part)];
  if (isAscii(search)) {
    const ascii = pattern.toLowerCase();
    looks.push(look(orm, like(tenants.slug, ascii), part));
    const owners = await ownersOfHostnames(orm, ascii);
    if (owners.length > few) looks.push(look(orm, ownsHostname(orm, ascii), part, true));
    else if (owners.length > 0) looks.push(look(orm, inArray(tenants.id, owners), part));
  }
  return sql`(${sql.join(looks, sql` union `)}) hits`;
}

function look(orm: Orm, matches: SQL, part: TenantPart, inListOrder = false): SQL {
  const hint = inListOrder && part.field ? { forceIndex: orderIndexes[part.field] } : {};
  const statement = orm
    .select({ id: tenants.id })
    .from(tenants, hint)
    .where(and(matches, part.where))
    .orderBy(...part.orderBy)
    .limit(part.limit);
  return sql`${statement}`;
}

async function ownersOfHostnames(orm: Orm, pattern: string): Promise<readonly TenantId[]> {
  const rows = await orm
    .select({ id: domains.tenantId })
    .from(domains)
    .where(like(domains.hostname, pattern))
    .limit(few + 1);
  return rows.map(({ id }) => id);
}

/**
 * For a prefix that many have: the list is read in its order, where the next that matches is near. Counted, because EXISTS and
 * IN would be turned into a join that reads every host name of the prefix first.
 */
function ownsHostname(orm: Orm, pattern: string): SQL {
  const owned = orm
    .select({ count: sql`count(*)` })
    .from(domains)
    .where(and(sql`${domains.tenantId} = ${tenants.id}`, like(domains.hostname, pattern)));
  return sql`${owned} > 0`;
}
