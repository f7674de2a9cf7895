import type { ServerSnapshot, StrangerGrant } from "./server-snapshot.ts";

/** Whether the grant is everybody's: of PUBLIC, or of the anonymous account. */
export function isEverybodys({ holder }: Pick<StrangerGrant, "holder">): boolean {
  return holder === "" || holder === "PUBLIC";
}

/** Whether a database's name is one that the pattern of a grant means: `%` any text, `_` any character, `\` takes them as they are. */
export function patternMatches(pattern: string, name: string): boolean {
  const [fixed = ""] = /^[^%_\\]*/.exec(pattern) ?? [];
  if (!name.startsWith(fixed)) return false;
  const source = pattern.replace(/\\(.)|[%_]|[^\\%_]+/gs, (part, escaped: string | undefined) => {
    if (escaped !== undefined) return escapeRegExp(escaped);
    if (part === "%") return ".*";
    return part === "_" ? "." : escapeRegExp(part);
  });
  return new RegExp(`^${source}$`, "s").test(name);
}

/** Patterns that reach a database and can mean tenants' databases only; wider ones are the server's own matter. */
export function narrowPatternsOn(name: string, { patterns }: ServerSnapshot): readonly StrangerGrant[] {
  return patterns.filter(
    (grant) => isEverybodys(grant) && grant.database.startsWith("tnt") && patternMatches(grant.database, name),
  );
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
