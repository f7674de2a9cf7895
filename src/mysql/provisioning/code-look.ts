import type { ServerSession } from "../pools/server-sessions.ts";
import { isMeant, type MeantNames } from "./meant-names.ts";
import type { PrintRow } from "./print-row.ts";

/** Names of views that are asked for by name; more are not worth a list. */
const mostNamed = 500;

/** Triggers, events and routines with another definer than the account of their database's name, as parts of a statement. */
export function strangersCode(names: MeantNames): readonly string[] {
  return [
    part("'TRIGGER'", "TRIGGERS", "TRIGGER", names),
    part("'EVENT'", "EVENTS", "EVENT", names),
    `${part("ROUTINE_TYPE", "ROUTINES", "ROUTINE", names)} AND SECURITY_TYPE = 'DEFINER'`,
  ];
}

/**
 * The same of views. The server opens those alone that have one of these names: looking through all tables for views would cost as much as
 * reading the tables. @param tables as the look at tables tells them
 */
export async function lookAtViews(
  session: ServerSession,
  names: MeantNames,
  tables: readonly PrintRow[],
): Promise<readonly PrintRow[]> {
  const views = [...new Set(tables.flatMap(({ views: hex }) => hex?.split(",") ?? []))];
  if (views.length === 0) return [];
  const named = views.length > mostNamed ? "" : ` AND TABLE_NAME IN (${views.map(() => "?").join(", ")})`;
  return session.query<PrintRow>(
    `${part("'VIEW'", "VIEWS", "TABLE", names)} AND SECURITY_TYPE = 'DEFINER'${named}`,
    named === "" ? [] : views.map((hex) => Buffer.from(hex, "hex").toString("utf8")),
  );
}

function part(what: string, table: string, prefix: string, names: MeantNames): string {
  const schema = `${prefix}_SCHEMA`;
  return `SELECT 'D' AS part, ${schema} AS name, CONCAT(${what}, '/', ${prefix}_NAME) AS print, 0 AS journals, 0 AS objects, NULL AS views
    FROM information_schema.${table} WHERE ${isMeant(schema, names)} AND DEFINER <> CONCAT(${schema}, '@%')`;
}
