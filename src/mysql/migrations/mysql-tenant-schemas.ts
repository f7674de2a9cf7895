import type { Clock } from "../../kit/clock.ts";
import type { Baseline } from "../../migrations/baseline.ts";
import { baselineEntry, isFresh } from "../../migrations/journal.ts";
import type { MigrationTarget } from "../../migrations/tenant-migrator.ts";
import type { Patience, SchemaLook, SchemaSession, TenantSchemas } from "../../migrations/tenant-schemas.ts";
import { quoteAccount, quoteName, quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { baselineStatements } from "./baseline-batch.ts";
import { readJournal } from "./journal-sql.ts";
import { journalTable } from "./journal-table.ts";
import { endOtherSessions, MysqlSchemaSession } from "./mysql-schema-session.ts";

/** Short, so that a tenant's open transaction does not hold the fleet up: the job comes again. */
const defaultLockWaitSeconds = 5;

/** Tenants' databases on MariaDB or MySQL, through the admin's sessions. */
export class MysqlTenantSchemas implements TenantSchemas {
  constructor(
    private readonly sessions: ServerSessions,
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

  work<T>(target: MigrationTarget, patience: Patience, work: (session: SchemaSession) => Promise<T>): Promise<T> {
    return this.#on(target, patience, false, (session) =>
      work(new MysqlSchemaSession(session, target, this.lockWaitSeconds, this.clock)),
    );
  }

  async applyBaseline(target: MigrationTarget, baseline: Baseline, patience: Patience): Promise<void> {
    await this.#on(target, patience, true, async (session) => {
      const definer = quoteAccount(target.databaseName);
      const { lockWaitSeconds } = this;
      await session.run(baselineStatements(baseline, target.tenantId, { definer, lockWaitSeconds }).join(";\n"));
    });
  }

  discardBaseline(target: MigrationTarget, patience: Patience): Promise<boolean> {
    return this.#on(target, patience, false, async (session) => {
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

  #on<T>(
    target: MigrationTarget,
    patience: Patience,
    multipleStatements: boolean,
    work: (session: ServerSession) => Promise<T>,
  ): Promise<T> {
    const { serverId, databaseName: database } = target;
    return this.sessions.withAdminOn({ serverId, database, multipleStatements, ...patience }, work);
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
