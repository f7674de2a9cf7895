import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantFilter, TenantOrder } from "../../tenants/tenant-store.ts";
import { isAmong } from "../bulk.ts";
import type { Orm } from "../database.ts";
import type { KeysetPlan } from "../paging/keyset.ts";
import { tenants } from "../tables/tenants.ts";
import { type SearchSource, sourcesOfSearch } from "./search-sources.ts";
import { orderColumns, orderIndexes } from "./tenant-filter.ts";
import { type TenantRow, tenantColumns } from "./tenant-rows.ts";
import { fewOfEach, hasMore, sourcesOfFilter } from "./tenant-sources.ts";

/** What reads a part of a list: the rows that match, beyond a place in the order, up to a limit. */
export interface TenantPart extends Pick<KeysetPlan, "orderBy" | "limit"> {
  /** What the filter asks for, but for its search. */
  readonly matching: SQL | undefined;
  /** What lies beyond the cursor. */
  readonly beyond: SQL | undefined;
  readonly field: TenantOrder["field"];
  readonly ascending: boolean;
}

/** Rows that are read first in the order of the list, in the hope that enough of them are hits. */
const near = 500;
/** Rows that are read so at most, and tenants of a part of the filter that are all looked at. */
const far = 20_000;
/** Hits whose rows are quicker read and sorted than looked for in the order of the list. */
const sortable = 200_000;

/**
 * A part of what a search finds. Where something of the filter finds few tenants, these are looked at. Else the list is read in
 * its order for a while: a prefix that many tenants have, some near any place have. Where they have not, its indexes are sorted.
 */
export async function searchPart(orm: Orm, filter: TenantFilter, part: TenantPart): Promise<readonly TenantRow[]> {
  const outlook = await lookOut(orm, filter);
  const { among, holds } = outlook;
  if (among === "NOBODY") return [];
  if (among) return readRows(orm, part, and(among, holds));
  return (await readNear(orm, part, holds)) ?? (await readFar(orm, filter, part, outlook));
}

/** How many a search finds, counted up to `cap`. @param matching what the filter asks for beside the search */
export async function countHits(
  orm: Orm,
  filter: TenantFilter,
  matching: SQL | undefined,
  cap: number,
): Promise<number> {
  const { among, many, known, holds } = await lookOut(orm, filter);
  if (among === "NOBODY") return 0;
  const within = among ?? (await narrowing(orm, filter));
  if (within) return counted(orm, [idsOf(orm, and(within, matching, holds))], cap);
  const looks = many.map((source) => source.ids(matching, cap));
  // One after the other: the first one that finds enough spares the others.
  for (const look of looks) if ((await counted(orm, [look], cap)) === cap) return cap;
  return counted(orm, [...looks, idsOf(orm, and(oneOf(known), matching))], cap);
}

/** What is known of a search before its list is read. */
interface Outlook {
  /** Says of which few tenants all hits are; undefined where they are many. */
  readonly among: SQL | "NOBODY" | undefined;
  /** Where the search finds many. */
  readonly many: readonly SearchSource[];
  /** What it finds elsewhere. */
  readonly known: readonly TenantId[];
  /** Whether a row is a hit. */
  readonly holds: SQL | undefined;
}

async function lookOut(orm: Orm, filter: TenantFilter): Promise<Outlook> {
  const ofSearch = sourcesOfSearch(orm, filter.search ?? "");
  const found = await fewOfEach(orm, [...ofSearch, ...sourcesOfFilter(filter)]);
  const many = ofSearch.filter((_, at) => found[at] === undefined);
  const known = [...new Set(found.slice(0, ofSearch.length).flatMap((ids) => ids ?? []))];
  const holds = or(oneOf(known), ...many.map((source) => source.holds));
  const rare = many.length === 0 ? known : found.slice(ofSearch.length).find((ids) => ids !== undefined);
  if (rare) return { among: rare.length === 0 ? "NOBODY" : oneOf(rare), many, known, holds };
  // What the filter names is found by the names: that no others are meant it says itself.
  return { among: filter.ids || filter.slugs ? sql`true` : undefined, many, known, holds };
}

