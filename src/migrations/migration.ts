import { createHash } from "node:crypto";
import { isSign, isWord, type Token } from "./statements/sql-tokens.ts";
import { type Effect, effectOf } from "./statements/statement-effect.ts";
import { kindOf, type StatementKind } from "./statements/statement-kind.ts";
import { objectionsTo } from "./statements/statement-rules.ts";
import { type SplitStatement, splitStatements } from "./statements/statement-splitter.ts";

/** One statement of a migration. */
export interface Statement {
  /** Its place in the file, from 1. */
  readonly number: number;
  readonly text: string;
  /** SHA-256 of the text, hex. */
  readonly checksum: string;
  readonly effect: Effect;
  /** Reads a clock that a session cannot set: its outcome cannot be foreseen. */
  readonly volatile: boolean;
  /** Where the definer of a view is to be written into the text; undefined: it makes no view. */
  readonly definerAt?: { readonly offset: number; readonly saysSecurity: boolean } | undefined;
}

/** One file of a migration folder. */
export interface Migration {
  /** File name without `.sql`, e.g. `0003_add_invoices`. */
  readonly tag: string;
  /** SHA-256 of the file without byte order mark and with LF line ends, hex. */
  readonly checksum: string;
  readonly statements: readonly Statement[];
}

/** A migration, and why it may not be applied: each complaint names it and the statement. */
export interface ReadMigration {
  readonly migration: Migration;
  readonly complaints: readonly string[];
}

/** Reads a migration's text. Pure. */
export function readMigration(tag: string, file: string): ReadMigration {
  const sql = file.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const split = splitStatements(sql);
  const kinds = split.statements.map(({ tokens }) => kindOf(tokens));
  const complaints = [
    ...split.complaints,
    ...split.statements.flatMap(({ tokens }, index) =>
      objectionsTo(kinds[index], tokens).map((objection) => `statement ${index + 1}: ${objection}`),
    ),
    ...lostVariables(split.statements, kinds),
  ];
  return {
    migration: {
      tag,
      checksum: sha256(sql),
      statements: split.statements.map((statement, index) => readStatement(statement, kinds[index], index + 1)),
    },
    complaints: complaints.map((complaint) => `${tag}, ${complaint}`),
  };
}

/** SHA-256, hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function readStatement(split: SplitStatement, kind: StatementKind | undefined, number: number): Statement {
  const makesView = kind === "CREATE_VIEW" || kind === "ALTER_VIEW";
  return {
    number,
    text: split.text,
    checksum: sha256(split.text),
    effect: effectOf(kind ?? "ROWS", split.tokens),
    volatile: split.tokens.some((token) => isWord(token, "SYSDATE")),
    ...(makesView ? { definerAt: definerPlace(split.tokens) } : {}),
  };
}

/** Grammar: CREATE [OR REPLACE] [ALGORITHM = …] [DEFINER = …] [SQL SECURITY …] VIEW. */
function definerPlace(tokens: readonly Token[]): Statement["definerAt"] {
  const at = tokens.find((token) => isWord(token, "SQL", "VIEW"));
  return at && { offset: at.start, saysSecurity: isWord(at, "SQL") };
}

/**
 * A user variable lives from the statement that sets it to the end of the run of row statements it stands in: such a run
 * is one transaction and is repeated as a whole, while a resumed session would find the variable empty.
 */
function lostVariables(
  statements: readonly SplitStatement[],
  kinds: readonly (StatementKind | undefined)[],
): readonly string[] {
  const complaints: string[] = [];
  let set = new Set<string>();
  for (const [index, { tokens }] of statements.entries()) {
    const kind = kinds[index];
    if (kind !== "ROWS" && kind !== "VARIABLE") set = new Set();
    for (const [at, token] of tokens.entries()) {
      if (token.kind !== "variable" || token.text.startsWith("@@")) continue;
      const name = token.text.toLowerCase();
      if (kind !== undefined && setsVariable(kind, tokens, at)) set.add(name);
      if (set.has(name)) continue;
      complaints.push(
        `statement ${index + 1}: ${token.text} is not set by the row statements right before it, and would be empty when the migration is resumed here`,
      );
    }
  }
  return complaints;
}

/** `SET @a = …`, `@a := …`, and `… INTO @a, @b`. */
function setsVariable(kind: StatementKind, tokens: readonly Token[], at: number): boolean {
  if (kind !== "ROWS" && kind !== "VARIABLE") return false;
  if (isSign(tokens[at + 1], ":") || (kind === "VARIABLE" && isSign(tokens[at + 1], "="))) return true;
  let before = at - 1;
  while (isSign(tokens[before], ",") && tokens[before - 1]?.kind === "variable") before -= 2;
  return isWord(tokens[before], "INTO");
}
