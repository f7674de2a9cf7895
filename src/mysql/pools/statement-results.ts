import { trouble } from "./classify-error.ts";
import type { PacketAnswer } from "./server-sessions.ts";

/** The border to mysql2: what answers a SELECT is an array of rows, as its author typed them. */
export function isRows<Row extends object>(result: unknown): result is readonly Row[] {
  return Array.isArray(result);
}

/**
 * How many results of a command had ended when it was refused. mysql2 tells by its events when rows begin, not when they end, and a
 * statement may be refused between: so it is read where mysql2 itself counts, and a test says so when it does not any more.
 */
export function resultsEnded(command: object): number {
  const ended: unknown = Reflect.get(command, "_resultIndex");
  return typeof ended === "number" ? ended : 0;
}

/** Refuses when a text held more than one statement: the results of others would stand where they are not looked for. */
export function tellAll(
  statements: readonly string[],
  result: unknown,
  resolve: (answer: PacketAnswer) => void,
  refuse: (error: unknown) => void,
): void {
  const results: readonly unknown[] = statements.length > 1 && Array.isArray(result) ? result : [result];
  if (results.length !== statements.length) refuse(trouble("QUERY_FAILED", "counting a packet's statements"));
  else resolve({ carriedOut: results.length, rows: results.map((one) => (isRows(one) ? one : [])) });
}

/** Rows of one statement of a packet, counted from the end where `at` is negative. */
export function rowsAt<Row extends object>(answer: PacketAnswer, at: number): readonly Row[] {
  const rows: unknown = answer.rows.at(at);
  return isRows<Row>(rows) ? rows : [];
}

/** Of the last of several. */
export function affectedRows(result: unknown): number {
  const last: unknown = Array.isArray(result) ? result.at(-1) : result;
  if (typeof last !== "object" || last === null || !("affectedRows" in last)) return 0;
  return typeof last.affectedRows === "number" ? last.affectedRows : 0;
}
