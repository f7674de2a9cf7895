import type { Output } from "../terminal.ts";
import { type Column, columnsThatFit, csvText, tableText } from "./columns.ts";
import { type Paint, paintFor } from "./paint.ts";
import { visibleLines } from "./visible.ts";

/** How data is written: for people, or for programs. */
export const formats = ["table", "json", "ndjson", "csv"] as const;
export type Format = (typeof formats)[number];

/** Writes what a command has found out: data on stdout, everything else on stderr. */
export class Printer {
  constructor(
    readonly format: Format,
    private readonly out: { readonly output: Output; readonly paint: Paint },
    private readonly err: { readonly output: Output; readonly paint: Paint },
  ) {}

  static plain(stdout: Output, stderr: Output, format: Format = "table"): Printer {
    const paint = paintFor(false);
    return new Printer(format, { output: stdout, paint }, { output: stderr, paint });
  }

  /** Colours for what is printed to people on stdout. */
  get paint(): Paint {
    return this.out.paint;
  }

  get forPeople(): boolean {
    return this.format === "table";
  }

  /** A list. */
  list<Item extends object>(columns: readonly Column<Item>[], items: readonly Item[], none: string): void {
    if (this.format === "json") this.#write(`${JSON.stringify(items, null, 2)}\n`);
    else if (this.format === "table" && items.length === 0) this.note(none);
    else this.part(columns, items, true);
  }

  /** A part of a list whose parts come one by one. */
  part<Item extends object>(columns: readonly Column<Item>[], items: readonly Item[], first: boolean): void {
    if (this.format === "ndjson") this.#write(items.map((item) => `${JSON.stringify(item)}\n`).join(""));
    else if (this.format === "csv") this.#write(csvText(columns, items, first));
    else this.#table(columns, items);
  }

  /** One thing: for people the text, for programs the thing. */
  one<Item extends object>(columns: readonly Column<Item>[], item: Item, text: string): void {
    if (this.format === "table") this.#write(text);
    else if (this.format === "json") this.#write(`${JSON.stringify(item, null, 2)}\n`);
    else this.part(columns, [item], true);
  }

  /** Text for people on stdout; programs do not see it. */
  text(text: string): void {
    if (this.forPeople) this.#write(text);
  }

  /** A remark, on stderr. */
  note(text: string): void {
    this.err.output.write(`${visibleLines(text, "")}\n`);
  }

  /** A complaint, on stderr. */
  complain(text: string): void {
    const { paint, output } = this.err;
    output.write(`${paint.red("tenantry:")} ${visibleLines(text, "")}\n`);
  }

  /** As many columns as the window has room for: a table whose lines are broken cannot be read. */
  #table<Item extends object>(columns: readonly Column<Item>[], items: readonly Item[]): void {
    const { isTTY, columns: width } = this.out.output;
    const room = isTTY && width ? width : Number.POSITIVE_INFINITY;
    const fitting = columnsThatFit(columns, items, room);
    this.#write(tableText(fitting.columns, items, this.paint));
    if (fitting.leftOut.length > 0)
      this.note(`No room for ${fitting.leftOut.join(", ")}: a wider window shows them, and --format csv.`);
  }

  #write(text: string): void {
    this.out.output.write(text);
  }
}
