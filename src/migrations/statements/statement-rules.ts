import { databasesNamed } from "./qualified-names.ts";
import { isSign, isWord, nameOf, type Token } from "./sql-tokens.ts";
import { headOf, type StatementKind } from "./statement-kind.ts";

/** Names that begin so are ours: migrations may not touch them. */
const ownPrefix = "tenantry_";
const dangerousFunctions = [
  "LOAD_FILE",
  "GET_LOCK",
  "RELEASE_LOCK",
  "RELEASE_ALL_LOCKS",
  "SLEEP",
  "BENCHMARK",
  "MASTER_POS_WAIT",
  "MASTER_GTID_WAIT",
  "SYS_EXEC",
  "SYS_EVAL",
];
const sessionSettings = ["foreign_key_checks", "unique_checks", "sql_notes"];
/** Not after these: there `engine` or `connection` is a column's name. */
const beforeColumnName = ["ADD", "COLUMN", "MODIFY", "CHANGE", "DROP", "ALTER", "AFTER", "BY", "TO", "EXISTS"];

const whyRefused: Readonly<Record<string, string>> = {
  TRUNCATE: "whether TRUNCATE took effect cannot be told after a crash: use DELETE FROM",
  BEGIN: "a migration's changes of rows run in transactions of the service's own, and the others end a transaction",
  START: "a migration's changes of rows run in transactions of the service's own, and the others end a transaction",
  COMMIT: "a migration's changes of rows run in transactions of the service's own, and the others end a transaction",
  USE: "a migration works on the tenant's own database only",
};

/** Why a statement may not be in a migration: what a tenant's account may not do, or what could not be resumed. Empty when it may. */
export function objectionsTo(kind: StatementKind | undefined, tokens: readonly Token[]): readonly string[] {
  if (kind === undefined) return [refusalOf(tokens)];
  const objections = [...anywhere(tokens)];
  if (kind === "SETTING") objections.push(...inSetting(tokens));
  if (kind === "VARIABLE") objections.push(...inVariables(tokens));
  if (kind === "CREATE_TABLE" || kind === "ALTER_TABLE") objections.push(...inTableDefinition(tokens));
  const databases = databasesNamed(tokens);
  if (databases.length > 0) {
    objections.push(`it names another database (${databases.join(", ")}): names must be without one`);
  }
  return objections;
}

function refusalOf(tokens: readonly Token[]): string {
  const [first] = tokens;
  const why = first?.kind === "word" ? whyRefused[first.text.toUpperCase()] : undefined;
  const head = headOf(tokens, 4).trim();
  if (/^CREATE OR REPLACE TABLE/.test(head)) {
    return "CREATE OR REPLACE TABLE would lose rows when it is resumed: say DROP TABLE IF EXISTS and CREATE TABLE";
  }
  return why ?? `"${head} …" is not allowed: it is nothing that a tenant's account may do, or that can be resumed`;
}

function* anywhere(tokens: readonly Token[]): Generator<string> {
  for (const [at, token] of tokens.entries()) {
    const next = tokens[at + 1];
    if (isWord(token, "OUTFILE", "DUMPFILE")) yield "it writes a file on the server";
    if (isWord(token, "DEFINER") && isSign(next, "=")) yield "a DEFINER may not be named: it is the tenant's account";
    if (isWord(token, ...dangerousFunctions) && isSign(next, "(")) yield `${token.text} is not allowed`;
    if ((token.kind === "word" || token.kind === "name") && nameOf(token).toLowerCase().startsWith(ownPrefix)) {
      yield `names that begin with ${ownPrefix} are the service's own`;
    }
  }
}

function* inTableDefinition(tokens: readonly Token[]): Generator<string> {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, "(")) depth += 1;
    if (isSign(token, ")")) depth -= 1;
    const next = tokens[at + 1];
    if (isWord(token, "DATA", "INDEX") && isWord(next, "DIRECTORY")) yield "it chooses a directory on the server";
    if (isWord(token, "TABLESPACE")) yield "tablespaces are not allowed";
    const option = depth === 0 && !isWord(tokens[at - 1], ...beforeColumnName);
    if (option && isWord(token, "CONNECTION") && (isSign(next, "=") || next?.kind === "text")) {
      yield "a table may not reach out to another server";
    }
    if (option && isWord(token, "ENGINE")) yield* inEngine(isSign(next, "=") ? tokens[at + 2] : next);
  }
}

/** Only InnoDB: rows change in transactions, and other engines reach out or lose what was half done. */
function* inEngine(value: Token | undefined): Generator<string> {
  const engine = value?.text.replaceAll(/['"`]/g, "") ?? "";
  if (engine.toUpperCase() !== "INNODB") yield `ENGINE=${engine} is not allowed: only InnoDB is`;
}

/** `SET [SESSION] name = value, …` of a few harmless names with plain values, and `SET NAMES utf8mb4`. */
function* inSetting(tokens: readonly Token[]): Generator<string> {
  if (isWord(tokens[1], "NAMES")) {
    const charset = tokens[2]?.text.replaceAll(/['"]/g, "").toLowerCase();
    if (tokens.length !== 3 || charset !== "utf8mb4") yield "only SET NAMES utf8mb4 is allowed";
    return;
  }
  const text = tokens.slice(1).map((token) => token.text.toLowerCase());
  for (const assignment of text.join(" ").split(" , ")) {
    const match = /^(?:@@)?(?:session[ .]+|local[ .]+)?(\w+) :? ?= (?:\d|on|off|true|false|default)$/.exec(assignment);
    if (!match?.[1] || !sessionSettings.includes(match[1])) {
      yield `"SET ${assignment.slice(0, 60)}" is not allowed: only ${sessionSettings.join(", ")} and NAMES may be set`;
    }
  }
}

/** `SET @a = …, @b = …`: a server would take settings, global ones too, in the same list. */
function* inVariables(tokens: readonly Token[]): Generator<string> {
  let depth = 0;
  for (const [at, token] of tokens.entries()) {
    if (isSign(token, "(")) depth += 1;
    if (isSign(token, ")")) depth -= 1;
    const next = tokens[at + 1];
    if (depth === 0 && isSign(token, ",") && !/^@[^@]/.test(next?.text ?? "")) {
      yield "variables and settings must be set in statements of their own";
    }
  }
}
