import { quoteObservedName } from "../pools/identifiers.ts";
import type { ServerSession } from "../pools/server-sessions.ts";

/**
 * An index that the server made by itself for a foreign key. Nothing shows that it did, but it takes such an index away
 * again when another one comes that serves the key, so a baseline that names it would behave otherwise later on.
 */
export interface GeneratedKey {
  readonly table: string;
  readonly index: string;
  readonly columns: readonly string[];
}

interface KeyRow {
  readonly tab: string;
  readonly name: string;
  readonly col: string;
}

/** The server's own index cannot be made again by what a baseline may say. */
export class KeyNotReproducible extends Error {
  override readonly name = "KeyNotReproducible";
}

/** Finds them by doing: adds an index on the same columns beside each and looks which one goes. For scratch databases only. */
export async function probeGeneratedKeys(session: ServerSession, database: string): Promise<readonly GeneratedKey[]> {
  const before = await readKeys(session, database);
  const tables = new Set(before.map(({ table }) => table));
  for (const table of tables) {
    const probes = before
      .filter((key) => key.table === table)
      .map(({ columns }, at) => `ADD INDEX zz_probe_${at} (${columns.map(quoteObservedName).join(", ")})`);
    await session.run(`ALTER TABLE ${quoteObservedName(table)} ${probes.join(", ")}`);
  }
  const after = await readKeys(session, database);
  return before.filter((key) => !after.some((other) => other.table === key.table && other.index === key.index));
}

/**
 * A table's definition in which the generated indexes are left to the server again: in the place of each stands its
 * foreign key, since the server makes the index where the key is. @throws KeyNotReproducible where no foreign key would make it
 */
export function withoutGeneratedKeys(create: string, table: string, keys: readonly GeneratedKey[]): string {
  if (keys.length === 0) return create;
  const lines = create.split("\n");
  const end = lines.findLastIndex((line) => line.startsWith(")"));
  let parts = lines.slice(1, end).map((line) => line.replace(/,$/, ""));
  for (const key of keys) {
    const columns = `(${key.columns.map(quoteObservedName).join(",")})`;
    const own = `  KEY ${quoteObservedName(key.index)} ${columns}`;
    const foreign = parts.find(
      (part) =>
        part.includes(` FOREIGN KEY ${columns.replaceAll(",", ", ")} REFERENCES `) && makes(part, table, key.index),
    );
    if (foreign === undefined || !parts.includes(own)) {
      throw new KeyNotReproducible(`the index ${key.index} of ${table} was made by the server`);
    }
    const named = foreign.startsWith(`  CONSTRAINT ${quoteObservedName(key.index)} `);
    // Without a name the server names both: the constraint by the table, the index by its first column.
    const unnamed = foreign.replace(/^ {2}CONSTRAINT `(?:[^`]|``)*` /, "  ");
    parts = parts.filter((part) => part !== foreign).map((part) => (part === own ? (named ? foreign : unnamed) : part));
  }
  return [lines[0], parts.join(",\n"), ...lines.slice(end)].join("\n");
}

/** The index has the constraint's name; where the server named the constraint as well, it has a name of its own. */
function makes(constraint: string, table: string, index: string): boolean {
  const [, name] = /^ {2}CONSTRAINT `((?:[^`]|``)*)` /.exec(constraint) ?? [];
  if (name === undefined) return false;
  const raw = name.replaceAll("``", "`");
  return raw === index || (raw.startsWith(`${table}_ibfk_`) && /_ibfk_\d+$/.test(raw));
}

/** Plain indexes that are not unique, without prefixes: such as the server makes for foreign keys. */
async function readKeys(session: ServerSession, database: string): Promise<readonly GeneratedKey[]> {
  const rows = await session.query<KeyRow>(
    `SELECT TABLE_NAME AS tab, INDEX_NAME AS name, GROUP_CONCAT(HEX(COLUMN_NAME) ORDER BY SEQ_IN_INDEX) AS col
     FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ?
     GROUP BY TABLE_NAME, INDEX_NAME
     HAVING MIN(NON_UNIQUE) = 1 AND MIN(INDEX_TYPE) = 'BTREE' AND COUNT(SUB_PART) = 0
     ORDER BY TABLE_NAME, INDEX_NAME`,
    [database],
  );
  return rows.map(({ tab, name, col }) => ({
    table: tab,
    index: name,
    columns: col.split(",").map((hex) => Buffer.from(hex, "hex").toString("utf8")),
  }));
}
