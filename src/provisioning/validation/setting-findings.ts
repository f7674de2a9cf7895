import { patternMatches } from "../../servers/database-pattern.ts";
import type { Finding, Severity } from "../finding.ts";
import { isEverybodys } from "../grant-pattern.ts";
import type { StrangerGrant } from "../server-snapshot.ts";
import type { ServerSettings, ServerSurvey } from "./server-survey.ts";

/** What advice follows from. */
interface Facts extends ServerSettings {
  /** Grants by a pattern that reach a tenant's database. */
  readonly patterns: readonly StrangerGrant[];
}

interface Advice {
  readonly setting: string;
  readonly severity: Severity;
  readonly message: string;
  readonly expected?: string;
  /** What is; undefined where all is well. */
  readonly actualOf: (facts: Facts) => string | undefined;
}

const advices: readonly Advice[] = [
  {
    setting: "local_infile",
    severity: "WARNING",
    message: "The server may ask clients for their files.",
    expected: "OFF",
    actualOf: ({ localInfile }) => (localInfile ? "ON" : undefined),
  },
  {
    setting: "secure_file_priv",
    severity: "WARNING",
    message: "SQL may read and write files anywhere that the server may.",
    expected: "a folder",
    actualOf: ({ filesAnywhere }) => (filesAnywhere ? "not set" : undefined),
  },
  {
    setting: "sql_mode",
    severity: "WARNING",
    message: "GRANT makes accounts without a password.",
    expected: "NO_AUTO_CREATE_USER",
    actualOf: ({ autoCreatesUsers }) => (autoCreatesUsers ? "without it" : undefined),
  },
  {
    setting: "anonymous accounts",
    severity: "WARNING",
    message: "Anybody may log in without a name.",
    expected: "0",
    actualOf: ({ anonymousAccounts }) => (anonymousAccounts > 0 ? String(anonymousAccounts) : undefined),
  },
  {
    setting: "rights of everybody",
    severity: "CRITICAL",
    message: "Everybody has global privileges, or rights on databases of tenants by a pattern.",
    expected: "none",
    actualOf: ({ everybodyHasGlobals, patterns }) =>
      everybodyHasGlobals ? "global" : patterns.find(isEverybodys)?.database,
  },
  {
    setting: "pattern grants",
    severity: "WARNING",
    message: "Accounts that are not the service's have rights on databases of tenants by a pattern.",
    expected: "0",
    actualOf: ({ adminName, patterns }) => {
      const others = patterns.filter((grant) => !isEverybodys(grant) && grant.holder !== adminName).length;
      return others > 0 ? String(others) : undefined;
    },
  },
  {
    setting: "admin rights",
    severity: "WARNING",
    message: "The service's account lacks global rights that its work may need.",
    actualOf: ({ missingRights }) => (missingRights.length > 0 ? `without ${missingRights.join(", ")}` : undefined),
  },
];

/** Advice on the settings of a server. Pure. @param server its name */
export function settingFindings(server: string, settings: ServerSettings, survey: ServerSurvey): readonly Finding[] {
  const { databases, patterns } = survey.snapshot;
  const names = [...databases.keys()];
  const reaching = patterns.filter(({ database }) => names.some((name) => patternMatches(database, name)));
  const facts: Facts = { ...settings, patterns: reaching };
  const engines = settings.reachingEngines.map(
    (engine): Advice => ({
      setting: `engine ${engine}`,
      severity: "WARNING",
      message: "The storage engine reaches other servers or files.",
      expected: "disabled",
      actualOf: () => "enabled",
    }),
  );
  return [...advices, ...engines].flatMap(({ setting, severity, message, expected, actualOf }): readonly Finding[] => {
    const actual = actualOf(facts);
    if (actual === undefined) return [];
    return [{ kind: "SERVER_SETTING", severity, object: `${server}: ${setting}`, message, expected, actual }];
  });
}
