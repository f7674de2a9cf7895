/** Something that can be looked up in a database. `constraint` is a foreign key, unique key or check by its name. */
export interface Fact {
  readonly what: "table" | "column" | "index" | "constraint";
  /** The table or view. */
  readonly table: string;
  /** Of the column, index or constraint; absent for a table. */
  readonly name?: string;
  readonly present: boolean;
}

/** What a statement, or a part of it, leaves behind; `repeatable`: doing it twice ends in the same. */
export interface PartialEffect {
  readonly facts: readonly Fact[];
  readonly repeatable: boolean;
}
