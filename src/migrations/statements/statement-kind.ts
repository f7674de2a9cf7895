import type { Token } from "./sql-tokens.ts";

/** What a migration may do. ROWS reads or writes rows; VARIABLE sets a user variable; SETTING changes the session. */
export type StatementKind =
  | "CREATE_TABLE"
  | "CREATE_INDEX"
  | "CREATE_VIEW"
  | "ALTER_TABLE"
  | "ALTER_VIEW"
  | "DROP_TABLE"
  | "DROP_INDEX"
  | "DROP_VIEW"
  | "RENAME_TABLE"
  | "ROWS"
  | "VARIABLE"
  | "SETTING";

const patterns: readonly (readonly [RegExp, StatementKind])[] = [
  [/^CREATE TABLE /, "CREATE_TABLE"],
  [/^CREATE (OR REPLACE )?((UNIQUE|FULLTEXT|SPATIAL) )?INDEX /, "CREATE_INDEX"],
  [/^CREATE (OR REPLACE )?(ALGORITHM = \w+ )?(SQL SECURITY \w+ )?VIEW /, "CREATE_VIEW"],
  [/^ALTER ((ONLINE|IGNORE) )*TABLE /, "ALTER_TABLE"],
  [/^ALTER (ALGORITHM = \w+ )?(SQL SECURITY \w+ )?VIEW /, "ALTER_VIEW"],
  [/^DROP TABLES? /, "DROP_TABLE"],
  [/^DROP INDEX /, "DROP_INDEX"],
  [/^DROP VIEW /, "DROP_VIEW"],
  [/^RENAME TABLES? /, "RENAME_TABLE"],
  [/^(\( )*(INSERT|REPLACE|UPDATE|DELETE|WITH|SELECT) /, "ROWS"],
  [/^SET @\w/, "VARIABLE"],
  [/^SET /, "SETTING"],
];

/** Decides by the leading words alone: everything that is not listed is undefined, and so refused. */
export function kindOf(tokens: readonly Token[]): StatementKind | undefined {
  const head = headOf(tokens, 10);
  return patterns.find(([pattern]) => pattern.test(head))?.[1];
}

/** The first tokens in upper case, each followed by a space; quoted names stand as `?`, so that none looks like a keyword. */
export function headOf(tokens: readonly Token[], count: number): string {
  return tokens
    .slice(0, count)
    .map((token) => (token.kind === "name" ? "? " : `${token.text.toUpperCase()} `))
    .join("");
}
