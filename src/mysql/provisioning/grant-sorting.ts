import type { GrantSeen, ServerSnapshot, StrangerGrant } from "../../provisioning/server-snapshot.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { MeantNames } from "./meant-names.ts";

/** Sorts grants into what the accounts of these names hold, what others hold on what is theirs, and patterns that may reach it. */
export function sortGrants(
  grants: readonly StrangerGrant[],
  names: MeantNames,
): Pick<ServerSnapshot, "grants" | "strangers" | "patterns"> {
  const meant = (name: string) => (names === "ALL" ? isGeneratedName(name) : names.includes(name));
  const held = new Map<string, GrantSeen[]>();
  const strangers = new Map<string, StrangerGrant[]>();
  const patterns: StrangerGrant[] = [];
  for (const grant of grants) {
    if (grant.privileges.length === 0) continue;
    if (meant(grant.holder)) add(held, grant.holder, grant);
    const target = targetOf(grant);
    if (meant(target) && grant.holder !== target) add(strangers, target, grant);
    else if (!isGeneratedName(grant.holder) && /[%_]/.test(target)) patterns.push(grant);
  }
  return { grants: held, strangers, patterns };
}

/** The tenant whose database or account it is a right on. A database's name may be written with its wildcards escaped. */
function targetOf({ level, database, object }: StrangerGrant): string {
  if (level === "PROXY") return object.slice(0, object.lastIndexOf("@"));
  return level === "DATABASE" ? database.replace(/\\([%_])/g, "$1") : database;
}

function add<Grant>(groups: Map<string, Grant[]>, name: string, grant: Grant): void {
  const group = groups.get(name);
  if (group) group.push(grant);
  else groups.set(name, [grant]);
}
