import { assertNever } from "../../kit/assert-never.ts";
import { tenantAccountHost } from "../../servers/account-recipe.ts";
import { type Books, excessOf, objectOf } from "./reach.ts";
import type { AccountSight, CodeSight, GrantSight, TableSight } from "./server-sight.ts";

/** One thing in a server's books that opens a way between tenants, whomever it concerns. */
export type LeakCause =
  /** With the privileges that are too much. */
  | { readonly what: "GRANT"; readonly grant: GrantSight }
  /** A second row of a tenant's name, with all that it may do; or the tenant's own, which takes an empty password. */
  | { readonly what: "ACCOUNT"; readonly account: AccountSight; readonly grants: readonly GrantSight[] }
  /** Accounts, `'name'@'host'`, that one password opens. */
  | { readonly what: "PASSWORD"; readonly accounts: readonly string[] }
  | { readonly what: "CODE"; readonly code: CodeSight }
  | { readonly what: "TABLE"; readonly table: TableSight };

/** The same for the same thing, on whichever tenant's side it is met. */
export function keyOfCause(cause: LeakCause): string {
  switch (cause.what) {
    case "GRANT": {
      const { holder, host, level, database, object } = cause.grant;
      return JSON.stringify([cause.what, holder, host, level, database, object]);
    }
    case "ACCOUNT":
      return JSON.stringify([cause.what, cause.account.name, cause.account.host]);
    case "PASSWORD":
      return JSON.stringify([cause.what, ...cause.accounts]);
    case "CODE":
      return JSON.stringify([cause.what, cause.code.kind, cause.code.database, cause.code.name]);
    case "TABLE": {
      const { how, database, name, target, mentions } = cause.table;
      const shared = how === "DIRECTORY" && mentions.length === 0;
      return JSON.stringify(shared ? [cause.what, how, target] : [cause.what, how, database, name, target]);
    }
    default:
      return assertNever(cause);
  }
}

/** A clause that follows "because". */
export function textOfCause(cause: LeakCause, books: Books): string {
  switch (cause.what) {
    case "GRANT":
      return grantText(cause.grant, books);
    case "ACCOUNT":
      return accountText(cause.account, cause.grants);
    case "PASSWORD":
      return `${cause.accounts.join(" and ")} have the same password`;
    case "CODE":
      return codeText(cause.code);
    case "TABLE":
      return tableText(cause.table);
    default:
      return assertNever(cause);
  }
}

/** `'name'@'host'` */
export function accountName({ name, host }: Pick<AccountSight, "name" | "host">): string {
  return `'${name}'@'${host}'`;
}

/** The view, routine, trigger or event, and with whose rights it runs. */
export function codeText({ kind, database, name, definer, mentions }: CodeSight): string {
  const target = mentions.length === 0 ? "" : ` and names ${mentions.slice(0, 3).join(", ")}`;
  return `the ${kind.toLowerCase()} ${database}.${name} runs with the rights of ${definer}${target}`;
}

function grantText(grant: GrantSight, books: Books): string {
  const { holder, host, level, object, privileges } = grant;
  if (level === "ROLE") {
    const given = books.grantsByRole(object).map((right) => `${right.privileges.join(", ")}${objectOf(right)}`);
    const which = given.length === 0 ? "" : `, which has ${given.slice(0, 3).join(", ")}`;
    const who = holder === "PUBLIC" ? "PUBLIC, and with it every account," : accountName({ name: holder, host });
    return `${who} may take the role ${object}${which}`;
  }
  const rights = `${privileges.join(", ")}${objectOf(grant)}`;
  if (holder === "PUBLIC") return `PUBLIC, and with it every account, has ${rights}`;
  if (holder !== "") return `${accountName({ name: holder, host })} has ${rights}`;
  const open = books.accountsOf("").some((row) => row.open) ? ", and takes no password" : "";
  return `the account without a name, and with it every account, has ${rights}${open}`;
}

function accountText({ name, host, open }: AccountSight, grants: readonly GrantSight[]): string {
  const account = accountName({ name, host });
  if (host === tenantAccountHost) return `${account} takes an empty password`;
  const rights = grants.flatMap((grant) => {
    const excess = excessOf(grant, name);
    return excess ? [`${excess.join(", ")}${objectOf(grant)}`] : [];
  });
  const more = [
    ...(open ? ["takes an empty password"] : []),
    ...(rights.length > 0 ? [`has ${rights.slice(0, 3).join(", ")}`] : []),
  ];
  return [`${account} answers in the tenant's place`, ...more].join(" and ");
}

function tableText({ how, database, name, target, mentions }: TableSight): string {
  const table = `the table ${database}.${name}`;
  switch (how) {
    case "FOREIGN_KEY":
      return `${table} refers to ${target} by a foreign key`;
    case "DIRECTORY":
      if (mentions.length === 0) return `tables of several tenants keep their data in ${target}`;
      return `${table} keeps its data in ${target}, where that of ${mentions.slice(0, 3).join(", ")} lies`;
    case "ENGINE": {
      const where = mentions.length === 0 ? "reaches out of the server" : `lies on ${mentions.slice(0, 3).join(", ")}`;
      return `${table} ${where} by the engine ${target}`;
    }
    default:
      return assertNever(how);
  }
}

/** A cause of this grant with no more of its privileges than are too much for this tenant; undefined: none is. */
export function causeOfGrant(grant: GrantSight, own: string): LeakCause | undefined {
  const excess = excessOf(grant, own);
  return excess && { what: "GRANT", grant: { ...grant, privileges: excess } };
}
