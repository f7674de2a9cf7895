import { patternMatches } from "../../servers/database-pattern.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { Finding } from "../finding.ts";
import type { NameOwner } from "../findings/finding-store.ts";
import { isEverybodys } from "../grant-pattern.ts";
import type { ServerSettings, ServerSurvey } from "./server-survey.ts";

/** Advice on the settings of a server. Pure. @param server its name */
export function settingFindings(server: string, settings: ServerSettings, survey: ServerSurvey): readonly Finding[] {
  const reach = survey.snapshot.patterns.filter((grant) =>
    [...survey.snapshot.databases.keys()].some((name) => patternMatches(grant.database, name)),
  );
  const others = reach.filter((grant) => !isEverybodys(grant)).length;
  const advice: readonly (readonly [string, boolean, string, Finding["severity"], string?, string?])[] = [
    ["local_infile", settings.localInfile, "Clients may be asked for their files.", "WARNING", "OFF", "ON"],
    [
      "secure_file_priv",
      settings.filesAnywhere,
      "SQL may read and write files anywhere.",
      "WARNING",
      "a folder",
      "empty",
    ],
    [
      "sql_mode",
      settings.autoCreatesUsers === true,
      "GRANT makes accounts without a password.",
      "WARNING",
      "NO_AUTO_CREATE_USER",
      "missing",
    ],
    [
      "anonymous accounts",
      settings.anonymousAccounts > 0,
      "Anybody may log in without a name.",
      "WARNING",
      "0",
      String(settings.anonymousAccounts),
    ],
    ["global privileges", settings.everybodyHasGlobals, "Everybody has global privileges.", "CRITICAL"],
    [
      "pattern grants",
      reach.some(isEverybodys),
      "Everybody has rights on databases of tenants by a pattern.",
      "CRITICAL",
    ],
    [
      "pattern grants",
      others > 0,
      "Accounts that are not the service's have rights on databases of tenants by a pattern.",
      "WARNING",
      "0",
      String(others),
    ],
    [
      "admin rights",
      settings.missingRights.length > 0,
      "The service's account lacks global rights that its work needs.",
      "WARNING",
      settings.missingRights.join(", "),
    ],
  ];
  const engines = settings.reachingEngines.map((engine): Finding => {
    const message = "The storage engine reaches other servers or files.";
    return { kind: "SERVER_SETTING", severity: "WARNING", object: `engine ${engine}`, message, actual: "enabled" };
  });
  const said = advice.flatMap(([setting, applies, message, severity, expected, actual]): readonly Finding[] =>
    applies ? [{ kind: "SERVER_SETTING", severity, object: `${server}: ${setting}`, message, expected, actual }] : [],
  );
  return [...said, ...engines];
}

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
