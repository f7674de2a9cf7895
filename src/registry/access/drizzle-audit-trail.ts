import { and, eq, getTableColumns, inArray, type SQL, sql } from "drizzle-orm";
import type { AuditEntry, AuditFilter, AuditTrail } from "../../access/audit.ts";
import type { AuditEntryId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { firstOfEach } from "../paging/first-of-each.ts";
import { endsInBlank, isAsciiKey, type KeysetOrder, parseInstant, planPage, toPage } from "../paging/keyset.ts";
import { apiKeys } from "../tables/api-keys.ts";
import { auditEntries } from "../tables/audit-entries.ts";

type AuditRow = typeof auditEntries.$inferSelect;

const newest: KeysetOrder<AuditRow> = {
  name: "audit",
  lead: auditEntries.at,
  tie: auditEntries.id,
  direction: "DESC",
  leadOf: (row) => row.at,
  tieOf: (row) => row.id,
  parseLead: parseInstant,
};

/** The audit log in the registry, as it is read. */
export class DrizzleAuditTrail implements AuditTrail {
  readonly #byId: BatchLookup<AuditEntryId, AuditRow>;

  constructor(private readonly db: RegistryDatabase) {
    this.#byId = new BatchLookup((keys) =>
      db.orm
        .select()
        .from(auditEntries)
        .where(inArray(auditEntries.id, [...keys]))
        .prepare(),
    );
  }

  async list(filter: AuditFilter, page: PageRequest): Promise<Page<AuditEntry>> {
    const plan = planPage(newest, page);
    return this.db.read(async (orm) => {
      const actors = await actorsMeant(orm, filter);
      const statement = orm.select(getTableColumns(auditEntries)).from(auditEntries).$dynamic();
      const ofActor = (actorId: string) =>
        orm
          .select({ id: auditEntries.id })
          .from(auditEntries)
          .where(and(whereMatching(filter, [actorId]), plan.where))
          .orderBy(...plan.orderBy)
          .limit(plan.limit);
      const rows = await (actors
        ? statement.innerJoin(firstOfEach(actors, ofActor), eq(auditEntries.id, sql`hits.id`))
        : statement
      )
        .where(and(whereMatching(filter, actors), plan.where))
        .orderBy(...plan.orderBy)
        .limit(plan.limit);
      return toPage(newest, page, rows, toEntry);
    });
  }

  count(filter: AuditFilter, cap: number): Promise<number> {
    return this.db.read(async (orm) => {
      const where = whereMatching(filter, await actorsMeant(orm, filter));
      const matching = orm.select({ id: auditEntries.id }).from(auditEntries).where(where);
      const [row] = await orm.select({ count: sql<number>`count(*)` }).from(matching.limit(cap).as("capped"));
      return Number(row?.count ?? 0);
    });
  }

  async findMany(ids: readonly AuditEntryId[]): Promise<readonly AuditEntry[]> {
    return (await this.db.read(() => this.#byId.rows(ids))).map(toEntry);
  }
}

function whereMatching(
  { actor, action, subjects }: AuditFilter,
  actors: readonly string[] | undefined,
): SQL | undefined {
  return and(
    actors && inArray(auditEntries.actorId, [...actors]),
    // Neither an id nor a key's name does.
    actor !== undefined && endsInBlank(actor) ? sql`false` : undefined,
    action === undefined ? undefined : isAsciiKey(action) ? eq(auditEntries.action, action) : sql`false`,
    subjects === undefined
      ? undefined
      : inArray(
          auditEntries.subject,
          subjects.filter((subject) => !endsInBlank(subject)),
        ),
  );
}

/** Ids of whom the filter means by id or name. Keys are few, entries many: the name is looked up where it is quick to find. */
async function actorsMeant(orm: Orm, { actor }: AuditFilter): Promise<readonly string[] | undefined> {
  if (actor === undefined) return undefined;
  const named = await orm.select({ id: apiKeys.id }).from(apiKeys).where(eq(apiKeys.name, actor));
  return [actor, ...named.map(({ id }) => id)];
}

function toEntry(row: AuditRow): AuditEntry {
  return { ...row, subject: row.subject ?? undefined, note: row.note ?? undefined };
}
