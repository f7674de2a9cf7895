import { assertNever } from "../../kit/assert-never.ts";
import type { GrantSeen } from "../../provisioning/server-snapshot.ts";
import { quoteAccount, quoteObservedName } from "../pools/identifiers.ts";

const plainPrivilege = /^[A-Z][A-Z ]*$/;

/** The statements that take a grant back from the tenant's account. Its names come from the server itself. */
export function revokeSql(name: string, grant: GrantSeen): readonly string[] {
  const account = quoteAccount(name);
  switch (grant.level) {
    case "GLOBAL":
      return allOn("*.*", account);
    case "DATABASE":
      return [`REVOKE ${listed(grant.privileges)} ON ${quoteObservedName(grant.database)}.* FROM ${account}`];
    case "TABLE":
      return allOn(`${quoteObservedName(grant.database)}.${quoteObservedName(grant.object)}`, account);
    case "PROCEDURE":
    case "FUNCTION":
    case "PACKAGE":
    case "PACKAGE BODY": {
      const routine = `${quoteObservedName(grant.database)}.${quoteObservedName(grant.object)}`;
      return allOn(`${grant.level} ${routine}`, account);
    }
    case "ROLE":
      return [`REVOKE ${quoteObservedName(grant.object)} FROM ${account}`];
    case "PROXY":
      return [`REVOKE PROXY ON ${proxied(grant.object)} FROM ${account}`];
    default:
      return assertNever(grant.level);
  }
}

function allOn(object: string, account: string): readonly string[] {
  return [`REVOKE ALL PRIVILEGES ON ${object} FROM ${account}`, `REVOKE GRANT OPTION ON ${object} FROM ${account}`];
}

function listed(privileges: readonly string[]): string {
  const odd = privileges.find((privilege) => !plainPrivilege.test(privilege));
  if (odd !== undefined || privileges.length === 0) throw new TypeError(`${JSON.stringify(odd)} is no privilege.`);
  return privileges.join(", ");
}

/** `user@host`, each part quoted as a name; a host never holds an @. */
function proxied(object: string): string {
  const at = object.lastIndexOf("@");
  return `${quoteObservedName(object.slice(0, at))}@${quoteObservedName(object.slice(at + 1))}`;
}
