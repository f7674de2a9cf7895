import { ServerTrouble } from "../../servers/server-trouble.ts";
import { journalTable } from "../migrations/journal-table.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";

const noSuchTable = 1146;

/** @returns the owner that the marker names; undefined without a marker @throws ServerTrouble */
export async function readMarker(session: ServerSession, databaseName: string): Promise<string | undefined> {
  const table = `${quoteName(databaseName)}.${quoteName(journalTable)}`;
  try {
    const [row] = await session.query<{ readonly owner: string }>(
      `SELECT tenant_id AS owner FROM ${table} WHERE migration = '' AND statement = 0`,
    );
    return row?.owner;
  } catch (error) {
    if (error instanceof ServerTrouble && error.errno === noSuchTable) return undefined;
    throw error;
  }
}
