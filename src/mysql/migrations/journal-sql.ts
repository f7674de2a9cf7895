import type { TenantId } from "../../kit/ids.ts";
import type { JournalRow } from "../../migrations/journal.ts";
import { quoteName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { journalTable } from "./journal-table.ts";
import { quoteText } from "./sql-text.ts";

const columns = "(tenant_id, migration, statement, checksum, status, from_version, finished_at)";
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An id that is no UUID was about to be written into SQL: always a bug. */
export class UnsafeTenantId extends Error {
  override readonly name = "UnsafeTenantId";
}

/** Enters rows; with `replace`, rows that are there get the new status and checksum, unless they are done and would not be. As one statement without placeholders, so that it fits a batch. */
export function insertJournalSql(tenantId: TenantId, rows: readonly JournalRow[], replace: boolean): string {
  const values = rows.map((row) => valuesOf(tenantId, row)).join(",\n");
  const insert = `INSERT INTO ${quoteName(journalTable)} ${columns} VALUES\n${values}`;
  if (!replace) return insert;
  return `${insert}\nON DUPLICATE KEY UPDATE ${["checksum", "finished_at", "status"].map(unlessDone).join(", ")}`;
}

/** A row as {@link selectJournalSql} reads it. */
export interface StoredRow {
  readonly migration: string;
  readonly statement: number;
  readonly checksum: string;
  readonly status: string;
  readonly fromVersion: string | null;
}

/** All rows of a database's journal. @throws ServerTrouble */
export async function readJournal(session: ServerSession, database: string): Promise<readonly JournalRow[]> {
  const rows = await session.query<StoredRow>(`${selectJournalSql(database)} ORDER BY migration, statement`);
  return rows.map(toJournalRow);
}

/**
 * Reads a database's journal, or the rows of these migrations. Without placeholders, so that it fits a packet.
 * @param options `named`: each row begins with the database's name
 */
export function selectJournalSql(
  database: string,
  options: { readonly tags?: readonly string[]; readonly named?: boolean } = {},
): string {
  const { tags, named = false } = options;
  const which = tags ? ` WHERE migration IN (${tags.map(quoteText).join(", ")})` : "";
  return (
    `SELECT ${named ? `${quoteText(database)} AS name, ` : ""}migration, statement, checksum, status, from_version AS fromVersion ` +
    `FROM ${quoteName(database)}.${quoteName(journalTable)}${which}`
  );
}

/** A row as the journal means it. */
export function toJournalRow({ migration, statement, checksum, status, fromVersion }: StoredRow): JournalRow {
  return {
    migration,
    statement,
    checksum,
    status: status === "DONE" ? "DONE" : "STARTED",
    fromVersion: fromVersion ?? undefined,
  };
}

/** What is done never becomes begun again, by whomever. The status goes last: assignments see those before them. */
function unlessDone(column: string): string {
  return `${column} = IF(status = 'DONE' AND VALUES(status) <> 'DONE', ${column}, VALUES(${column}))`;
}

function valuesOf(tenantId: TenantId, row: JournalRow): string {
  if (!uuid.test(tenantId)) throw new UnsafeTenantId("A tenant's id must be a UUID.");
  const from = row.fromVersion === undefined ? "NULL" : quoteText(row.fromVersion);
  const finished = row.status === "DONE" ? "CURRENT_TIMESTAMP(3)" : "NULL";
  return (
    `('${tenantId}', ${quoteText(row.migration)}, ${Math.trunc(row.statement)}, ` +
    `${quoteText(row.checksum)}, '${row.status}', ${from}, ${finished})`
  );
}
