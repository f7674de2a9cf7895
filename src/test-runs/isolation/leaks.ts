import { assertNever } from "../../kit/assert-never.ts";
import { tenantAccountHost } from "../../servers/account-recipe.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { IsolationCheckKind } from "../test-run.ts";
import { type Books, covers, excessOf } from "./reach.ts";
import type { AccountSight, CodeSight, GrantSight, TableSight } from "./server-sight.ts";

/** Something in a server's books that leads, or may lead, from a tenant to others. */
export interface Leak {
  readonly check: IsolationCheckKind;
  /** MAYBE: where it leads cannot be seen from here. */
  readonly certainty: "SURE" | "MAYBE";
  readonly text: string;
}

/** Everything that the books of its server hold against a tenant. What only others can do to it is held against them. */
export function leaksOf(databaseName: string, books: Books): readonly Leak[] {
  return [
    ...grantLeaks(databaseName, books),
    ...roleLeaks(databaseName, books),
    ...accountLeaks(databaseName, books),
    ...codeLeaks(databaseName, books),
    ...tableLeaks(databaseName, books),
  ];
}

function sure(check: IsolationCheckKind, text: string): Leak {
  return { check, certainty: "SURE", text };
}

function grantLeaks(own: string, books: Books): readonly Leak[] {
  const held = books.grantsOf(own).filter(({ level }) => level !== "ROLE");
  return [
    ...held.flatMap((grant) => {
      const excess = excessOf(grant, own);
      return excess === undefined ? [] : [sure("GRANTS", `its account '${own}'@'${grant.host}' has ${excess}.`)];
    }),
    ...everybodysRights(own, books).map(({ holder, excess }) =>
      sure("GRANTS", `${holder} has ${excess}, and with it every tenant.`),
    ),
  ];
}

function everybodysRights(own: string, books: Books): readonly { readonly holder: string; readonly excess: string }[] {
  return books.everybodys.flatMap((grant) => {
    const excess = excessOf(grant, own);
    if (excess === undefined || (grant.holder === "" && grant.level !== "DATABASE")) return [];
    return [{ holder: grant.holder === "" ? "the account without a name" : "PUBLIC", excess }];
  });
}

function roleLeaks(own: string, books: Books): readonly Leak[] {
  const given = books.grantsOf(own).filter(({ level }) => level === "ROLE");
  const preset = books.accountsOf(own).filter(({ defaultRole }) => defaultRole !== undefined);
  const everybodys = everybodysRights(own, books).filter(({ holder }) => holder === "PUBLIC");
  return [
    ...given.map(({ object }) => sure("ROLES", `its account may take the role ${object}.`)),
    ...preset.map(({ defaultRole }) => sure("ROLES", `its account has the role ${defaultRole} by default.`)),
    ...everybodys.map(({ excess }) => sure("ROLES", `the role PUBLIC has ${excess}.`)),
  ];
}

function accountLeaks(own: string, books: Books): readonly Leak[] {
  const rows = books.accountsOf(own);
  const shadows = rows.filter(({ host }) => host !== tenantAccountHost);
  return [
    ...shadows.map((row) =>
      sure(
        "ACCOUNT",
        `a second account row '${own}'@'${row.host}' answers in its place${row.open ? ", and takes an empty password" : ""}.`,
      ),
    ),
    ...rows
      .filter(({ host, open }) => host === tenantAccountHost && open)
      .map(() => sure("ACCOUNT", "its account takes an empty password.")),
    ...rows.flatMap((row) => sharers(row, books)),
    ...anonymousLeaks(own, books),
  ];
}

function sharers(row: AccountSight, books: Books): readonly Leak[] {
  return books
    .sharersOf(row)
    .map((other) => sure("ACCOUNT", `its password is also that of '${other.name}'@'${other.host}'.`));
}

/** Who needs no name needs no credentials to come this far. */
function anonymousLeaks(own: string, books: Books): readonly Leak[] {
  if (!books.accountsOf("").some(({ open }) => open)) return [];
  const reaching = books.everybodys.filter((grant) => grant.holder === "" && covers(grant, own));
  return reaching.map(() => sure("ACCOUNT", "whoever logs in without a name reaches its database."));
}

function codeLeaks(own: string, books: Books): readonly Leak[] {
  return books.sight.code.flatMap((code) => {
    const { kind, definer } = code;
    if (!books.definerHasMore(definer, own)) return [];
    const what = `the ${kind.toLowerCase()} ${code.database}.${code.name} runs with the rights of ${definer}`;
    const target = mentionsText(code);
    if (code.database === own) return [sure("STORED_CODE", `${what}${target}.`)];
    if (isGeneratedName(code.database)) return [];
    return reachesIn(code, own, books) ? [sure("STORED_CODE", `${what}${target}, and is within its reach.`)] : [];
  });
}

function mentionsText({ mentions }: CodeSight): string {
  return mentions.length === 0 ? "" : ` and names ${mentions.slice(0, 3).join(", ")}`;
}

/** Code in a database that is no tenant's: what runs by itself carries between those it names; the rest serves those who may call it. */
function reachesIn(code: CodeSight, own: string, books: Books): boolean {
  if (code.kind === "EVENT" || code.kind === "TRIGGER") return code.mentions.includes(own) && code.mentions.length > 1;
  const usable = (grant: GrantSight) =>
    covers(grant, code.database) && (grant.object === "" || grant.object === code.name);
  const rights = [...books.grantsOf(own), ...books.everybodys.filter(({ level }) => level !== "ROLE")];
  return rights.some(usable);
}

function tableLeaks(own: string, books: Books): readonly Leak[] {
  return books.tablesIn(own).flatMap((table): readonly Leak[] => {
    switch (table.how) {
      case "FOREIGN_KEY":
        return [sure("SCHEMA", `its table ${table.name} refers to ${table.target} by a foreign key.`)];
      case "DIRECTORY":
        return directoryLeaks(table, books.sight.tables);
      case "ENGINE":
        return engineLeaks(table);
      default:
        return assertNever(table.how);
    }
  });
}

function directoryLeaks(table: TableSight, tables: readonly TableSight[]): readonly Leak[] {
  const shared = tables.find(
    (other) => other.how === "DIRECTORY" && other.database !== table.database && other.target === table.target,
  );
  const [other = shared?.database] = table.mentions;
  if (other === undefined) return [];
  return [sure("SCHEMA", `its table ${table.name} keeps its data in ${table.target}, as ${other} does.`)];
}

function engineLeaks({ name, target, mentions }: TableSight): readonly Leak[] {
  const [other] = mentions;
  if (other !== undefined) return [sure("SCHEMA", `its table ${name} lies on ${other} by the engine ${target}.`)];
  if (/^mrg_myisam$/i.test(target)) return [];
  const text = `its table ${name} reaches out of the server by the engine ${target}, to where nobody can look from here.`;
  return [{ check: "SCHEMA", certainty: "MAYBE", text }];
}
