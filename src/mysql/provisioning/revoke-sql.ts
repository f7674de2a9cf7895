import { assertNever } from "../../kit/assert-never.ts";
import type { GrantSeen } from "../../provisioning/server-snapshot.ts";
import { quoteObservedName } from "../pools/identifiers.ts";

const plainPrivilege = /^[A-Z][A-Z ]*$/;

/** The statements that take a grant back from the account row, or role, of this name at the grant's host. Its names come from the server itself. */
export function revokeSql(name: string, grant: GrantSeen): readonly string[] {
  const holder = quoteHolder(name, grant.host);
  switch (grant.level) {
    case "GLOBAL":
      return allOn("*.*", holder);
    case "DATABASE":
      return [`REVOKE ${listed(grant.privileges)} ON ${quoteObservedName(grant.database)}.* FROM ${holder}`];
    case "TABLE":
      return allOn(`${quoteObservedName(grant.database)}.${quoteObservedName(grant.object)}`, holder);
    case "PROCEDURE":
    case "FUNCTION":
    case "PACKAGE":
    case "PACKAGE BODY": {
      const routine = `${quoteObservedName(grant.database)}.${quoteObservedName(grant.object)}`;
      return allOn(`${grant.level} ${routine}`, holder);
    }
    case "ROLE":
      return [`REVOKE ${quoteObservedName(grant.object)} FROM ${holder}`];
    case "PROXY":
      return [`REVOKE PROXY ON ${proxied(grant.object)} FROM ${holder}`];
    default:
      return assertNever(grant.level);
  }
}

function allOn(object: string, holder: string): readonly string[] {
  return [`REVOKE ALL PRIVILEGES ON ${object} FROM ${holder}`, `REVOKE GRANT OPTION ON ${object} FROM ${holder}`];
}

/** @throws TypeError for what is no name of a privilege */
export function listed(privileges: readonly string[]): string {
  const odd = privileges.find((privilege) => !plainPrivilege.test(privilege));
  if (odd !== undefined || privileges.length === 0) throw new TypeError(`${JSON.stringify(odd)} is no privilege.`);
  return privileges.join(", ");
}

/** `user@host`, each part quoted as a name; a host never holds an @. */
function proxied(object: string): string {
  const at = object.lastIndexOf("@");
  return quoteHolder(object.slice(0, at), object.slice(at + 1));
}

/** Roles have no host; PUBLIC is a word of the grammar; the anonymous account's name can only be written as an empty text. */
export function quoteHolder(name: string, host: string): string {
  if (name === "PUBLIC" && host === "") return "PUBLIC";
  const quoted = name === "" ? "''" : quoteObservedName(name);
  return host === "" ? quoted : `${quoted}@${quoteObservedName(host)}`;
}
