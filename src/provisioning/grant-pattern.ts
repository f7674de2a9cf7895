import { patternMatches } from "../servers/database-pattern.ts";
import type { ServerSnapshot, StrangerGrant } from "./server-snapshot.ts";

/** Whether the grant is everybody's: of PUBLIC, or of the anonymous account. */
export function isEverybodys({ holder }: Pick<StrangerGrant, "holder">): boolean {
  return holder === "" || holder === "PUBLIC";
}

/** Patterns that reach a database and can mean tenants' databases only; wider ones are the server's own matter. */
export function narrowPatternsOn(name: string, { patterns }: ServerSnapshot): readonly StrangerGrant[] {
  return patterns.filter(
    (grant) => isEverybodys(grant) && grant.database.startsWith("tnt") && patternMatches(grant.database, name),
  );
}
