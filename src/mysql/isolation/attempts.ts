import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { AttemptSeen } from "../../test-runs/isolation/attempt.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import type { AttemptSpec } from "./attempt-spec.ts";

/**
 * Errnos by which a server denies something to who asks. 1044 a database, 1045 a log-in (and FILE), 1095 a session, 1142 a table, 1143 a
 * column, 1227 a global right, 1370 a routine, 1410 a grant, 1698 a log-in, 1959 and 3530 a role.
 */
const denials: ReadonlySet<number> = new Set([1044, 1045, 1095, 1142, 1143, 1227, 1370, 1410, 1698, 1959, 3530]);

/** Tries statements in one session, and leaves it as it was. */
export class Attempts {
  readonly seen: AttemptSeen[] = [];

  constructor(
    private readonly session: ServerSession,
    private readonly signal: AbortSignal,
  ) {}

  /** @throws ServerTrouble when the session is lost, or the signal's reason */
  async try(specs: readonly AttemptSpec[]): Promise<void> {
    const changing = specs.filter(({ changesRows }) => changesRows === true);
    if (changing.length > 0) await this.session.run("START TRANSACTION");
    for (const spec of changing) await this.#attempt(spec);
    if (changing.length > 0) await this.session.run("ROLLBACK");
    for (const spec of specs) if (spec.changesRows !== true) await this.#attempt(spec);
  }

  async #attempt(spec: AttemptSpec): Promise<void> {
    const { check, route, sql: statement, victim } = spec;
    const result = await this.#outcome(spec);
    this.seen.push({ check, route, statement, victim, ...result });
    if (result.outcome !== "REACHED") return;
    // Others wait for what this one locked by mistake; what it made must not stay.
    if (spec.changesRows) await this.session.run("ROLLBACK AND CHAIN");
    else if (spec.undo !== undefined) await this.#undo(spec.undo);
  }

  async #outcome(spec: AttemptSpec): Promise<Pick<AttemptSeen, "outcome" | "errno" | "seen">> {
    try {
      const rows = await this.session.query<Readonly<Record<string, unknown>>>(spec.sql);
      if (!spec.rowsReach) return { outcome: "REACHED", ...(rows.length > 0 && { seen: `${rows.length} rows` }) };
      if (rows.length === 0) return { outcome: "CLEAN" };
      return { outcome: "REACHED", seen: rows.map((row) => Object.values(row).join(" ")).join(", ") };
    } catch (error) {
      this.signal.throwIfAborted();
      if (!(error instanceof ServerTrouble) || error.errno === undefined) throw error;
      const { errno } = error;
      if (denials.has(errno)) return { outcome: "DENIED", errno };
      if (spec.reachedBy?.includes(errno)) return { outcome: "REACHED", errno, seen: "it passed the check of rights" };
      return { outcome: "UNEXPECTED", errno, seen: error.message };
    }
  }

  /** What cannot be undone here is dropped with the canary. */
  async #undo(sql: string): Promise<void> {
    try {
      await this.session.run(sql);
    } catch (error) {
      if (!(error instanceof ServerTrouble) || error.errno === undefined) throw error;
    }
  }
}

/** Whether an errno means that somebody was denied something. */
export function isDenial(errno: number | undefined): boolean {
  return errno !== undefined && denials.has(errno);
}
