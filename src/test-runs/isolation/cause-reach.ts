import { assertNever } from "../../kit/assert-never.ts";
import type { AttemptSeen } from "./attempt.ts";
import type { LeakCause } from "./leak-cause.ts";
import { type Books, covers } from "./reach.ts";
import type { GrantSight } from "./server-sight.ts";

/** Rights on these show what is others', without being on anything of theirs. */
const systemDatabases: ReadonlySet<string> = new Set(["mysql", "sys", "performance_schema", "information_schema"]);
const tenantsNames = /tnt[a-z0-9]{6,27}/g;

/** The single rights that a cause consists of: of a role, those that the role has. */
export function rightsOf(cause: LeakCause, books: Books): readonly GrantSight[] {
  switch (cause.what) {
    case "GRANT":
      return singleRights([cause.grant], books);
    case "ACCOUNT":
      return singleRights(cause.grants, books);
    case "PASSWORD":
    case "CODE":
    case "TABLE":
      return [];
    default:
      return assertNever(cause);
  }
}

function singleRights(grants: readonly GrantSight[], books: Books): readonly GrantSight[] {
  return grants.flatMap((grant) => (grant.level === "ROLE" ? books.grantsByRole(grant.object) : [grant]));
}

/** Whether what got through is what the cause lets through. */
export function explains(cause: LeakCause, { check, victim, seen }: AttemptSeen, books: Books): boolean {
  if (check === "ACCOUNT" && (cause.what === "ACCOUNT" || cause.what === "PASSWORD")) return true;
  const byRole = (grant: GrantSight) => grant.level === "ROLE";
  if (check === "ROLES") {
    return (cause.what === "GRANT" && byRole(cause.grant)) || (cause.what === "ACCOUNT" && cause.grants.some(byRole));
  }
  return rightsOf(cause, books).some((grant) => {
    if (grant.level === "GLOBAL") return true;
    if (systemDatabases.has(grant.database)) return check === "VISIBILITY";
    if (victim !== undefined) return covers(grant, victim);
    if (check === "GRANTS") return grant.privileges.includes("GRANT OPTION");
    if (check !== "VISIBILITY") return false;
    const shown = seen?.match(tenantsNames) ?? [];
    return shown.length === 0 || shown.some((name) => covers(grant, name));
  });
}
