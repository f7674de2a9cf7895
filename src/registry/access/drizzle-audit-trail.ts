import { and, eq, inArray, or, type SQL, sql } from "drizzle-orm";
import type { AuditEntry, AuditFilter, AuditTrail } from "../../access/audit.ts";
import type { AuditEntryId } from "../../kit/ids.ts";
import type { Page, PageRequest } from "../../kit/page.ts";
import type { Orm, RegistryDatabase } from "../database.ts";
import { BatchLookup } from "../paging/batch-lookup.ts";
import { isAscii, type KeysetOrder, parseInstant, planPage, toPage } from "../paging/keyset.ts";
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
      const rows = await orm
        .select()
        .from(auditEntries)
        .where(and(whereMatching(orm, filter), plan.where))
        .orderBy(...plan.orderBy)
        .limit(plan.limit);
      return toPage(newest, page, rows, toEntry);
    });
  }

  count(filter: AuditFilter, cap: number): Promise<number> {
    return this.db.read(async (orm) => {
      const matching = orm.select({ id: auditEntries.id }).from(auditEntries).where(whereMatching(orm, filter));
      const [row] = await orm.select({ count: sql<number>`count(*)` }).from(matching.limit(cap).as("capped"));
      return Number(row?.count ?? 0);
    });
  }

  async findMany(ids: readonly AuditEntryId[]): Promise<readonly AuditEntry[]> {
    return (await this.db.read(() => this.#byId.rows(ids))).map(toEntry);
  }
}

function whereMatching(orm: Orm, { actor, action, subject }: AuditFilter): SQL | undefined {
  return and(
    actor === undefined
      ? undefined
      : or(eq(auditEntries.actorId, actor), inArray(auditEntries.actorId, named(orm, actor))),
    action === undefined ? undefined : isAscii(action) ? eq(auditEntries.action, action) : sql`false`,
    subject === undefined ? undefined : eq(auditEntries.subject, subject),
  );
}

/** Keys are few, entries many: the name is looked up where it is quick to find. */
function named(orm: Orm, name: string) {
  // The key's id is a column of ASCII, the actor's is not: without the cast the index would be left aside.
  const id = sql<string>`convert(${apiKeys.id} using utf8mb4)`;
  return orm.select({ id }).from(apiKeys).where(eq(apiKeys.name, name));
}

function toEntry(row: AuditRow): AuditEntry {
  return { ...row, subject: row.subject ?? undefined, note: row.note ?? undefined };
}
