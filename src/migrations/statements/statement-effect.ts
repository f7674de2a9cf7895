import { alterationOf } from "./alteration.ts";
import type { Fact, PartialEffect } from "./fact.ts";
import type { Token } from "./sql-tokens.ts";
import type { StatementKind } from "./statement-kind.ts";
import { TokenReader } from "./token-reader.ts";

/**
 * How it can be told after a crash whether a statement took effect. ROWS and VARIABLE statements run in one transaction with
 * their journal rows and are never in doubt; SETTING is run again in each session; of a SCHEMA statement the facts are
 * looked up (one statement changes one table atomically, so they hold all or none). Without facts it is run again if
 * `repeatable`, and cannot be decided otherwise.
 */
export type Effect =
  | { readonly kind: "ROWS" }
  | { readonly kind: "SETTING" }
  | { readonly kind: "SCHEMA"; readonly facts: readonly Fact[]; readonly repeatable: boolean };

const again: PartialEffect = { facts: [], repeatable: true };
const unknown: PartialEffect = { facts: [], repeatable: false };

/** What the statement leaves behind. Pure. */
export function effectOf(kind: StatementKind, tokens: readonly Token[]): Effect {
  if (kind === "ROWS" || kind === "VARIABLE") return { kind: "ROWS" };
  if (kind === "SETTING") return { kind: "SETTING" };
  return { kind: "SCHEMA", ...withoutContradiction(schemaEffect(kind, new TokenReader(tokens))) };
}

function schemaEffect(
  kind: Exclude<StatementKind, "ROWS" | "VARIABLE" | "SETTING">,
  reader: TokenReader,
): PartialEffect {
  switch (kind) {
    case "ALTER_TABLE":
      return alterationOf(reader);
    case "ALTER_VIEW":
      return again;
    case "CREATE_TABLE":
    case "CREATE_VIEW":
      return creation(reader);
    case "CREATE_INDEX":
    case "DROP_INDEX":
      return indexEffect(reader, kind === "CREATE_INDEX");
    case "DROP_TABLE":
    case "DROP_VIEW":
      return removal(reader);
    case "RENAME_TABLE":
      return renaming(reader);
  }
}

function creation(reader: TokenReader): PartialEffect {
  const replaces = reader.take("CREATE", "OR", "REPLACE");
  if (!reader.skipPast("TABLE", "VIEW")) return unknown;
  if (replaces) return again;
  const mayExist = reader.take("IF", "NOT", "EXISTS");
  const table = reader.name();
  if (table === undefined) return unknown;
  // A table that was there may get the SELECT's rows a second time: then its existence decides.
  if (mayExist && !reader.has("SELECT")) return again;
  return { facts: [{ what: "table", table, present: true }], repeatable: false };
}

function indexEffect(reader: TokenReader, present: boolean): PartialEffect {
  const replaces = reader.take("CREATE", "OR", "REPLACE");
  reader.skipPast("INDEX");
  if (replaces || reader.take("IF", "NOT", "EXISTS") || reader.take("IF", "EXISTS")) return again;
  const name = reader.name();
  const table = reader.skipPast("ON") ? reader.name() : undefined;
  if (name === undefined || table === undefined) return unknown;
  return { facts: [{ what: "index", table, name, present }], repeatable: false };
}

function removal(reader: TokenReader): PartialEffect {
  reader.skipPast("TABLE", "TABLES", "VIEW");
  if (reader.take("IF", "EXISTS")) return again;
  const tables = reader.list().map((part) => part.name());
  return {
    facts: tables.flatMap((table) => (table === undefined ? [] : [{ what: "table", table, present: false } as const])),
    repeatable: false,
  };
}

function renaming(reader: TokenReader): PartialEffect {
  reader.skipPast("TABLE", "TABLES");
  const facts = reader.list().flatMap((part): readonly Fact[] => {
    const from = part.name();
    const to = part.take("TO") ? part.name() : undefined;
    if (from === undefined || to === undefined) return [];
    return [
      { what: "table", table: from, present: false },
      { what: "table", table: to, present: true },
    ];
  });
  return { facts, repeatable: false };
}

/** Names that come and go in one statement (a swap, an index made anew under its name) tell nothing. */
function withoutContradiction(effect: PartialEffect): PartialEffect {
  const key = (fact: Fact) => [fact.what, fact.table, fact.name ?? ""].join("\0").toLowerCase();
  const count = (fact: Fact) => effect.facts.filter((other) => key(other) === key(fact)).length;
  const facts = effect.facts.filter((fact) => count(fact) === 1);
  return { facts, repeatable: effect.repeatable && facts.length === effect.facts.length };
}
