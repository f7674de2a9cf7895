import type { TestResultPartsFragment } from "../gql/graphql.ts";

/** A line for each tenant, below a line of names, as RFC 4180 has it. */
export function resultsCsv(results: readonly TestResultPartsFragment[]): string {
  const rows = results.map(cellsOf);
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => row[name]))];
  return lines.map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

type Cells = Readonly<Record<string, string | number | null | undefined>>;

function cellsOf(result: TestResultPartsFragment): Cells {
  const { tenant, verdict, errorCode, message, durationMs } = result;
  const common = { tenant: tenant.slug, tenantId: tenant.id, verdict, errorCode, message, durationMs };
  if ("checks" in result) {
    const checks = result.checks.flatMap(({ kind, verdict: found, evidence }) => [
      [kind, found],
      [`${kind} evidence`, evidence],
    ]);
    return { ...common, ...Object.fromEntries(checks) };
  }
  if ("latency" in result) {
    const { rating, operations, errors, operationsPerSecond, latency, errorsByCode, deepTests } = result;
    const { p50, p95, p99, max } = latency;
    return {
      ...common,
      ...{ rating, operations, errors, operationsPerSecond, p50, p95, p99, max },
      errorsByCode: errorsByCode.map(({ code, count }) => `${code} ${count}`).join("; "),
      ...Object.fromEntries(deepTests.map(({ kind, passed }) => [kind, passed ? "PASSED" : "FAILED"])),
    };
  }
  const { rating, connectMs, queryMs, attempts, serverVersion } = result;
  return { ...common, rating, connectMs, queryMs, attempts, serverVersion };
}

/** A text that a spreadsheet would take for a formula is marked as text. */
function quoted(cell: string | number | null | undefined): string {
  if (cell === null || cell === undefined) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
