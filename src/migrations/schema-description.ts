/** A column as information_schema tells it; its position is left out, since it does not matter. */
export interface ColumnDescription {
  /** With length, sign and values, e.g. `varchar(254)`. */
  readonly type: string;
  readonly nullable: boolean;
  /** As an expression; undefined: none. */
  readonly default?: string | undefined;
  readonly charset?: string | undefined;
  readonly collation?: string | undefined;
  /** `auto_increment`, `on update …`, `STORED GENERATED` …; empty for most. */
  readonly extra: string;
  /** Of a generated column. */
  readonly expression?: string | undefined;
}

/** Columns in order, with the length of a prefix: `body(20)`. */
export interface IndexDescription {
  readonly unique: boolean;
  /** `BTREE`, `FULLTEXT` … */
  readonly method: string;
  readonly columns: readonly string[];
}

/** Two foreign keys that say the same are the same, whatever their names. */
export interface ForeignKeyDescription {
  readonly columns: readonly string[];
  readonly table: string;
  readonly referenced: readonly string[];
  readonly onUpdate: string;
  readonly onDelete: string;
}

/** A table or a view; a view has no engine, collation, indexes or foreign keys. */
export interface TableDescription {
  readonly kind: "TABLE" | "VIEW";
  readonly engine?: string | undefined;
  readonly collation?: string | undefined;
  readonly columns: ReadonlyMap<string, ColumnDescription>;
  readonly indexes: ReadonlyMap<string, IndexDescription>;
  readonly foreignKeys: ReadonlyMap<string, ForeignKeyDescription>;
}

/** The structure of a database, without our own table. */
export interface SchemaDescription {
  readonly charset: string;
  readonly collation: string;
  readonly tables: ReadonlyMap<string, TableDescription>;
}
