import { isGeneratedName } from "../../tenants/credentials.ts";
import { UnsafeIdentifier } from "../pools/identifiers.ts";

/** Which names a look is about: all of the service's kind, or those given. */
export type MeantNames = "ALL" | readonly [string, ...string[]];

const generated = "REGEXP '^tnt[a-z0-9]{6,27}$'";

/**
 * A condition on a column of names, complete with its values: a name of ours needs no quoting, and for a single one
 * the server looks at that database alone, where a list makes it read its whole data directory. `ANYBODY`: no condition. @throws UnsafeIdentifier
 */
export function isMeant(column: string, names: MeantNames | "ANYBODY"): string {
  if (names === "ANYBODY") return "TRUE";
  if (names === "ALL") return `${column} ${generated}`;
  const odd = names.find((name) => !isGeneratedName(name));
  if (odd !== undefined) throw new UnsafeIdentifier(`${JSON.stringify(odd.slice(0, 64))} is no name of a tenant.`);
  const list = names.map((name) => `'${name}'`);
  return list.length === 1 ? `${column} = ${list[0]}` : `${column} IN (${list.join(", ")})`;
}
