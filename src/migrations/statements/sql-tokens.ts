/**
 * word: keyword, or a name without quotes; name: in backticks; variable: `@x` or `@@x`; edge: where an executable comment
 * opens or closes; end: a semicolon; breakpoint: drizzle-kit's mark between statements.
 */
export type TokenKind =
  | "word"
  | "name"
  | "text"
  | "number"
  | "variable"
  | "sign"
  | "edge"
  | "end"
  | "breakpoint"
  | "flaw";

/** A piece of SQL that is neither space nor comment; `start` and `end` are offsets into the source. */
export interface Token {
  readonly kind: TokenKind;
  /** As written. Of a flaw: what is wrong. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const skipped = [
  /\s+/y,
  // MySQL's `--` is a comment before a space or control character only; drizzle's breakpoint ends it.
  /(?:--(?=\s|\p{Cc}|$)|#)(?:(?!--> statement-breakpoint)[^\n])*/uy,
  /\/\*(?!M?!)[\s\S]*?\*\//y,
];

const kinds: readonly (readonly [TokenKind, RegExp])[] = [
  ["breakpoint", /--> statement-breakpoint/y],
  ["end", /;/y],
  ["text", /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|"[^"\\]*(?:(?:\\[\s\S]|"")[^"\\]*)*"/y],
  ["name", /`[^`]*(?:``[^`]*)*`/y],
  ["variable", /@@?(?:[\w$.\u0080-\uffff]+|'[^']*'|"[^"]*"|`[^`]*`)/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?(?![\w$\u0080-\uffff])/iy],
  ["word", /[\w$\u0080-\uffff]+/y],
];

const opensExecutable = /\/\*(M?)!(\d{5,6})?/y;
const closesExecutable = /\*\//y;
/** MariaDB passes over MySQL's versions 50700 to 99999, and MySQL over MariaDB's own comments. */
const everywhereBelow = 50_700;

/** Cuts SQL as the servers do (default SQL mode). What cannot be read becomes a token of kind `flaw`; the rest follows it where there is one. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let executable = false;
  const push = (kind: TokenKind, end: number, text = sql.slice(at, end)) => {
    tokens.push({ kind, text, start: at, end });
    at = end;
  };
  while (at < sql.length) {
    const space = skipped.map((pattern) => matchAt(pattern, sql, at)).find((match) => match !== undefined);
    if (space) {
      at += space[0].length;
      continue;
    }
    const opened = matchAt(opensExecutable, sql, at);
    if (opened) {
      const flaw = executable ? "a comment opens inside a comment" : flawOf(opened);
      executable = true;
      push(flaw ? "flaw" : "edge", at + opened[0].length, flaw);
    } else if (executable && matchAt(closesExecutable, sql, at)) {
      executable = false;
      push("edge", at + 2);
    } else {
      const { kind, end, text } = next(sql, at, executable);
      push(kind, end, text);
    }
  }
  if (executable) push("flaw", at, "a comment is not closed");
  return tokens;
}

function next(sql: string, at: number, executable: boolean): { kind: TokenKind; end: number; text?: string } {
  for (const [kind, pattern] of kinds) {
    const match = matchAt(pattern, sql, at);
    if (!match) continue;
    const end = at + match[0].length;
    if (executable && (kind === "end" || kind === "breakpoint")) {
      return { kind: "flaw", end, text: "a statement ends inside an executable comment" };
    }
    return { kind, end };
  }
  const sign = sql.charAt(at);
  if (sign === "'" || sign === '"') return { kind: "flaw", end: sql.length, text: "a text is not closed" };
  if (sign === "`") return { kind: "flaw", end: sql.length, text: "a name in backticks is not closed" };
  if (sql.startsWith("/*", at)) return { kind: "flaw", end: sql.length, text: "a comment is not closed" };
  if (sign === "\0") return { kind: "flaw", end: at + 1, text: "it holds a NUL byte" };
  return { kind: "sign", end: at + 1 };
}

function flawOf(opened: RegExpExecArray): string | undefined {
  const [, mariaDbOnly, version] = opened;
  if (mariaDbOnly === "" && Number(version ?? 0) < everywhereBelow) return undefined;
  return `only some servers run what stands in the comment ${opened[0]} … */`;
}

function matchAt(pattern: RegExp, sql: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(sql) ?? undefined;
}

/** What a word or a quoted name names. */
export function nameOf(token: Token): string {
  return token.kind === "name" ? token.text.slice(1, -1).replaceAll("``", "`") : token.text;
}

/** Whether the token is this keyword, written without quotes. */
export function isWord(token: Token | undefined, ...words: readonly string[]): boolean {
  return token?.kind === "word" && words.includes(token.text.toUpperCase());
}

/** Whether the token is this sign. */
export function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign;
}
