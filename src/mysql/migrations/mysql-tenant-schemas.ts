import type { Clock } from "../../kit/clock.ts";
import type { ServerId, TenantId } from "../../kit/ids.ts";
import type { Baseline } from "../../migrations/baseline.ts";
import { baselineEntry, isFresh, type JournalRow } from "../../migrations/journal.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { Patience, SchemaLook, SchemaSession, TenantSchemas } from "../../migrations/tenant-schemas.ts";
import { quoteAccount, quoteName, quoteObservedName } from "../pools/identifiers.ts";
import type { PacketSession, PacketSessions, ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { rowsAt } from "../pools/statement-results.ts";
import { baselineStatements } from "./baseline-batch.ts";
import { readJournal, type StoredRow, selectJournalSql, toJournalRow } from "./journal-sql.ts";
import { journalTable } from "./journal-table.ts";
import { endOtherSessions, MysqlSchemaSession } from "./mysql-schema-session.ts";
import { quoteText, sessionSettings } from "./sql-text.ts";

/** Short, so that a tenant's open transaction does not hold the fleet up: the job comes again. */
const defaultLockWaitSeconds = 5;

/** Tenants' databases on MariaDB or MySQL, through the admin's sessions. */
export class MysqlTenantSchemas implements TenantSchemas {
  constructor(
    private readonly sessions: ServerSessions & PacketSessions,
    private readonly clock: Clock,
    private readonly lockWaitSeconds = defaultLockWaitSeconds,
  ) {}

  look(target: MigrationTarget, patience: Patience, objects: "ALWAYS" | "IF_FRESH" = "ALWAYS"): Promise<SchemaLook> {
    return this.sessions.withAdmin({ serverId: target.serverId, ...patience }, async (session) => {
      const journal = await readJournal(session, target.databaseName);
      if (objects === "IF_FRESH" && !isFresh(journal)) return { journal };
      const seen = await objectsOf(session, target.databaseName);
      return { journal, objects: seen.map(({ name }) => name) };
    });
  }

  async journals(
    serverId: ServerId,
    targets: readonly MigrationTarget[],
    patience: Patience,
  ): Promise<ReadonlyMap<TenantId, readonly JournalRow[]>> {
    const journals = await this.sessions.withAdminPackets({ serverId, ...patience }, (session) => {
      session.leavesNothing();
      return journalsOf(session, targets);
    });
    return new Map(journals);
  }

  work<T>(target: MigrationTarget, patience: Patience, work: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.sessions.withAdminPackets({ serverId: target.serverId, ...patience }, async (packets) => {
      const session = new MysqlSchemaSession(packets, target, this.lockWaitSeconds, this.clock);
      const result = await work(session);
      session.ended();
      return result;
    });
  }

  applyBaseline(target: MigrationTarget, baseline: Baseline, patience: Patience): Promise<SchemaLook> {
    const { serverId, tenantId, databaseName } = target;
    const options = { definer: quoteAccount(databaseName), lockWaitSeconds: this.lockWaitSeconds };
    const batch = [
      `USE ${quoteName(databaseName)}`,
      ...baselineStatements(baseline, tenantId, options),
      "USE `information_schema`",
      selectJournalSql(databaseName),
      `SELECT TABLE_NAME AS name FROM information_schema.TABLES WHERE TABLE_SCHEMA = ${quoteText(databaseName)}`,
    ];
    return this.sessions.withAdminPackets({ serverId, ...patience }, async (session) => {
      const answer = await session.send(batch);
      if (answer.refusal) throw answer.refusal;
      session.leavesNothing();
      const names = rowsAt<{ readonly name: string }>(answer, -1).map(({ name }) => name);
      return {
        journal: rowsAt<StoredRow>(answer, -2).map(toJournalRow),
        objects: names.filter((name) => name !== journalTable),
      };
    });
  }

  discardBaseline(target: MigrationTarget, patience: Patience): Promise<boolean> {
    const { serverId, databaseName: database } = target;
    return this.sessions.withAdminOn({ serverId, database, ...patience }, async (session) => {
      await endOtherSessions(session, target.databaseName, this.clock);
      const objects = await objectsOf(session, target.databaseName, true);
      for (const { name } of objects.filter(({ kind }) => kind !== "VIEW")) {
        if ((await session.query(`SELECT 1 FROM ${quoteObservedName(name)} LIMIT 1`)).length > 0) return false;
      }
      await session.run("SET SESSION foreign_key_checks = 0");
      for (const { name, kind } of objects) {
        await session.run(`DROP ${kind === "VIEW" ? "VIEW" : "TABLE"} ${quoteObservedName(name)}`);
      }
      await session.run(`DELETE FROM ${quoteName(journalTable)} WHERE migration = ?`, [baselineEntry]);
      return true;
    });
  }
}

/** Tables and views of a database without our journal. The kind costs opening each table, so it is read only when asked for. */
async function objectsOf(
  session: ServerSession,
  database: string,
  withKind = false,
): Promise<readonly { readonly name: string; readonly kind: string }[]> {
  return session.query<{ name: string; kind: string }>(
    `SELECT TABLE_NAME AS name, ${withKind ? "TABLE_TYPE" : "''"} AS kind FROM information_schema.TABLES
     WHERE TABLE_SCHEMA = ? AND TABLE_NAME <> ?`,
    [database, journalTable],
  );
}

/** Halves those that cannot be read together until the one that cannot be read is alone. Trouble that may pass is given up on. */
async function journalsOf(
  session: PacketSession,
  targets: readonly MigrationTarget[],
): Promise<readonly (readonly [TenantId, readonly JournalRow[]])[]> {
  if (targets.length === 0) return [];
  const selects = targets.map(({ databaseName }) => `(${selectJournalSql(databaseName, { named: true })})`);
  // A tenant's lock on its own journal holds the others up no longer than this.
  const settings = sessionSettings({ lockWaitSeconds: 1 });
  const answer = await session.send([settings, selects.join("\nUNION ALL ")]);
  if (answer.refusal) {
    if (answer.refusal.retryable || targets.length === 1) return [];
    const half = Math.ceil(targets.length / 2);
    return [
      ...(await journalsOf(session, targets.slice(0, half))),
      ...(await journalsOf(session, targets.slice(half))),
    ];
  }
  const found = new Map<string, JournalRow[]>(targets.map(({ databaseName }) => [databaseName, []]));
  for (const row of rowsAt<StoredRow & { readonly name: string }>(answer, 1)) {
    found.get(row.name)?.push(toJournalRow(row));
  }
  return targets.flatMap(({ tenantId, databaseName }) => {
    const rows = found.get(databaseName) ?? [];
    return rows.length > 0 ? [[tenantId, rows] as const] : [];
  });
}
