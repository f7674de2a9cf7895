import { isSign, isWord, nameOf, type Token } from "./sql-tokens.ts";

const beforeTable = ["JOIN", "STRAIGHT_JOIN", "INTO", "TABLE", "TABLES", "VIEW", "REFERENCES", "USING"];
/** Before a table only where a statement begins: elsewhere a function, `ON DUPLICATE KEY UPDATE`, `ON DELETE`. */
const beforeTableAtStart = ["INSERT", "REPLACE", "UPDATE", "DELETE"];
/** They may stand between a word above and the table's name. */
const between = [
  "IF",
  "NOT",
  "EXISTS",
  "IGNORE",
  "LOW_PRIORITY",
  "HIGH_PRIORITY",
  "DELAYED",
  "QUICK",
  "ONLY",
  "LATERAL",
  "OR",
];
/** After these, at the same depth, a comma no longer parts tables. */
const endsTables = [
  "WHERE",
  "SET",
  "GROUP",
  "ORDER",
  "HAVING",
  "LIMIT",
  "UNION",
  "SELECT",
  "VALUES",
  "VALUE",
  "WINDOW",
  "DUPLICATE",
];
const systemSchemas = new Set(["mysql", "information_schema", "performance_schema", "sys"]);

interface Clause {
  /** Whether a comma at this depth is followed by a table. */
  tables: boolean;
  /** Whether FROM at this depth is a clause, and not part of `EXTRACT(… FROM …)` or `TRIM(… FROM …)`. */
  reads: boolean;
}

/**
 * Databases that a statement names: what stands before a dot where a table or a function is named, before two dots, and
 * the servers' own schemas anywhere. `alias.column` elsewhere is none.
 */
export function databasesNamed(tokens: readonly Token[]): readonly string[] {
  const found = new Set<string>();
  const clauses: Clause[] = [{ tables: false, reads: false }];
  let expectsTable = false;
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (startsPath(tokens, at)) {
      const path = pathAt(tokens, at);
      const first = nameOf(token);
      const called = isSign(tokens[at + path.length * 2 - 1], "(");
      const ofTable = isSign(path[1], "*"); // `DELETE t.* FROM …`
      if (path.length > 2 || ((expectsTable || called) && path.length === 2 && !ofTable)) found.add(first);
      else if (path.length > 1 && systemSchemas.has(first.toLowerCase())) found.add(first);
      if (path.length > 1) {
        at += path.length * 2 - 2;
        expectsTable = false;
        continue;
      }
    }
    expectsTable = step(token, tokens, at, clauses, expectsTable);
  }
  return [...found];
}

function step(token: Token, tokens: readonly Token[], at: number, clauses: Clause[], expectsTable: boolean): boolean {
  const clause = clauses.at(-1) ?? { tables: false, reads: false };
  if (isSign(token, "(")) {
    clauses.push({ tables: expectsTable, reads: false });
    return expectsTable;
  }
  if (isSign(token, ")")) {
    if (clauses.length > 1) clauses.pop();
    return false;
  }
  if (isSign(token, ",")) return clause.tables;
  if (isWord(token, "ON", "TO")) return isNameOfTableAfter(tokens, at);
  if (isWord(token, "SELECT", "DELETE")) clause.reads = true;
  if (namesTableNext(token, tokens, at, clause)) {
    clause.tables = true;
    return true;
  }
  if (isWord(token, ...endsTables)) clause.tables = false;
  return expectsTable && isWord(token, ...between);
}

function namesTableNext(token: Token, tokens: readonly Token[], at: number, clause: Clause): boolean {
  if (isWord(token, "FROM")) return clause.reads;
  if (isWord(token, "LIKE")) return isWord(tokens[0], "CREATE") && isWord(tokens[1], "TABLE");
  const starts = at === 0 || isSign(tokens[at - 1], ")");
  return isWord(token, ...beforeTable) || (starts && isWord(token, ...beforeTableAtStart));
}

/** `CREATE INDEX … ON t` and `RENAME … TO t` name tables; a join's condition does not. */
function isNameOfTableAfter(tokens: readonly Token[], at: number): boolean {
  const [first, second] = tokens;
  if (isWord(tokens[at], "TO")) return isWord(first, "RENAME", "ALTER");
  return at < 8 && (isWord(first, "CREATE") || isWord(first, "DROP")) && !isWord(second, "TABLE", "VIEW");
}

function startsPath(tokens: readonly Token[], at: number): boolean {
  const token = tokens[at];
  return (token?.kind === "word" || token?.kind === "name") && !isSign(tokens[at - 1], ".");
}

function pathAt(tokens: readonly Token[], at: number): readonly Token[] {
  const path: Token[] = [];
  for (let next = at; ; next += 2) {
    const token = tokens[next];
    if (!token || (token.kind !== "word" && token.kind !== "name" && !isSign(token, "*"))) break;
    path.push(token);
    if (!isSign(tokens[next + 1], ".")) break;
  }
  return path;
}
