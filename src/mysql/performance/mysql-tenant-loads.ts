import type { ServerId } from "../../kit/ids.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { LoadSession, LoadTarget, LoadWish, ScratchTable, TenantLoads } from "../../test-runs/load/tenant-load.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { fillSql, loadSql } from "./load-sql.ts";
import { MysqlLoadSession } from "./mysql-load-session.ts";

/** Sessions whose budget can be asked for. */
export interface LoadSessions extends Pick<ServerSessions, "withTenant" | "withAdmin"> {
  /** Connections that work may hold at a time; 0 for a server that is not attached. */
  budgetOf(serverId: ServerId): number;
}

const sizesMs = 5_000;
/** There is no such thread (any more); there is no such database. */
const gone: ReadonlySet<number | undefined> = new Set([1094, 1049]);

/** Loads through mysql2, within each server's connection budget. */
export class MysqlTenantLoads implements TenantLoads {
  constructor(private readonly sessions: LoadSessions) {}

  /** Half of the budget: a load holds its places for minutes, and other work needs some meanwhile. */
  placesOn(serverId: ServerId): number {
    return Math.ceil(this.sessions.budgetOf(serverId) / 2);
  }

  async sizesOf(
    serverId: ServerId,
    databaseNames: readonly string[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, number>> {
    if (databaseNames.length === 0) return new Map();
    const rows = await this.sessions.withAdmin({ serverId, signal, deadlineMs: sizesMs }, (session) =>
      session.query<{ readonly name: string; readonly bytes: string | number | null }>(
        `SELECT table_schema AS name, SUM(data_length + index_length) AS bytes FROM information_schema.tables
         WHERE table_schema IN (${databaseNames.map(() => "?").join(", ")}) GROUP BY table_schema`,
        databaseNames,
      ),
    );
    return new Map(rows.map(({ name, bytes }) => [name, Number(bytes ?? 0)]));
  }

  createTable(target: LoadTarget, wish: LoadWish): Promise<void> {
    return this.sessions.withTenant({ ...ofTenant(target), ...wish }, async (session) => {
      await session.run(loadSql(target.table).create);
      const { sql, values } = fillSql(target.table);
      await session.run(sql, values);
    });
  }

  withSession<T>(target: LoadTarget, wish: LoadWish, work: (session: LoadSession) => Promise<T>): Promise<T> {
    const sql = loadSql(target.table);
    return this.sessions.withTenant({ ...ofTenant(target), ...wish }, (session) =>
      work(new MysqlLoadSession(session, sql)),
    );
  }

  async dropTables(serverId: ServerId, tables: readonly ScratchTable[], deadlineMs: number): Promise<void> {
    await this.sessions.withAdmin({ serverId, deadlineMs, interactive: true }, async (session) => {
      for (const { databaseName, table } of tables) {
        await endStatements(session, table);
        await unlessGone(session.run(`DROP TABLE IF EXISTS ${quoteName(databaseName)}.${quoteName(table)}`));
      }
    });
  }
}

/** Its name is nobody else's, so that whatever statement holds it belongs to the run. */
async function endStatements(session: ServerSession, table: string): Promise<void> {
  const threads = await session.query<{ readonly id: number }>(
    "SELECT id FROM information_schema.processlist WHERE id <> CONNECTION_ID() AND LOCATE(?, info) > 0",
    [table],
  );
  for (const { id } of threads) await unlessGone(session.run("KILL CONNECTION ?", [Number(id)]));
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof ServerTrouble) || !gone.has(error.errno)) throw error;
  }
}

function ofTenant({ serverId, databaseName, password }: LoadTarget) {
  return { serverId, databaseName, password };
}
