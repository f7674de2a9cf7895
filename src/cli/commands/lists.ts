import type { Command } from "commander";
import { type Page, pagesOf, type Turn } from "../api/pages.ts";
import { type ExitCode, exitCodes } from "../exit-code.ts";
import type { Column } from "../output/columns.ts";
import type { Session } from "../session.ts";
import { whole } from "./words.ts";

/** How much of a list is wanted. */
export interface ListOptions {
  readonly limit: number;
  readonly all?: true;
}

const usualLimit = 50;

/** Adds the options that say how much of a list is wanted. */
export function withLimit(command: Command): Command {
  return command
    .option("--limit <number>", "how many at most", whole(1), usualLimit)
    .option("--all", "all of them, however many");
}

/** Prints a list that the API gives in pages. Programs that read lines get each page as it comes. @param none what to say of an empty list */
export async function printPages<Item extends object>(
  { printer }: Session,
  options: ListOptions,
  columns: readonly Column<Item>[],
  none: string,
  turn: Turn<Item>,
): Promise<ExitCode> {
  const pages = pagesOf(turn, options.all ? Number.POSITIVE_INFINITY : options.limit);
  const streaming = printer.format === "ndjson" || printer.format === "csv";
  const items: Item[] = [];
  let first = true;
  let step = await pages.next();
  for (; step.done !== true; step = await pages.next()) {
    if (streaming) printer.part(columns, step.value, first);
    else items.push(...step.value);
    first = false;
  }
  if (!streaming) printer.list(columns, items, none);
  if (step.value) printer.note("There are more: --limit <number> or --all.");
  return exitCodes.passed;
}

/** The page of something that may not be there. */
export function pageOrNone<Item>(page: Page<Item> | undefined): Page<Item> {
  return page ?? { nodes: [], pageInfo: { hasNextPage: false, endCursor: null } };
}
