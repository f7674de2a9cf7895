import type { Role } from "../../kit/actor.ts";

const rank: readonly Role[] = ["VIEWER", "OPERATOR", "ADMIN"];

/**
 * The highest role that a claim gives.
 * @param claim name of the claim, or a path into it with dots @param roles role of each value
 * @returns undefined when it gives none
 */
export function roleIn(
  claims: Readonly<Record<string, unknown>>,
  claim: string,
  roles: ReadonlyMap<string, Role>,
): Role | undefined {
  const given = wordsOf(valueAt(claims, claim)).map((word) => roles.get(word));
  return rank.findLast((role) => given.includes(role));
}

/** The whole name first: claims may have dots in their names, like `https://example.com/role`. */
function valueAt(claims: Readonly<Record<string, unknown>>, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  return path.split(".").reduce<unknown>((value, name) => {
    const isInside = typeof value === "object" && value !== null && Object.hasOwn(value, name);
    return isInside ? Reflect.get(value, name) : undefined;
  }, claims);
}

/** A text holds words with spaces between them, like `scope`. */
function wordsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return value.split(" ");
  return Array.isArray(value) ? value.filter((word) => typeof word === "string") : [];
}
