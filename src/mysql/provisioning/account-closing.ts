import type { Clock } from "../../kit/clock.ts";
import { trouble } from "../pools/classify-error.ts";
import { quoteAccountName, quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";

/** Pause between two looks for sessions. */
const turnMs = 30;
/** Some ten seconds: a session that rolls a long transaction back does not go at once. */
const maxTurns = 330;
/** A log-in that had passed the lock before it was set shows itself a moment later. */
const quietTurns = 2;

/** Locks the account under every host. @returns how many account rows there are @throws ServerTrouble */
export async function lockAccounts(session: ServerSession, name: string): Promise<number> {
  const hosts = await hostsIn(session, name, ["user"]);
  for (const host of hosts) await session.run(`ALTER USER ${accountAt(name, host)} ACCOUNT LOCK`);
  return hosts.length;
}

/** Ends every session of the account, and waits until none has been left for a moment. @throws ServerTrouble */
export async function endSessions(session: ServerSession, name: string, clock: Clock): Promise<void> {
  let quiet = 0;
  for (let turn = 0; turn < maxTurns; turn += 1) {
    const ids = await session.query<{ readonly id: number }>(
      "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE USER = ?",
      [name],
    );
    quiet = ids.length === 0 ? quiet + 1 : 0;
    if (quiet >= quietTurns) return;
    // One that ended by itself meanwhile is no trouble: the next look decides.
    for (const { id } of ids) await session.run(`KILL ${Math.trunc(id)}`).catch(() => undefined);
    await clock.sleep(turnMs);
  }
  throw trouble("LOCK_TIMEOUT", "waiting for the tenant's sessions to end");
}

/** Drops the account under every host. Rights can outlive the account they were given to; they go too. @throws ServerTrouble */
export async function dropAccounts(session: ServerSession, name: string): Promise<void> {
  const tables = ["user", "db", "tables_priv", "columns_priv", "procs_priv", "proxies_priv"];
  const hosts = await hostsIn(session, name, tables);
  for (const host of hosts) await session.run(`DROP USER IF EXISTS ${accountAt(name, host)}`);
}

async function hostsIn(session: ServerSession, name: string, tables: readonly string[]): Promise<readonly string[]> {
  const looks = tables.map((table) => `SELECT Host AS host FROM mysql.${table} WHERE User = ?`);
  const rows = await session.query<{ readonly host: string }>(
    looks.join(" UNION "),
    tables.map(() => name),
  );
  return rows.map(({ host }) => host);
}

function accountAt(name: string, host: string): string {
  return `${quoteAccountName(name)}@${quoteObservedName(host)}`;
}
