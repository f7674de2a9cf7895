import { assertNever } from "../../kit/assert-never.ts";
import { tenantAccountHost } from "../../servers/account-recipe.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { IsolationCheckKind } from "../test-run.ts";
import { accountName, causeOfGrant, codeText, type LeakCause } from "./leak-cause.ts";
import { type Books, covers, objectOf } from "./reach.ts";
import type { AccountSight, CodeSight, GrantSight, TableSight } from "./server-sight.ts";

/** Something in a server's books that leads, or may lead, from a tenant to others. */
export interface Leak {
  readonly check: IsolationCheckKind;
  /** MAYBE: where it leads cannot be seen from here. */
  readonly certainty: "SURE" | "MAYBE";
  readonly text: string;
  readonly cause: LeakCause;
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

function sure(check: IsolationCheckKind, text: string, cause: LeakCause): Leak {
  return { check, certainty: "SURE", text, cause };
}

/** Privileges, and what they are on. */
function rightsText(grant: GrantSight): string {
  return `${grant.privileges.join(", ")}${objectOf(grant)}`;
}

function grantLeaks(own: string, books: Books): readonly Leak[] {
  const held = books.grantsOf(own).filter(({ level }) => level !== "ROLE");
  return [
    ...held.flatMap((grant) => {
      const cause = causeOfGrant(grant, own);
      if (cause?.what !== "GRANT") return [];
      const text = `its account '${own}'@'${grant.host}' has ${rightsText(cause.grant)}.`;
      return [sure("GRANTS", text, shadowCause(own, grant.host, books) ?? cause)];
    }),
    ...everybodysRights(own, books).map(({ holder, excess, cause }) =>
      sure("GRANTS", `${holder} has ${excess}, and with it every tenant.`, cause),
    ),
  ];
}

/** A second row of the tenant's name is one cause together with all that it may do. */
function shadowCause(own: string, host: string, books: Books): LeakCause | undefined {
  const account = books.accountsOf(own).find((row) => row.host === host);
  if (!account || host === tenantAccountHost) return undefined;
  return { what: "ACCOUNT", account, grants: books.grantsOf(own).filter((grant) => grant.host === host) };
}

interface EverybodysRight {
  readonly holder: string;
  readonly excess: string;
  readonly cause: LeakCause;
}

function everybodysRights(own: string, books: Books): readonly EverybodysRight[] {
  return books.everybodys.flatMap((grant) => {
    const cause = causeOfGrant(grant, own);
    if (cause?.what !== "GRANT" || (grant.holder === "" && grant.level !== "DATABASE")) return [];
    const holder = grant.holder === "" ? "the account without a name" : "PUBLIC";
    return [{ holder, excess: rightsText(cause.grant), cause }];
  });
}

function roleLeaks(own: string, books: Books): readonly Leak[] {
  const given = books.grantsOf(own).filter(({ level }) => level === "ROLE");
  const everybodys = everybodysRights(own, books).filter(({ holder }) => holder === "PUBLIC");
  // One that it was told to take and may not take, such as a role that was revoked, is none.
  const preset = books.accountsOf(own).flatMap((row) => {
    const grant = [...given, ...books.everybodys].find((known) => isRole(known, row));
    return grant ? [{ row, grant }] : [];
  });
  return [
    ...given.map((grant) => {
      const cause = shadowCause(own, grant.host, books) ?? { what: "GRANT", grant };
      return sure("ROLES", `its account may take the role ${grant.object}.`, cause);
    }),
    ...preset.map(({ row, grant }) => {
      const cause = shadowCause(own, row.host, books) ?? { what: "GRANT", grant };
      return sure("ROLES", `its account has the role ${row.defaultRole} by default.`, cause);
    }),
    ...everybodys.map(({ excess, cause }) => sure("ROLES", `the role PUBLIC has ${excess}.`, cause)),
  ];
}

/** Whether the grant gives the account the role that it takes by default; MySQL's roles have a host. */
function isRole({ holder, host, level, object }: GrantSight, account: AccountSight): boolean {
  const theirs = holder === "PUBLIC" || host === account.host;
  return level === "ROLE" && theirs && (object === account.defaultRole || object.split("@")[0] === account.defaultRole);
}

function accountLeaks(own: string, books: Books): readonly Leak[] {
  const rows = books.accountsOf(own);
  const cause = (account: AccountSight): LeakCause =>
    shadowCause(own, account.host, books) ?? { what: "ACCOUNT", account, grants: [] };
  const shadows = rows.filter(({ host }) => host !== tenantAccountHost);
  return [
    ...shadows.map((row) => {
      const empty = row.open ? ", and takes an empty password" : "";
      return sure("ACCOUNT", `a second account row '${own}'@'${row.host}' answers in its place${empty}.`, cause(row));
    }),
    ...rows
      .filter(({ host, open }) => host === tenantAccountHost && open)
      .map((row) => sure("ACCOUNT", "its account takes an empty password.", cause(row))),
    ...rows.flatMap((row) => sharers(row, books)),
    ...anonymousLeaks(own, books),
  ];
}

function sharers(row: AccountSight, books: Books): readonly Leak[] {
  const others = books.sharersOf(row);
  const accounts = books.openedAs(row).map(accountName).sort();
  return others.map((other) =>
    sure("ACCOUNT", `its password is also that of '${other.name}'@'${other.host}'.`, { what: "PASSWORD", accounts }),
  );
}

/** Who needs no name needs no credentials to come this far. */
function anonymousLeaks(own: string, books: Books): readonly Leak[] {
  if (!books.accountsOf("").some(({ open }) => open)) return [];
  const reaching = books.everybodys.filter((grant) => grant.holder === "" && covers(grant, own));
  return reaching.map((grant) =>
    sure("ACCOUNT", "whoever logs in without a name reaches its database.", { what: "GRANT", grant }),
  );
}

function codeLeaks(own: string, books: Books): readonly Leak[] {
  return books.sight.code.flatMap((code): readonly Leak[] => {
    if (!books.definerHasMore(code.definer, own)) return [];
    const what = codeText(code);
    if (code.database === own) return [sure("STORED_CODE", `${what}.`, { what: "CODE", code })];
    if (isGeneratedName(code.database)) return [];
    return reachesIn(code, own, books).map((cause) => sure("STORED_CODE", `${what}, and is within its reach.`, cause));
  });
}

/** Code in a database that is no tenant's: what runs by itself carries between those it names; the rest serves those who may call it. */
function reachesIn(code: CodeSight, own: string, books: Books): readonly LeakCause[] {
  if (code.kind === "EVENT" || code.kind === "TRIGGER") {
    return code.mentions.includes(own) && code.mentions.length > 1 ? [{ what: "CODE", code }] : [];
  }
  const usable = (grant: GrantSight) =>
    covers(grant, code.database) && (grant.object === "" || grant.object === code.name);
  const rights = [...books.grantsOf(own), ...books.everybodys.filter(({ level }) => level !== "ROLE")];
  // What lets it call the code is what is to be taken away: one right, and one leak.
  const right = rights.find(usable);
  return right ? [shadowCause(own, right.host, books) ?? { what: "GRANT", grant: right }] : [];
}

function tableLeaks(own: string, books: Books): readonly Leak[] {
  return books.tablesIn(own).flatMap((table): readonly Leak[] => {
    const cause: LeakCause = { what: "TABLE", table };
    switch (table.how) {
      case "FOREIGN_KEY":
        return [sure("SCHEMA", `its table ${table.name} refers to ${table.target} by a foreign key.`, cause)];
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
  return [
    sure("SCHEMA", `its table ${table.name} keeps its data in ${table.target}, as ${other} does.`, {
      what: "TABLE",
      table,
    }),
  ];
}

function engineLeaks(table: TableSight): readonly Leak[] {
  const { name, target, mentions } = table;
  const cause: LeakCause = { what: "TABLE", table };
  const [other] = mentions;
  if (other !== undefined)
    return [sure("SCHEMA", `its table ${name} lies on ${other} by the engine ${target}.`, cause)];
  if (/^mrg_myisam$/i.test(target)) return [];
  const text = `its table ${name} reaches out of the server by the engine ${target}, to where nobody can look from here.`;
  return [{ check: "SCHEMA", certainty: "MAYBE", text, cause }];
}
