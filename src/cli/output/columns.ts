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
  /** Left out of a table where the window has no room for it, the last one first. */
  readonly spare?: boolean;
}

const graphemes = new Intl.Segmenter();
/** East Asian letters but their half-wide forms, and what is shown as an emoji: a terminal gives each two places. */
const takesTwo =
  /(?![\uff61-\uffdc])[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303e\u30fb\u30fc\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]|\ufe0f/u;

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

/** The columns that fit side by side into so many characters, and the names of those that were left out for it. */
export function columnsThatFit<Item>(columns: readonly Column<Item>[], items: readonly Item[], room: number) {
  const shown = columns.filter(({ plainOnly }) => !plainOnly);
  const widthOf = (column: Column<Item>) =>
    chars.middle.length +
    Math.max(...[titleOf(column.name), ...items.map((item) => shownText(column, item))].map(lengthOf));
  let tooWide = shown.reduce((sum, column) => sum + widthOf(column), -chars.middle.length) - room;
  const leftOut: Column<Item>[] = [];
  for (const column of shown.toReversed()) {
    if (tooWide <= 0) break;
    if (!column.spare) continue;
    leftOut.unshift(column);
    tooWide -= widthOf(column);
  }
  return {
    columns: shown.filter((column) => !leftOut.includes(column)),
    leftOut: leftOut.map(({ name }) => titleOf(name)),
  };
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

function cell<Item>(column: Column<Item>, item: Item, paint: Paint): string {
  const shown = shownText(column, item);
  return toned(paint, column.tone ? column.tone(item) : toneOf(shown), shown);
}

function shownText<Item>({ text, value }: Column<Item>, item: Item): string {
  return visible(text ? text(item) : plainText(value(item))) || nothing;
}

function lengthOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return [...graphemes.segment(text)].reduce((sum, { segment }) => sum + (takesTwo.test(segment) ? 2 : 1), 0);
}

function plainText(value: Plain): string {
  return value === null || value === undefined ? "" : String(value);
}
