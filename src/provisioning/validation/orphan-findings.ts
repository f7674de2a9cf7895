import { isGeneratedName } from "../../tenants/credentials.ts";
import type { Finding } from "../finding.ts";
import type { NameOwner } from "../findings/finding-store.ts";
import type { ServerSurvey } from "./server-survey.ts";

/** Databases and accounts of the service's kind that none of the server's tenants has. Pure. @param owners to whom the names were ever given */
export function orphanFindings(
  survey: ServerSurvey,
  names: ReadonlySet<string>,
  owners: ReadonlyMap<string, NameOwner>,
): readonly Finding[] {
  const { databases, accounts, grants } = survey.snapshot;
  const strange = (all: Iterable<string>) =>
    [...new Set(all)].filter((name) => isGeneratedName(name) && !names.has(name));
  const orphan =
    (kind: "ORPHAN_DATABASE" | "ORPHAN_USER", what: string) =>
    (object: string): Finding => ({
      kind,
      severity: "WARNING",
      object,
      message: `${what} ${originOf(owners.get(object))}`,
    });
  return [
    ...strange(databases.keys()).map(orphan("ORPHAN_DATABASE", "The database")),
    ...strange([...accounts.keys(), ...grants.keys()]).map(orphan("ORPHAN_USER", "The account, or rights of it,")),
  ];
}

/** @returns names that {@link orphanFindings} may be about */
export function strangeNames(survey: ServerSurvey, names: ReadonlySet<string>): readonly string[] {
  const { databases, accounts, grants, strangers } = survey.snapshot;
  const holders = [...strangers.values()].flatMap((list) => list.map(({ holder }) => holder));
  const all = new Set([...databases.keys(), ...accounts.keys(), ...grants.keys(), ...holders]);
  return [...all].filter((name) => isGeneratedName(name) && !names.has(name));
}

function originOf(owner: NameOwner | undefined): string {
  if (!owner) return "belongs to no tenant that the registry knows.";
  if (owner.status === "DELETED") return `was left over from the DELETED tenant "${owner.slug}".`;
  return `is of the tenant "${owner.slug}", whose home is another server.`;
}
