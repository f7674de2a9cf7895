import Table from "cli-table3";
import { stringify } from "csv-stringify/sync";
import { nothing } from "./figures.ts";
import { type Paint, type Tone, toned, toneOf } from "./paint.ts";
import { visible } from "./visible.ts";

/** A value as a program reads it. */
export type Plain = string | number | boolean | null | undefined;

/** A column of a list of things. */
export interface Column<Item> {
  /** Its name for programs; people read it in capitals. */
  readonly name: string;
  /** What a program gets. */
  readonly value: (item: Item) => Plain;
  /** What a person gets, if it is something else. */
  readonly text?: (item: Item) => string;
  /** Its colour; left out, that of the word that it shows. */
  readonly tone?: (item: Item) => Tone;
  /** Shown to programs only. */
  readonly plainOnly?: boolean;
  readonly align?: "left" | "right";
}

const noLines = { left: "", right: "", mid: "", "mid-mid": "", "left-mid": "", "right-mid": "" };
const noFrame = { top: "", "top-mid": "", "top-left": "", "top-right": "", bottom: "", "bottom-mid": "" };
const chars = { ...noLines, ...noFrame, "bottom-left": "", "bottom-right": "", middle: "  " };

/** A table for people, with a line of names above; ends in a line feed. */
export function tableText<Item>(columns: readonly Column<Item>[], items: readonly Item[], paint: Paint): string {
  const shown = columns.filter(({ plainOnly }) => !plainOnly);
  const table = new Table({
    head: shown.map(({ name }) => paint.bold(titleOf(name))),
    colAligns: shown.map(({ align }) => align ?? "left"),
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    chars,
  });
  for (const item of items) table.push(shown.map((column) => cell(column, item, paint)));
  const lines = table.toString().split("\n");
  return `${lines.map((line) => line.trimEnd()).join("\n")}\n`;
}

/** Lines of comma-separated values as RFC 4180 quotes them. @param header whether names go before */
export function csvText<Item>(columns: readonly Column<Item>[], items: readonly Item[], header: boolean): string {
  const rows = items.map((item) => columns.map(({ value }) => plainText(value(item))));
  return stringify(header ? [columns.map(({ name }) => name), ...rows] : rows);
}

/** For people, who see the unit beside each figure. */
function titleOf(name: string): string {
  return name.replace(/_ms$/, "").toUpperCase().replaceAll("_", " ");
}

function cell<Item>({ text, value, tone }: Column<Item>, item: Item, paint: Paint): string {
  const shown = visible(text ? text(item) : plainText(value(item))) || nothing;
  return toned(paint, tone ? tone(item) : toneOf(shown), shown);
}

function plainText(value: Plain): string {
  return value === null || value === undefined ? "" : String(value);
}