/** Reads the list in its order, farther as long as the hits promise to be enough; undefined where they do not. */
async function readNear(orm: Orm, part: TenantPart, holds: SQL | undefined): Promise<readonly TenantRow[] | undefined> {
  for (let reach = near; reach <= far; ) {
    const horizon = await horizonOf(orm, part, reach);
    const rows = await readRows(orm, part, and(horizon, holds), { forceIndex: orderIndexes[part.field] });
    if (horizon === undefined || rows.length === part.limit) return rows;
    reach = Math.ceil((reach * 2 * part.limit) / rows.length);
  }
  return undefined;
}

/** Reads by what the filter finds fewest by, or the first ones of each that finds many. */
async function readFar(
  orm: Orm,
  filter: TenantFilter,
  part: TenantPart,
  outlook: Outlook,
): Promise<readonly TenantRow[]> {
  const within = await narrowing(orm, filter);
  if (within) return readRows(orm, part, and(within, outlook.holds));
  const hits = sql`(${sql.join([...(await firstHits(orm, filter, part, outlook))], sql` union `)}) hits`;
  return orm
    .select(tenantColumns)
    .from(tenants)
    .innerJoin(hits, eq(tenants.id, sql`hits.id`))
    .orderBy(...part.orderBy)
    .limit(part.limit);
}

/** Says of which tenants all are that the filter means, where a part of it finds no more of them than can all be looked at. */
async function narrowing(orm: Orm, filter: TenantFilter): Promise<SQL | undefined> {
  for (const source of sourcesOfFilter(filter)) {
    if (await hasMore(orm, source, far)) continue;
    return inArray(tenants.id, sql`(select ${source.id} ${source.entries})`);
  }
  return undefined;
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

/** The place in the order so many rows on; undefined where the list ends before it. Read of the index alone. */
async function horizonOf(
  orm: Orm,
  { field, ascending, beyond, orderBy }: TenantPart,
  reach: number,
): Promise<SQL | undefined> {
  const column = orderColumns[field];
  const [row] = await orm
    .select({ lead: column })
    .from(tenants, { forceIndex: orderIndexes[field] })
    .where(beyond)
    .orderBy(...orderBy)
    .limit(1)
    .offset(reach);
  if (!row) return undefined;
  const lead = sql.param(row.lead, column);
  return ascending ? sql`${column} <= ${lead}` : sql`${column} >= ${lead}`;
}

/** Statements of ids, among which the first hits of the list are. */
async function firstHits(
  orm: Orm,
  { labels, schemaVersions, serverId }: TenantFilter,
  part: TenantPart,
  { many, known }: Outlook,
): Promise<readonly SQL[]> {
  const isInIndex = !labels?.length && !schemaVersions && serverId === undefined;
  const matching = and(part.matching, part.beyond);
  const order = sql`order by ${sql.join([...part.orderBy], sql`, `)}`;
  const looks = many.map(async (source) => {
    const fromIndex = isInIndex && source.orders.includes(part.field);
    if (fromIndex || !(await hasMore(orm, source, sortable))) return source.ids(matching, part.limit, order);
    const index = sql.identifier(orderIndexes[part.field]);
    const hits = sql`from ${tenants} force index (${index}) where ${and(matching, source.holds)}`;
    return sql`(select ${tenants.id} ${hits} ${order} limit ${part.limit})`;
  });
  return [...(await Promise.all(looks)), idsOf(orm, and(oneOf(known), matching))];
}

async function counted(orm: Orm, looks: readonly SQL[], cap: number): Promise<number> {
  const hits = sql`(select id from (${sql.join([...looks], sql` union `)}) hits limit ${cap}) counted`;
  const [row] = await orm.select({ count: sql<number>`count(*)` }).from(hits);
  return Number(row?.count ?? 0);
}

function idsOf(orm: Orm, where: SQL | undefined): SQL {
  return sql`(${orm.select({ id: tenants.id }).from(tenants).where(where)})`;
}

function oneOf(ids: readonly TenantId[]): SQL {
  return isAmong(tenants.id, ids);
}
