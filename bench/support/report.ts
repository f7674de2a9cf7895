import { type Goal, type Row, type Standing, standingOf } from "../figure.ts";
import type { Machine } from "./machine.ts";

/** A figure and what it measured. */
export interface Measured {
  readonly name: string;
  readonly title: string;
  /** What the measuring took. */
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** What went wrong, when it could not be measured. */
  readonly failure?: string | undefined;
}

const columns = ["", "ours", "beside", "ratio", "goal", "met"] as const;
const words: Readonly<Record<Standing, string>> = { MET: "yes", MISSED: "no", BELOW_FLOOR: "NO, below floor" };

/** The table as it is printed. */
export function asText(figures: readonly Measured[]): string {
  const lines = figures.map(({ title, rows, failure }) => ({
    title: failure === undefined ? title : `${title}: not measured.\n${failure}`,
    cells: rows.map(cells),
  }));
  const all = [columns, ...lines.flatMap((line) => line.cells)];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  const show = (row: readonly string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("  ")
      .trimEnd();
  return lines.flatMap(({ title, cells }) => ["", title, show(columns), ...cells.map(show)]).join("\n");
}

/** The same as a table for the documentation. */
export function asMarkdown(figures: readonly Measured[], machine: Machine): string {
  const { cpu, cores, memoryMb, node, database, flushAtCommit, fsyncMs, load, commit } = machine;
  const facts = [
    `${cpu}, ${cores} cores, ${Math.round(memoryMb / 1024)} GB`,
    `Node ${node}`,
    `MariaDB ${database}, innodb_flush_log_at_trx_commit = ${flushAtCommit}`,
    `fdatasync ${fsyncMs} ms`,
    `load average ${load} before the run`,
    `commit ${commit}`,
  ];
  const tables = figures.map(({ title, rows }) => {
    const line = (row: readonly string[]) => `| ${row.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
    return [
      `### ${title}`,
      "",
      line(columns),
      line(columns.map(() => "---")),
      ...rows.map(cells).map(line),
      ...notes(rows),
    ];
  });
  return [`Measured on: ${facts.join("; ")}.`, ...tables.map((table) => table.join("\n"))].join("\n\n");
}

function notes(rows: readonly Row[]): readonly string[] {
  const found = rows.flatMap(({ what, note }) => (note ? [`- ${what}: ${note}`] : []));
  return found.length > 0 ? ["", ...found] : [];
}

function cells(row: Row): readonly string[] {
  const { what, unit, ours, beside, ratio, goal } = row;
  const standing = standingOf(row);
  return [
    what,
    `${figure(ours)} ${unit}`,
    beside ? `${figure(beside.value)} (${beside.what})` : "",
    ratio === undefined ? "" : `${figure(ratio)}×`,
    goal ? goalText(goal, ratio === undefined ? ` ${unit}` : "×") : "",
    standing ? words[standing] : "",
  ];
}

function goalText(goal: Goal, unit: string): string {
  return "atLeast" in goal ? `≥ ${goal.atLeast}${unit}` : `≤ ${goal.atMost}${unit}`;
}

/** Three digits that mean something. */
function figure(value: number): string {
  if (!Number.isFinite(value)) return "?";
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
