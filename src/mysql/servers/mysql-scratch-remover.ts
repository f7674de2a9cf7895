import type { ServerId } from "../../kit/ids.ts";
import { canaryMade, canaryTable } from "../../servers/canary.ts";
import type { ScratchRemover } from "../../servers/scratch-remover.ts";
import { quoteAccount, quoteName, UnsafeIdentifier } from "../pools/identifiers.ts";
import type { ServerSession, ServerSessions } from "../pools/server-sessions.ts";

/** Milliseconds for a batch of names: dropping one takes a few. */
const deadlineMs = 30_000;
/** Names whose tables go in one statement. */
const batch = 100;

/** Drops through mysql2 what the service remembers to have made. */
export class MysqlScratchRemover implements ScratchRemover {
  constructor(private readonly sessions: Pick<ServerSessions, "withAdmin">) {}

  async remove(serverId: ServerId, names: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < names.length; at += batch) {
      const part = names.slice(at, at + batch);
      await this.sessions.withAdmin({ serverId, signal, deadlineMs, interactive: true }, (session) =>
        drop(session, part),
      );
    }
  }
}

async function drop(session: ServerSession, names: readonly string[]): Promise<void> {
  const places = names.map((name) => name.split("."));
  const inDatabases = places.flatMap(([database = "", table]) => (table === undefined ? [] : [{ database, table }]));
  const canaries = inDatabases.filter(({ table }) => table === canaryTable).map(({ database }) => database);
  const tables = [
    ...inDatabases.map(({ database, table }) => qualified(database, table)),
    ...canaries.map((database) => qualified(database, canaryMade)),
  ];
  // A trigger goes with its table.
  if (tables.length > 0) await session.run(`DROP TABLE IF EXISTS ${tables.join(", ")}`);
  for (const database of canaries) {
    for (const kind of ["VIEW", "PROCEDURE", "EVENT"]) {
      await session.run(`DROP ${kind} IF EXISTS ${qualified(database, canaryMade)}`);
    }
  }
  for (const [name = ""] of places.filter(({ length }) => length === 1)) {
    if (!name.startsWith("scratch"))
      throw new UnsafeIdentifier(`${JSON.stringify(name)} was never made for our own use.`);
    await session.run(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
    await session.run(`DROP USER IF EXISTS ${quoteAccount(name)}`);
    await session.run(`DROP ROLE IF EXISTS ${quoteName(name)}`);
  }
}

function qualified(database: string, table: string): string {
  return `${quoteName(database)}.${quoteName(table)}`;
}
