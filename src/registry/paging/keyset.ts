import { type SQL, sql } from "drizzle-orm";
import type { MySqlColumn } from "drizzle-orm/mysql-core";
import type { Page, PageRequest } from "../../kit/page.ts";
import { decodeCursor, encodeCursor, invalid } from "./cursor.ts";

/** The total order of a list: by `lead`, and by `tie` where it is equal. */
export interface KeysetOrder<Row> {
  /** Part of the cursor, so that it cannot be used in another order. */
  readonly name: string;
  readonly lead: MySqlColumn;
  /** Absent where `lead` is unique in the list. */
  readonly tie?: MySqlColumn;
  readonly direction: "ASC" | "DESC";
  leadOf(row: Row): string | number | Date;
  tieOf(row: Row): string;
  /** A cursor's value as the column takes it; undefined when it cannot be one. */
  readonly parseLead: (value: string | number) => string | number | Date | undefined;
}

/** The parts of the statement that reads a page. One row more than wanted is read: it says whether there are more. */
export interface KeysetPlan {
  readonly where: SQL | undefined;
  readonly orderBy: readonly SQL[];
  readonly limit: number;
}

/** @throws InvalidCursor */
export function planPage<Row>(order: KeysetOrder<Row>, request: PageRequest): KeysetPlan {
  const ascending = (order.direction === "ASC") === (request.direction === "FORWARD");
  const direction = ascending ? sql`asc` : sql`desc`;
  const columns = order.tie ? [order.lead, order.tie] : [order.lead];
  return {
    where: beyond(order, request, ascending),
    orderBy: columns.map((column) => sql`${column} ${direction}`),
    limit: request.limit + 1,
  };
}

/** Makes the page of the rows that the plan's statement read. */
export function toPage<Row, Node>(
  order: KeysetOrder<Row>,
  request: PageRequest,
  rows: readonly Row[],
  toNode: (row: Row) => Node,
): Page<Node> {
  const forward = request.direction === "FORWARD";
  const wanted = rows.slice(0, request.limit);
  const inOrder = forward ? wanted : wanted.toReversed();
  const more = rows.length > request.limit;
  // What a cursor names lies before a forward page and after a backward one.
  const came = request.cursor !== undefined;
  return {
    edges: inOrder.map((row) => ({ node: toNode(row), cursor: cursorOf(order, row) })),
    hasNextPage: forward ? more : came,
    hasPreviousPage: forward ? came : more,
  };
}

/** Accepts the instants that cursors hold. */
export function parseInstant(value: string | number): Date | undefined {
  const date = new Date(value);
  return Number.isNaN(date.getTime()) || date.toISOString() !== value ? undefined : date;
}

/** Accepts text for columns that hold ASCII only; anything else would make the comparison fail or leave its index. */
export function parseAscii(value: string | number): string | undefined {
  return typeof value === "string" && isAsciiKey(value) ? value : undefined;
}

/** Whether the text can be compared with a column of ASCII, whose values never end in a blank. */
export function isAsciiKey(value: string): boolean {
  return /^[\x20-\x7e]*$/.test(value) && !endsInBlank(value);
}

/** Whether a column may be taken to equal the text that does not: SQL ignores blanks at the end. */
export function endsInBlank(value: string): boolean {
  return value.endsWith(" ");
}

function cursorOf<Row>(order: KeysetOrder<Row>, row: Row): string {
  const lead = order.leadOf(row);
  return encodeCursor([order.name, lead instanceof Date ? lead.toISOString() : lead, order.tieOf(row)]);
}

/**
 * `lead >= ? and (lead > ? or tie > ?)`: this form reads a range of the index at any depth, the row constructor
 * `(lead, tie) > (?, ?)` reads everything before it.
 */
function beyond<Row>(order: KeysetOrder<Row>, request: PageRequest, ascending: boolean): SQL | undefined {
  const cursor = decodeCursor(request, order.name);
  if (!cursor) return undefined;
  const [, rawLead, tieValue] = cursor;
  const leadValue = order.parseLead(rawLead);
  if (leadValue === undefined || !isAsciiKey(tieValue)) throw invalid(request);
  const lead = sql.param(leadValue, order.lead);
  const after = ascending ? sql`>` : sql`<`;
  if (!order.tie) return sql`${order.lead} ${after} ${lead}`;
  const tie = sql.param(tieValue, order.tie);
  return sql`${order.lead} ${after}= ${lead} and (${order.lead} ${after} ${lead} or ${order.tie} ${after} ${tie})`;
}
