import type { Clock } from "../../kit/clock.ts";
import type { JournalRow } from "../../migrations/journal.ts";
import type { Statement } from "../../migrations/migration.ts";
import type { Fact } from "../../migrations/statements/fact.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { SchemaSession } from "../../migrations/tenant-schemas.ts";
import { trouble } from "../pools/classify-error.ts";
import { quoteAccount, quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { insertJournalSql, readJournal } from "./journal-sql.ts";
import { journalTable } from "./journal-table.ts";
import { sessionSettings } from "./sql-text.ts";

/** A killed statement of DDL rolls back first; long ones take a while. */
const goneWithinTurns = 100;
const turnMs = 50;

const lookFor: Readonly<Record<Fact["what"], string>> = {
  table: "SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? LIMIT 1",
  column:
    "SELECT 1 FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND COLUMN_NAME = ? LIMIT 1",
  index:
    "SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND INDEX_NAME = ? LIMIT 1",
  constraint:
    "SELECT 1 FROM information_schema.TABLE_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE() AND TABLE_NAME = ? AND CONSTRAINT_NAME = ? LIMIT 1",
};

/** A migration's session over an admin's connection with the tenant's database as the current one. */
export class MysqlSchemaSession implements SchemaSession {
  constructor(
    private readonly session: ServerSession,
    private readonly target: MigrationTarget,
    private readonly lockWaitSeconds: number,
    private readonly clock: Clock,
  ) {}

  async begin(): Promise<void> {
    await this.session.run(sessionSettings({ lockWaitSeconds: this.lockWaitSeconds }));
  }

  async run(statement: Statement): Promise<void> {
    await this.session.run(withDefiner(statement, quoteAccount(this.target.databaseName)));
  }

  journal(): Promise<readonly JournalRow[]> {
    return readJournal(this.session, this.target.databaseName);
  }

  async write(rows: readonly JournalRow[]): Promise<void> {
    await this.session.run(insertJournalSql(this.target.tenantId, rows, true));
  }

  async enter(rows: readonly JournalRow[]): Promise<void> {
    await this.session.run(insertJournalSql(this.target.tenantId, rows, false));
  }

  async retract(row: JournalRow): Promise<void> {
    await this.session.run(`DELETE FROM ${quoteName(journalTable)} WHERE migration = ? AND statement = ?`, [
      row.migration,
      row.statement,
    ]);
  }

  async transaction(work: () => Promise<void>): Promise<void> {
    await this.session.run("START TRANSACTION");
    try {
      await work();
    } catch (error) {
      // Where the connection is gone the server rolls back by itself; the first error is the one that says why.
      await this.session.run("ROLLBACK").catch(() => undefined);
      throw error;
    }
    await this.session.run("COMMIT");
  }

  async holds(fact: Fact): Promise<boolean> {
    const values = fact.name === undefined ? [fact.table] : [fact.table, fact.name];
    const found = await this.session.query(lookFor[fact.what], values);
    return found.length > 0 === fact.present;
  }

  endOthers(): Promise<void> {
    return endOtherSessions(this.session, this.target.databaseName, this.clock);
  }
}

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
