import { isWord, type Token, tokenize } from "./sql-tokens.ts";

/** One statement as it goes to the server: without its semicolon and the comments around it. */
export interface SplitStatement {
  readonly text: string;
  /** Without the edges of executable comments; offsets into `text`. */
  readonly tokens: readonly Token[];
}

/** What a file of SQL holds. */
export interface SplitSql {
  readonly statements: readonly SplitStatement[];
  /** Why it cannot be split; each begins with the number of the statement. */
  readonly complaints: readonly string[];
}

/**
 * Splits at semicolons and at drizzle-kit's breakpoints that stand outside texts, names and comments; empty statements
 * are left out. Compound statements and DELIMITER are not understood: the latter is complained of.
 */
export function splitStatements(sql: string): SplitSql {
  const statements: SplitStatement[] = [];
  const complaints: string[] = [];
  let current: Token[] = [];
  const finish = () => {
    const tokens = current;
    current = [];
    const flaws = tokens.filter((token) => token.kind === "flaw");
    const number = statements.length + 1;
    complaints.push(...flaws.map((flaw) => `statement ${number}: ${flaw.text}`));
    if (isWord(tokens[0], "DELIMITER")) complaints.push(`statement ${number}: DELIMITER is not supported`);
    if (tokens.some((token) => token.kind !== "edge")) statements.push(cut(sql, tokens));
  };
  for (const token of tokenize(sql)) {
    if (token.kind === "end" || token.kind === "breakpoint") finish();
    else current.push(token);
  }
  finish();
  return { statements, complaints };
}

function cut(sql: string, tokens: readonly Token[]): SplitStatement {
  const start = tokens[0]?.start ?? 0;
  return {
    text: sql.slice(start, tokens.at(-1)?.end),
    tokens: tokens
      .filter((token) => token.kind !== "edge")
      .map((token) => ({ ...token, start: token.start - start, end: token.end - start })),
  };
}
