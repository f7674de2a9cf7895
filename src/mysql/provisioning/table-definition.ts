/** The parts of a table as SHOW CREATE TABLE has them: each is what ALTER TABLE … ADD takes. */
export interface TableDefinition {
  readonly columns: ReadonlyMap<string, string>;
  /** The primary key is called PRIMARY. */
  readonly indexes: ReadonlyMap<string, string>;
  readonly foreignKeys: ReadonlyMap<string, string>;
}

const quoted = "`((?:[^`]|``)+)`";
const column = new RegExp(`^${quoted} `);
const index = new RegExp(`^(?:UNIQUE |FULLTEXT |SPATIAL )?KEY ${quoted} `);
const foreignKey = new RegExp(`^CONSTRAINT ${quoted} FOREIGN KEY `);

/** Reads the text of SHOW CREATE TABLE, which has a part on each line; texts in it are escaped, so that no line is broken. Pure. */
export function readTableDefinition(create: string): TableDefinition {
  const [columns, indexes, foreignKeys] = [
    new Map<string, string>(),
    new Map<string, string>(),
    new Map<string, string>(),
  ];
  const lines = create.split("\n").slice(1);
  for (const line of lines.slice(
    0,
    lines.findLastIndex((each) => each.startsWith(")")),
  )) {
    const part = line.trim().replace(/,$/, "");
    const set = (parts: Map<string, string>, match: RegExpExecArray | null) => {
      const name = match?.[1]?.replaceAll("``", "`");
      if (name !== undefined) parts.set(name, part);
    };
    if (part.startsWith("PRIMARY KEY")) indexes.set("PRIMARY", part);
    set(columns, column.exec(part));
    set(indexes, index.exec(part));
    set(foreignKeys, foreignKey.exec(part));
  }
  return { columns, indexes, foreignKeys };
}
