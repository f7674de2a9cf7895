import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import type { KeysetPlan } from "../paging/keyset.ts";
import { tenants } from "../tables/tenants.ts";
import { type SearchSource, sourcesOfSearch } from "./search-sources.ts";
import { orderColumns, orderIndexes } from "./tenant-filter.ts";
import { type TenantRow, tenantColumns } from "./tenant-rows.ts";
import { few, firstOfEach, hasMore, sourcesOfFilter } from "./tenant-sources.ts";

/** What reads a part of a list: the rows that match, beyond a place in the order, up to a limit. */
export interface TenantPart extends Pick<KeysetPlan, "orderBy" | "limit"> {
  /** What the filter asks for, but for its search. */
  readonly matching: SQL | undefined;
  /** What lies beyond the cursor. */
  readonly beyond: SQL | undefined;
  readonly field: TenantOrder["field"];
  readonly ascending: boolean;
}

/** Rows that are read in the order of the list, in the hope that enough of them are found. */
const near = 2_000;
/** Hits whose rows are quicker read and sorted than looked for in the order of the list. */
const sortable = 20_000;

/**
 * A part of what a search finds. Where something of the filter finds few tenants, these are looked at. Else the list is read in
 * its order for a while: a prefix that many tenants have, some near any place have. Where they have not, its indexes are sorted.
 */
export async function searchPart(orm: Orm, filter: TenantFilter, part: TenantPart): Promise<readonly TenantRow[]> {
  const outlook = await lookOut(orm, filter);
  const { candidates, holds } = outlook;
  if (candidates?.length === 0) return [];
  if (candidates) return readRows(orm, part, and(inArray(tenants.id, [...candidates]), holds));
  const horizon = await horizonOf(orm, part);
  const rows = await readRows(orm, part, and(horizon, holds), { forceIndex: orderIndexes[part.field] });
  if (horizon === undefined || rows.length === part.limit) return rows;
  const hits = sql`(${sql.join(await firstHits(orm, outlook, part), sql` union `)}) hits`;
  return orm
    .select(tenantColumns)
    .from(tenants)
    .innerJoin(hits, eq(tenants.id, sql`hits.id`))
    .orderBy(...part.orderBy)
    .limit(part.limit);
}

/** How many a search finds, counted up to `cap`. @param matching what the filter asks for beside the search */
export async function countHits(
  orm: Orm,
  filter: TenantFilter,
  matching: SQL | undefined,
  cap: number,
): Promise<number> {
  const { candidates, many, known, holds } = await lookOut(orm, filter);
  if (candidates?.length === 0) return 0;
  const looks = candidates
    ? [idsAmong(orm, candidates, and(matching, holds))]
    : [...many.map((source) => source.ids(matching, cap)), idsAmong(orm, known, matching)];
  const counted = sql`(select id from (${sql.join(looks, sql` union `)}) hits limit ${cap}) counted`;
  const [row] = await orm.select({ count: sql<number>`count(*)` }).from(counted);
  return Number(row?.count ?? 0);
}

/** What is known of a search before its list is read. */
interface Outlook {
  /** Tenants among which all hits are; undefined where they are too many to be named. */
  readonly candidates: readonly TenantId[] | undefined;
  /** Where the search finds many. */
  readonly many: readonly SearchSource[];
  /** What it finds elsewhere. */
  readonly known: readonly TenantId[];
  /** Whether a row is a hit; undefined where every candidate is. */
  readonly holds: SQL | undefined;
}

async function lookOut(orm: Orm, filter: TenantFilter): Promise<Outlook> {
  const ofSearch = sourcesOfSearch(orm, filter.search ?? "");
  const found = await firstOfEach(orm, [...ofSearch, ...sourcesOfFilter(filter)]);
  const isFew = (ids: readonly TenantId[]) => ids.length <= few;
  const many = ofSearch.filter((_, at) => !isFew(found[at] ?? []));
  const known = [...new Set(found.slice(0, ofSearch.length).filter(isFew).flat())];
  if (many.length === 0) return { candidates: known, many, known, holds: undefined };
  const candidates = found.slice(ofSearch.length).find(isFew) ?? filter.ids;
  const holds = or(known.length > 0 ? inArray(tenants.id, known) : undefined, ...many.map((source) => source.holds));
  return { candidates, many, known, holds };
}

function readRows(
  orm: Orm,
  part: TenantPart,
  where: SQL | undefined,
  hint: { readonly forceIndex?: string } = {},
): Promise<TenantRow[]> {
  return orm
    .select(tenantColumns)
    .from(tenants, hint)
    .where(and(part.beyond, part.matching, where))
    .orderBy(...part.orderBy)
    .limit(part.limit);
}

/** The place in the order up to which is read at first; undefined where the list ends before it. Read of the index alone. */
async function horizonOf(orm: Orm, { field, ascending, beyond, orderBy }: TenantPart): Promise<SQL | undefined> {
  const column = orderColumns[field];
  const [row] = await orm
    .select({ lead: column })
    .from(tenants, { forceIndex: orderIndexes[field] })
    .where(beyond)
    .orderBy(...orderBy)
    .limit(1)
    .offset(near);
  if (!row) return undefined;
  const lead = sql.param(row.lead, column);
  return ascending ? sql`${column} <= ${lead}` : sql`${column} >= ${lead}`;
}

/** Statements of ids, among which the first hits of the list are. */
async function firstHits(orm: Orm, { many, known }: Outlook, part: TenantPart): Promise<readonly SQL[]> {
  const matching = and(part.matching, part.beyond);
  const order = sql`order by ${sql.join([...part.orderBy], sql`, `)}`;
  const looks = many.map(async (source) => {
    const isSorted = source.orders.includes(part.field) || !(await hasMore(orm, source, sortable));
    if (isSorted) return source.ids(matching, part.limit, order);
    const index = sql.identifier(orderIndexes[part.field]);
    const hits = sql`from ${tenants} force index (${index}) where ${and(matching, source.holds)}`;
    return sql`(select ${tenants.id} ${hits} ${order} limit ${part.limit})`;
  });
  return [...(await Promise.all(looks)), idsAmong(orm, known, matching)];
}

function idsAmong(orm: Orm, ids: readonly TenantId[], matching: SQL | undefined): SQL {
  const among = ids.length > 0 ? inArray(tenants.id, [...ids]) : sql`false`;
  return sql`(${orm.select({ id: tenants.id }).from(tenants).where(and(among, matching))})`;
}
