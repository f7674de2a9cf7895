import type { FoldedView } from "../../migrations/baseline.ts";
import type { Finding } from "../../provisioning/finding.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { ScratchSnapshot } from "../migrations/scratch-snapshot.ts";
import { quoteAccount, quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";
import { readTableDefinition, type TableDefinition } from "./table-definition.ts";

/** What migrations end in, as SQL that makes it. */
export type Definitions = Omit<ScratchSnapshot, "rows">;

const duplicateEntry = 1062;

/** A part of a table that is missing. */
interface MissingPart {
  /** The finding's object. */
  readonly object: string;
  readonly table: string;
  readonly name: string;
  readonly definition: TableDefinition;
}

/** Adds what is missing to one tenant's database, which is the session's current one: tables, columns, indexes, foreign keys, views. */
export class SchemaAdditions {
  readonly #refusals = new Map<string, string>();
  readonly #definitions = new Map<string, TableDefinition>();

  constructor(
    private readonly session: ServerSession,
    private readonly from: Definitions,
    private readonly database: string,
  ) {}

  /** @returns what the server refused, by object, and why @throws ServerTrouble that may pass */
  async add(missing: readonly Finding[]): Promise<ReadonlyMap<string, string>> {
    const of = (kind: Finding["kind"]) => missing.filter((finding) => finding.kind === kind);
    await this.#addTables(of("MISSING_TABLE").map(({ object }) => object));
    await this.#addColumns(this.#parts(of("MISSING_COLUMN")), this.#parts(of("MISSING_INDEX")));
    for (const part of this.#parts(of("MISSING_INDEX"))) await this.#addIndex(part);
    for (const part of this.#parts(of("MISSING_FOREIGN_KEY"))) {
      await this.#alter(part, [part.definition.foreignKeys.get(part.name)]);
    }
    const gone = new Set(of("MISSING_TABLE").map(({ object }) => object));
    for (const view of this.from.views) if (gone.has(view.name)) await this.#addView(view);
    return this.#refusals;
  }

  /** In any order: what they refer to may be missing too, or come later. */
  async #addTables(names: readonly string[]): Promise<void> {
    await this.session.run("SET SESSION foreign_key_checks = 0");
    for (const { name, create } of this.from.tables) {
      if (names.includes(name)) await this.#run([name], create);
    }
    await this.session.run("SET SESSION foreign_key_checks = 1");
  }

  /** All of one table at once, and with its primary key: a column that counts up needs it from the start. */
  async #addColumns(columns: readonly MissingPart[], indexes: readonly MissingPart[]): Promise<void> {
    for (const table of new Set(columns.map((part) => part.table))) {
      const own = columns.filter((part) => part.table === table);
      const [first] = own;
      const primary = indexes.find((part) => part.table === table && part.name === "PRIMARY");
      const added = own.map(({ definition, name }) => definition.columns.get(name));
      const key = primary?.definition.indexes.get("PRIMARY");
      const objects = [...own, ...(primary ? [primary] : [])].map(({ object }) => object);
      if (first) await this.#alter(first, key === undefined ? added : [...added, key], objects);
    }
  }

  async #addIndex(part: MissingPart): Promise<void> {
    const { table, name, definition } = part;
    const text = definition.indexes.get(name);
    if (await this.#hasIndex(table, name)) return;
    await this.#alter(part, [text]);
    const refusal = this.#refusals.get(part.object);
    if (refusal?.includes(String(duplicateEntry)) && text) {
      const groups = await this.#duplicates(table, text);
      this.#refusals.set(part.object, `${groups} values stand there more than once, which the index forbids.`);
    }
  }

  /** A view's rights are those of its definer: the tenant's account. */
  async #addView(view: FoldedView): Promise<void> {
    await this.session.run(`SET NAMES ${view.charset} COLLATE ${view.collation}`);
    await this.#run([view.name], `${view.beforeDefiner}DEFINER=${quoteAccount(this.database)} ${view.afterDefiner}`);
    await this.session.run("SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci");
  }

  async #alter(
    { table, object }: MissingPart,
    additions: readonly (string | undefined)[],
    objects: readonly string[] = [object],
  ): Promise<void> {
    const known = additions.filter((addition) => addition !== undefined);
    if (known.length < additions.length) this.#refuse(objects, "The migrations do not make it.");
    else await this.#run(objects, `ALTER TABLE ${quoteObservedName(table)} ${known.map(toAdd).join(", ")}`);
  }

  async #run(objects: readonly string[], sql: string): Promise<void> {
    try {
      await this.session.run(sql);
    } catch (error) {
      if (!(error instanceof ServerTrouble) || error.retryable) throw error;
      this.#refuse(objects, `The server refused it (error ${error.errno ?? "unknown"}).`);
    }
  }

  #refuse(objects: readonly string[], why: string): void {
    for (const object of objects) this.#refusals.set(object, why);
  }

  async #hasIndex(table: string, name: string): Promise<boolean> {
    const found = await this.session.query(
      "SELECT 1 FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND INDEX_NAME = ? LIMIT 1",
      [this.database, table, name],
    );
    return found.length > 0;
  }

  /** How many values of the index' columns there are more than once; a NULL is never the same as another. */
  async #duplicates(table: string, index: string): Promise<number> {
    const columns = [...index.slice(index.indexOf("(")).matchAll(/`((?:[^`]|``)+)`(?:\((\d+)\))?/g)].map(
      ([, name = "", length]) => (length ? `LEFT(\`${name}\`, ${length})` : `\`${name}\``),
    );
    const filled = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
    const [row] = await this.session.query<{ readonly found: number | string }>(
      `SELECT COUNT(*) AS found FROM (SELECT 1 FROM ${quoteObservedName(table)} WHERE ${filled}
        GROUP BY ${columns.join(", ")} HAVING COUNT(*) > 1) doubled`,
    );
    return Number(row?.found ?? 0);
  }

  #parts(missing: readonly Finding[]): readonly MissingPart[] {
    return missing.flatMap(({ object }): readonly MissingPart[] => {
      const table = this.from.tables.find(({ name }) => object.startsWith(`${name}.`));
      if (!table) {
        this.#refuse([object], "The migrations do not make it.");
        return [];
      }
      let definition = this.#definitions.get(table.name);
      if (!definition) {
        definition = readTableDefinition(table.create);
        this.#definitions.set(table.name, definition);
      }
      return [{ object, table: table.name, name: object.slice(table.name.length + 1), definition }];
    });
  }
}

/** Of a column the word is needed where several are added. */
function toAdd(definition: string): string {
  return definition.startsWith("`") ? `ADD COLUMN ${definition}` : `ADD ${definition}`;
}
