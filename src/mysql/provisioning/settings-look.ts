import type { ServerSettings } from "../../provisioning/validation/server-survey.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import type { ServerSession } from "../pools/server-sessions.ts";

/** Engines by which a table is a file, or a table on another server. */
const reaching = ["FEDERATED", "CONNECT", "SPIDER", "S3", "SPHINX"];
/** To end sessions takes one of these, by engine and version. */
const killing = ["SUPER", "CONNECTION ADMIN", "CONNECTION_ADMIN"];
const needed = ["CREATE USER", "PROCESS"];

interface SettingRow {
  readonly name: string;
  readonly value: string | null;
}

/** The settings that bear on the safety of tenants, by one statement. */
export async function lookAtSettings(session: ServerSession, engine: DatabaseEngine): Promise<ServerSettings> {
  const rows = await session.query<SettingRow>(engine === "MARIADB" ? onMariaDb : onMySql);
  const of = (name: string) => rows.find((row) => row.name === name)?.value ?? undefined;
  const listed = (name: string) => rows.filter((row) => row.name === name).flatMap(({ value }) => value ?? []);
  const rights = new Set(listed("right"));
  const missing = needed.filter((right) => !rights.has(right));
  const files = of("secure_file_priv");
  return {
    adminName: of("admin") ?? "",
    localInfile: of("local_infile") === "1",
    // Unset means everywhere to MariaDB and nowhere to MySQL.
    filesAnywhere: files === "" || (files === undefined && engine === "MARIADB"),
    autoCreatesUsers: engine === "MARIADB" ? !(of("sql_mode") ?? "").includes("NO_AUTO_CREATE_USER") : undefined,
    reachingEngines: listed("engine"),
    anonymousAccounts: Number(of("anonymous") ?? 0),
    everybodyHasGlobals: Number(of("everybody") ?? 0) > 0,
    missingRights: killing.some((right) => rights.has(right)) ? missing : [...missing, "CONNECTION ADMIN"],
  };
}

const variables = ["local_infile", "secure_file_priv"].map(
  (name) => `SELECT '${name}' AS name, CAST(@@GLOBAL.${name} AS CHAR) AS value`,
);
const admin = "SELECT 'admin', SUBSTRING_INDEX(CURRENT_USER(), '@', 1)";
const engines = `SELECT 'engine', ENGINE FROM information_schema.ENGINES
  WHERE SUPPORT IN ('YES', 'DEFAULT') AND ENGINE IN (${reaching.map((name) => `'${name}'`).join(", ")})`;
const rights = `SELECT 'right', PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES
  WHERE GRANTEE = CONCAT("'", SUBSTRING_INDEX(CURRENT_USER(), '@', 1), "'@'", SUBSTRING_INDEX(CURRENT_USER(), '@', -1), "'")`;

const onMariaDb = [
  ...variables,
  admin,
  "SELECT 'sql_mode', @@GLOBAL.sql_mode",
  engines,
  rights,
  "SELECT 'anonymous', COUNT(*) FROM mysql.global_priv WHERE User = ''",
  `SELECT 'everybody', COUNT(*) FROM mysql.global_priv
    WHERE User IN ('', 'PUBLIC') AND COALESCE(JSON_VALUE(Priv, '$.access'), 0) <> 0`,
].join(" UNION ALL ");

const onMySql = [
  ...variables,
  admin,
  engines,
  rights,
  "SELECT 'anonymous', COUNT(*) FROM mysql.user WHERE User = ''",
  `SELECT 'everybody', COUNT(*) FROM information_schema.USER_PRIVILEGES
    WHERE GRANTEE LIKE "''@%" AND PRIVILEGE_TYPE <> 'USAGE'`,
].join(" UNION ALL ");
