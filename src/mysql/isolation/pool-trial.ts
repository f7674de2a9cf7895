import type { ServerId } from "../../kit/ids.ts";
import { canaryMade, canaryTable } from "../../servers/canary.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { AttemptSeen } from "../../test-runs/isolation/attempt.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";
import { at } from "./attempt-spec.ts";
import { modeIsOdd, tracesOfTenant } from "./session-traces.ts";

const deadlineMs = 10_000;
/** How often a session is borrowed until it is the one that was given back; the pool hands out the newest first. */
const borrowings = 6;
/** There is no such table, or no such prepared statement. */
const nothingLeft: ReadonlySet<number> = new Set([1146, 1243]);

interface StateRow {
  readonly connectionId: number;
  readonly variable: string | null;
  readonly odd: number;
  readonly current: string | null;
  readonly heldLock: number;
}

/**
 * Borrows a session of the service's own pool, leaves every kind of trace in it, gives it back, borrows it again and looks. The second time
 * it also chooses a current database. The traces lie in a database of the run's own, and locks have its unguessable name.
 */
export class PoolTrial {
  constructor(
    private readonly sessions: Pick<ServerSessions, "withAdmin">,
    private readonly place: { readonly serverId: ServerId; readonly database: string; readonly signal: AbortSignal },
  ) {}

  /** @throws ServerTrouble, QueueTimeout, or the signal's reason */
  async run(): Promise<readonly AttemptSeen[]> {
    const plain = await this.#handOn("using a session that was lent before", false);
    // What is handed on once stands in the way of trying again, and is enough.
    if (plain.outcome === "REACHED") return [plain];
    const choosing = await this.#handOn("using a session in which a database was chosen", true);
    return [plain, choosing];
  }

  async #handOn(route: string, choose: boolean): Promise<AttemptSeen> {
    const statement =
      "SELECT DATABASE(), @tenantry_canary, @@sql_mode, IS_USED_LOCK(…), EXECUTE, SELECT from a temporary table";
    const look = { check: "SESSION_STATE", route, statement } as const;
    const lent = await this.#borrow((session) => this.#leaveTraces(session, choose));
    for (let n = 0; n < borrowings; n += 1) {
      const { connectionId, found, ended } = await this.#borrow((session) => this.#look(session, lent));
      if (found !== undefined) return { ...look, outcome: "REACHED", seen: found };
      if (connectionId === lent || ended) return { ...look, outcome: "CLEAN" };
    }
    return { ...look, outcome: "UNEXPECTED", seen: "The session was not lent again." };
  }

  #borrow<T>(work: (session: ServerSession) => Promise<T>): Promise<T> {
    const { serverId, signal } = this.place;
    return this.sessions.withAdmin({ serverId, signal, deadlineMs }, work);
  }

  /** @returns the session's id */
  async #leaveTraces(session: ServerSession, choose: boolean): Promise<number> {
    const { database } = this.place;
    const [row] = await session.query<{ readonly id: number }>("SELECT CONNECTION_ID() AS id");
    await session.run(tracesOfTenant);
    await session.run(`CREATE TEMPORARY TABLE ${at(database, canaryMade)} (id INT)`);
    await session.run("PREPARE tenantry_canary FROM 'SELECT 1'");
    await session.query("SELECT GET_LOCK(?, 0)", [database]);
    if (choose) await session.run(`USE ${quoteName(database)}`);
    await session.run("START TRANSACTION");
    await session.run(`INSERT INTO ${at(database, canaryTable)} (id, token) VALUES (4, 'never committed')`);
    return row?.id ?? 0;
  }

  async #look(
    session: ServerSession,
    lent: number,
  ): Promise<{ readonly connectionId: number; readonly found: string | undefined; readonly ended: boolean }> {
    const { database } = this.place;
    const [row] = await session.query<StateRow>(
      `SELECT CONNECTION_ID() AS connectionId, @tenantry_canary AS variable, ${modeIsOdd} AS odd, DATABASE() AS current,
        COALESCE(IS_USED_LOCK(?), 0) = CONNECTION_ID() AS heldLock`,
      [database],
    );
    const [lives] = await session.query<{ readonly sessions: number | string }>(
      "SELECT COUNT(*) AS sessions FROM information_schema.PROCESSLIST WHERE ID = ?",
      [lent],
    );
    const found =
      (row && traceIn(row)) ??
      ((await this.#works(session, "EXECUTE tenantry_canary")) ? "another's prepared statement" : undefined) ??
      ((await this.#works(session, `SELECT 1 FROM ${at(database, canaryMade)}`))
        ? "another's temporary table"
        : undefined) ??
      (await this.#uncommitted(session));
    return { connectionId: row?.connectionId ?? 0, found, ended: Number(lives?.sessions ?? 0) === 0 };
  }

  async #works(session: ServerSession, sql: string): Promise<boolean> {
    try {
      await session.query(sql);
      return true;
    } catch (error) {
      if (error instanceof ServerTrouble && nothingLeft.has(error.errno ?? 0)) return false;
      throw error;
    }
  }

  async #uncommitted(session: ServerSession): Promise<string | undefined> {
    const rows = await session.query(`SELECT id FROM ${at(this.place.database, canaryTable)} WHERE id = 4`);
    return rows.length > 0 ? "a row of another's open transaction" : undefined;
  }
}

function traceIn(row: StateRow): string | undefined {
  if (row.variable !== null) return "another's variable";
  if (row.odd) return "another's sql_mode";
  if (row.current !== null) return "another's current database";
  return row.heldLock ? "another's lock" : undefined;
}
