import type { PendingMigration } from "./journal.ts";
import type { Statement } from "./migration.ts";
import type { SchemaDescription } from "./schema-description.ts";
import type { Fact } from "./statements/fact.ts";

/**
 * Tags of pending migrations that cannot go on as their journal says, because what a statement would make stands already: rows of the
 * journal are gone, or somebody was quicker than the migration. Looks as far as it can be foreseen, so that it names none wrongly. Pure.
 */
export function standingAlready(pending: readonly PendingMigration[], actual: SchemaDescription): readonly string[] {
  const tags: string[] = [];
  const foresight = new Foresight(actual);
  for (const { migration, next, inDoubt } of pending) {
    let stands = false;
    for (const statement of migration.statements.slice(next - 1)) {
      // Of the statement in doubt it is looked whether it took effect.
      const settled = inDoubt && statement.number === next;
      if (!settled && foresight.meets(statement)) stands = true;
      if (!foresight.pass(statement)) return stands ? [...tags, migration.tag] : tags;
    }
    if (stands) tags.push(migration.tag);
  }
  return tags;
}

/** What is there while statements run, as far as is known. */
class Foresight {
  /** What an earlier statement has taken away. */
  readonly #gone = new Set<string>();

  constructor(private readonly actual: SchemaDescription) {}

  /** Whether the statement would make something that is there. */
  meets({ effect }: Statement): boolean {
    if (effect.kind !== "SCHEMA" || effect.repeatable) return false;
    return effect.facts.some((fact) => fact.present && !this.#isGone(fact) && isThere(this.actual, fact));
  }

  /** @returns false when nobody knows what is there after this statement */
  pass({ effect }: Statement): boolean {
    if (effect.kind !== "SCHEMA") return true;
    for (const fact of effect.facts) if (!fact.present) this.#gone.add(keyOf(fact));
    return effect.facts.length > 0;
  }

  #isGone(fact: Fact): boolean {
    return this.#gone.has(keyOf(fact)) || this.#gone.has(keyOf({ what: "table", table: fact.table }));
  }
}

function keyOf({ what, table, name = "" }: Pick<Fact, "what" | "table" | "name">): string {
  return [what, table, name.toLowerCase()].join("\n");
}

function isThere({ tables }: SchemaDescription, { what, table, name = "" }: Fact): boolean {
  const found = tables.get(table);
  if (!found) return false;
  switch (what) {
    case "table":
      return true;
    case "column":
      return has(found.columns, name);
    case "index":
      return has(found.indexes, name);
    case "constraint":
      return has(found.foreignKeys, name) || has(found.indexes, name);
  }
}

/** Names of columns and indexes do not mind their case. */
function has(parts: ReadonlyMap<string, unknown>, name: string): boolean {
  return [...parts.keys()].some((one) => one.toLowerCase() === name.toLowerCase());
}
