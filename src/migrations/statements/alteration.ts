import type { Fact, PartialEffect } from "./fact.ts";
import type { TokenReader } from "./token-reader.ts";

const again: PartialEffect = { facts: [], repeatable: true };
const unknown: PartialEffect = { facts: [], repeatable: false };

/** What `ALTER TABLE t …` leaves behind, from all its parts. */
export function alterationOf(reader: TokenReader): PartialEffect {
  reader.skipPast("TABLE");
  reader.take("IF", "EXISTS");
  const table = reader.name();
  if (table === undefined) return unknown;
  const parts = reader.list().map((part) => partOf(table, part));
  const renamed = parts.flatMap((part) => part.facts).filter((fact) => fact.what === "table");
  return {
    // Under the new name nothing else needs to be looked up: the statement is atomic.
    facts: renamed.length > 0 ? renamed : parts.flatMap((part) => part.facts),
    repeatable: parts.every((part) => part.repeatable),
  };
}

function partOf(table: string, part: TokenReader): PartialEffect {
  if (part.take("ADD")) return addition(table, part);
  if (part.take("DROP")) return removal(table, part);
  if (part.take("CHANGE")) {
    part.take("COLUMN");
    if (part.take("IF", "EXISTS")) return again;
    return renamed("column", table, part.name(), part.name());
  }
  if (part.take("RENAME")) return renaming(table, part);
  if (part.takeOne("COALESCE", "REORGANIZE", "EXCHANGE", "TRUNCATE")) return unknown;
  return again; // MODIFY, ALTER COLUMN, CONVERT, table options …: the same end, however often
}

function addition(table: string, part: TokenReader): PartialEffect {
  if (part.take("CONSTRAINT")) {
    part.take("IF", "NOT", "EXISTS");
    const name = part.next && !keyStarts(part) ? part.name() : undefined;
    if (part.take("PRIMARY", "KEY")) return fact("index", table, "PRIMARY", true);
    return fact("constraint", table, name, true);
  }
  if (part.take("PRIMARY", "KEY")) return fact("index", table, "PRIMARY", true);
  if (part.take("FOREIGN", "KEY") || part.take("CHECK") || part.takeOne("PARTITION", "PERIOD", "SYSTEM"))
    return unknown;
  if (part.takeOne("UNIQUE", "FULLTEXT", "SPATIAL") || isIndex(part)) {
    part.takeOne("INDEX", "KEY");
    if (part.take("IF", "NOT", "EXISTS")) return again;
    return fact("index", table, part.name(), true);
  }
  part.take("COLUMN");
  if (part.take("IF", "NOT", "EXISTS")) return again;
  if (!part.takeSign("(")) return fact("column", table, part.name(), true);
  return together(part.list().map((column) => fact("column", table, column.name(), true)));
}

function removal(table: string, part: TokenReader): PartialEffect {
  if (part.take("PRIMARY", "KEY")) return fact("index", table, "PRIMARY", false);
  const constraint = part.take("FOREIGN", "KEY") || part.takeOne("CONSTRAINT", "CHECK");
  const what = constraint ? "constraint" : part.takeOne("INDEX", "KEY") ? "index" : "column";
  if (part.takeOne("PARTITION", "PERIOD", "SYSTEM")) return unknown;
  part.take("COLUMN");
  if (part.take("IF", "EXISTS")) return again;
  return fact(what, table, part.name(), false);
}

function renaming(table: string, part: TokenReader): PartialEffect {
  const what = part.take("COLUMN") ? "column" : part.takeOne("INDEX", "KEY") ? "index" : undefined;
  if (what) {
    const from = part.name();
    return renamed(what, table, from, part.take("TO") ? part.name() : undefined);
  }
  part.takeOne("TO", "AS");
  part.takeSign("=");
  const to = part.name();
  if (to === undefined) return unknown;
  return {
    facts: [
      { what: "table", table, present: false },
      { what: "table", table: to, present: true },
    ],
    repeatable: false,
  };
}

function renamed(
  what: "column" | "index",
  table: string,
  from: string | undefined,
  to: string | undefined,
): PartialEffect {
  if (from === undefined || to === undefined) return unknown;
  if (from.toLowerCase() === to.toLowerCase()) return again; // the name stays, the definition may be given twice
  return together([fact(what, table, from, false), fact(what, table, to, true)]);
}

function fact(what: Fact["what"], table: string, name: string | undefined, present: boolean): PartialEffect {
  return name === undefined ? unknown : { facts: [{ what, table, name, present }], repeatable: false };
}

function together(parts: readonly PartialEffect[]): PartialEffect {
  return { facts: parts.flatMap((part) => part.facts), repeatable: false };
}

function isIndex(part: TokenReader): boolean {
  // A column may be called `key` only in backticks, so the bare word is never a column's name.
  return part.takeOne("INDEX", "KEY");
}

function keyStarts(part: TokenReader): boolean {
  const word = part.next?.kind === "word" ? part.next.text.toUpperCase() : "";
  return ["PRIMARY", "UNIQUE", "FOREIGN", "CHECK"].includes(word);
}
