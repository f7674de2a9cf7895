import type { AttemptSeen } from "../../test-runs/isolation/attempt.ts";
import type { ServerSession } from "../pools/server-sessions.ts";

/** A mode that nobody chooses by himself. */
const oddMode = "HIGH_NOT_PRECEDENCE";

/** What a tenant leaves in its session for whoever might get it next. */
export const tracesOfTenant = `SET @tenantry_canary = 'left behind', SESSION sql_mode = '${oddMode}'`;

/** A condition: somebody before has set the session's mode. */
export const modeIsOdd = `(@@SESSION.sql_mode = '${oddMode}' AND @@GLOBAL.sql_mode <> '${oddMode}')`;

interface IdentityRow {
  readonly account: string;
  readonly connectionId: number;
  readonly current: string | null;
  readonly variable: string | null;
  readonly odd: number;
  readonly role: string | null;
}

const identity = `SELECT CURRENT_USER() AS account, CONNECTION_ID() AS connectionId, DATABASE() AS current,
  @tenantry_canary AS variable, ${modeIsOdd} AS odd, NULLIF(CURRENT_ROLE(), 'NONE') AS role`;

/** What a session that has just begun says of itself: who it is, and whether anything is left of somebody before. */
export async function lookAtSession(
  session: ServerSession,
  name: string,
  isNew: (connectionId: number) => boolean,
): Promise<readonly AttemptSeen[]> {
  const [row] = await session.query<IdentityRow>(identity);
  const look = (check: AttemptSeen["check"], route: string, seen: string | undefined): AttemptSeen => ({
    check,
    route,
    statement: "SELECT CURRENT_USER(), CURRENT_ROLE(), DATABASE(), @tenantry_canary, @@sql_mode",
    outcome: seen === undefined ? "CLEAN" : "REACHED",
    seen,
  });
  return [
    look(
      "ACCOUNT",
      "asking who it is",
      row?.account === `${name}@%` ? undefined : `the server took it for ${row?.account}`,
    ),
    look("ROLES", "asking which role is on", row?.role ? `the role ${row.role} is on` : undefined),
    look("SESSION_STATE", "looking for what others left in the session", row && left(row, name, isNew)),
  ];
}

function left(row: IdentityRow, name: string, isNew: (connectionId: number) => boolean): string | undefined {
  if (!isNew(row.connectionId)) return "the session was another's before";
  if (row.variable !== null) return "another's variable";
  if (row.current !== name) return `the current database ${row.current ?? "none"}`;
  return row.odd ? "another's sql_mode" : undefined;
}
