import type { Clock } from "../../kit/clock.ts";
import type { JournalRow } from "../../migrations/journal.ts";
import type { Statement } from "../../migrations/migration.ts";
import type { Fact } from "../../migrations/statements/fact.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { SchemaAnswer, SchemaSession, SchemaStep } from "../../migrations/tenant-schemas.ts";
import { trouble } from "../pools/classify-error.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";
import type { PacketSession, ServerSession } from "../pools/server-sessions.ts";
import { rowsAt } from "../pools/statement-results.ts";
import { insertJournalSql, readJournal, type StoredRow, selectJournalSql, toJournalRow } from "./journal-sql.ts";
import { journalTable } from "./journal-table.ts";
import { sessionSettings } from "./sql-text.ts";

/** A killed statement of DDL rolls back first; long ones take a while. */
const goneWithinTurns = 100;
const turnMs = 50;

const lookFor: Readonly<Record<Fact["what"], string>> = {
  table: "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? LIMIT 1",
  column:
    "SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND COLUMN_NAME = ? LIMIT 1",
  index:
    "SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = ? LIMIT 1",
  constraint:
    "SELECT 1 FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ? AND CONSTRAINT_NAME = ? LIMIT 1",
};

/** A migration's session over one of the admin's for packets, with the tenant's database as the current one. */
export class MysqlSchemaSession implements SchemaSession {
  /** Whether the tenant's database is the current one. */
  #placed = false;
  /** Whether the session may hold what only a reset takes away: variables that rows were read into, or a transaction. */
  #soiled = false;

  constructor(
    private readonly session: PacketSession,
    private readonly target: MigrationTarget,
    private readonly lockWaitSeconds: number,
    private readonly clock: Clock,
  ) {}

  async send(steps: readonly SchemaStep[]): Promise<SchemaAnswer> {
    const sent: { readonly step?: SchemaStep; readonly sql: string }[] = steps.flatMap((step) =>
      this.#sqlOf(step).map((sql) => ({ step, sql })),
    );
    if (!this.#placed) sent.unshift({ sql: `USE ${quoteName(this.target.databaseName)}` });
    this.#placed = true;
    if (steps.some(({ what }) => what === "START_TRANSACTION")) this.#soiled = true;
    const answer = await this.session.send(sent.map(({ sql }) => sql));
    const { refusal } = answer;
    if (refusal) return { journal: [], refusal: { step: sent[answer.carriedOut]?.step, trouble: refusal } };
    const at = sent.findIndex(({ step }) => step?.what === "READ_BACK");
    if (at < 0) return { journal: [] };
    this.#placed = false;
    return { journal: rowsAt<StoredRow>(answer, at).map(toJournalRow) };
  }

  journal(): Promise<readonly JournalRow[]> {
    return readJournal(this.session, this.target.databaseName);
  }

  async retract(row: JournalRow): Promise<void> {
    const journal = `${quoteName(this.target.databaseName)}.${quoteName(journalTable)}`;
    await this.session.run(`DELETE FROM ${journal} WHERE migration = ? AND statement = ? AND status = 'STARTED'`, [
      row.migration,
      row.statement,
    ]);
  }

  async rollBack(): Promise<void> {
    await this.session.run("ROLLBACK");
  }

  async holds(fact: Fact): Promise<boolean> {
    const { databaseName } = this.target;
    const values = fact.name === undefined ? [databaseName, fact.table] : [databaseName, fact.table, fact.name];
    const found = await this.session.query(lookFor[fact.what], values);
    return found.length > 0 === fact.present;
  }

  endOthers(): Promise<void> {
    return endOtherSessions(this.session, this.target.databaseName, this.clock);
  }

  /** The work has ended well: where nothing is left, the session need not be reset. */
  ended(): void {
    if (!this.#soiled && !this.#placed) this.session.leavesNothing();
  }

  #sqlOf(step: SchemaStep): readonly string[] {
    const { tenantId, databaseName } = this.target;
    switch (step.what) {
      case "BEGIN":
        return [sessionSettings({ lockWaitSeconds: this.lockWaitSeconds })];
      case "RUN":
        return [withDefiner(step.statement, quoteAccount(databaseName))];
      case "WRITE":
        return [insertJournalSql(tenantId, step.rows, true)];
      case "ENTER":
        return [insertJournalSql(tenantId, step.rows, false)];
      case "START_TRANSACTION":
        return ["START TRANSACTION"];
      case "COMMIT":
        return ["COMMIT"];
      case "READ_BACK":
        return [selectJournalSql(databaseName, { tags: step.tags }), leave];
    }
  }
}

/** Nobody who ends what is at work on the tenant's database shall meet a session at rest. */
const leave = "USE `information_schema`";

/** Kills the admin's other connections that have this database as their current one, and waits until they are gone. @throws ServerTrouble UNREACHABLE */
export async function endOtherSessions(session: ServerSession, database: string, clock: Clock): Promise<void> {
  for (let turn = 0; turn < goneWithinTurns; turn += 1) {
    const others = await session.query<{ id: number }>(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE DB = ? AND USER = SUBSTRING_INDEX(USER(), '@', 1) AND ID <> CONNECTION_ID()",
      [database],
    );
    if (others.length === 0) return;
    // One that ended by itself meanwhile is no trouble: the next look decides.
    for (const { id } of others) await session.run(`KILL ${Math.trunc(id)}`).catch(() => undefined);
    await clock.sleep(turnMs);
  }
  throw trouble("UNREACHABLE", "waiting for an earlier migration's session to end");
}

/** A view's rights are those of its definer: the tenant's account, never the admin's. */
export function withDefiner(statement: Statement, account: string): string {
  const { text, definerAt } = statement;
  if (!definerAt) return text;
  const security = definerAt.saysSecurity ? "" : "SQL SECURITY DEFINER ";
  return `${text.slice(0, definerAt.offset)}DEFINER=${account} ${security}${text.slice(definerAt.offset)}`;
}
