import { assertNever } from "../../kit/assert-never.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";
import { quoteAccount } from "../pools/identifiers.ts";
import { isMeant, type MeantNames } from "./meant-names.ts";

/** Where MariaDB and MySQL differ in what we say to them of accounts. */
export interface AccountDialect {
  /** @param hash of mysql_native_password, bound */
  readonly createAccount: (name: string, maxConnections: number, locked: boolean) => string;
  /** Sets password and limits, and locks or unlocks; TLS that is asked for stays so. @param hash bound, as above */
  readonly setAccount: (name: string, maxConnections: number, locked: boolean) => string;
  /**
   * The statement, unless it begins on the server after an instant: then it signals. Once begun it may
   * still take effect a second behind the instant, and is interrupted then (1969). @param instant bound, before the statement's own
   * values. Absent where the server has no compound statements outside of stored code.
   */
  readonly unlessAfter?: (statement: string) => string;
  /** Rows `{ name, host, locked, plugin, hash, ways, maxConnections, limits, tls, globals }`. `ways`: further ways to log in, and whether the password has expired. */
  readonly accounts: (names: MeantNames) => string;
  /** Rows `{ level, name, host, databaseName, object, privileges }`: what these accounts have, and what others have on what is theirs. */
  readonly otherGrants: (names: MeantNames | "ANYBODY") => string;
}

/** Limits that a tenant's account does not have, and the columns that hold them. */
const hourly = [
  ["MAX_QUERIES_PER_HOUR", "max_questions"],
  ["MAX_UPDATES_PER_HOUR", "max_updates"],
  ["MAX_CONNECTIONS_PER_HOUR", "max_connections"],
] as const;
const noHourlyLimits = hourly.map(([limit]) => `${limit} 0`).join(" ");

/**
 * For the block as a whole: within one the limit has no effect, and `lock_wait_timeout` has none on the tables of accounts, for which
 * CREATE USER and ALTER USER wait as long as a dump or a backup holds them.
 */
const unlessAfterSeconds = 1;

const mariaDb: AccountDialect = {
  createAccount: (name, max, locked) =>
    `CREATE USER ${quoteAccount(name)} IDENTIFIED BY PASSWORD ? WITH MAX_USER_CONNECTIONS ${max} ${lockOf(locked)}`,
  setAccount: (name, max, locked) =>
    `ALTER USER ${quoteAccount(name)} IDENTIFIED BY PASSWORD ? WITH ${noHourlyLimits} MAX_STATEMENT_TIME 0 MAX_USER_CONNECTIONS ${max} ${lockOf(locked)}`,
  unlessAfter: (statement) =>
    `SET STATEMENT max_statement_time = ${unlessAfterSeconds} FOR BEGIN NOT ATOMIC IF UTC_TIMESTAMP(6) > CAST(? AS DATETIME(6)) THEN SIGNAL SQLSTATE '45000'; END IF; ${statement}; END`,
  accounts: (names) => `SELECT User AS name, Host AS host,
    COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) = 1 AS locked,
    JSON_VALUE(Priv, '$.plugin') AS plugin, JSON_VALUE(Priv, '$.authentication_string') AS hash,
    GREATEST(COALESCE(JSON_LENGTH(Priv, '$.auth_or'), 0), 1) - 1 + COALESCE(JSON_VALUE(Priv, '$.password_last_changed') = 0, 0) AS ways,
    COALESCE(JSON_VALUE(Priv, '$.max_user_connections'), 0) AS maxConnections,
    ${limitsOf((field) => `COALESCE(JSON_VALUE(Priv, '$.${field}'), 0)`, [...hourly, ["MAX_STATEMENT_TIME", "max_statement_time"]])} AS limits,
    IF(COALESCE(JSON_VALUE(Priv, '$.ssl_type'), 0) = 0, '', ELT(JSON_VALUE(Priv, '$.ssl_type'), 'REQUIRE SSL', 'REQUIRE X509', 'REQUIRE …')) AS tls,
    IF(COALESCE(JSON_VALUE(Priv, '$.access'), 0) = 0, '', 'GLOBAL PRIVILEGES') AS globals
    FROM mysql.global_priv WHERE ${isMeant("User", names)}`,
  otherGrants: otherGrantsWith(
    (names) => `SELECT 'ROLE', User, Host, '', Role, 'ROLE' FROM mysql.roles_mapping WHERE ${isMeant("User", names)}`,
  ),
};

/** Written from the manual and not yet tried against a MySQL server. It needs mysql_native_password, which MySQL 9 no longer has. */
const mySql: AccountDialect = {
  createAccount: (name, max, locked) =>
    `CREATE USER ${quoteAccount(name)} IDENTIFIED WITH mysql_native_password AS ? WITH MAX_USER_CONNECTIONS ${max} ${lockOf(locked)}`,
  setAccount: (name, max, locked) =>
    `ALTER USER ${quoteAccount(name)} IDENTIFIED WITH mysql_native_password AS ? WITH ${noHourlyLimits} MAX_USER_CONNECTIONS ${max} ${lockOf(locked)}`,
  // What all rights of an account are called is longer than the kilobyte at which texts are cut.
  accounts: (
    names,
  ) => `SELECT /*+ SET_VAR(group_concat_max_len = 65536) */ User AS name, Host AS host, account_locked = 'Y' AS locked, plugin,
    authentication_string AS hash, password_expired = 'Y' AS ways, max_user_connections AS maxConnections,
    ${limitsOf((field) => field, hourly)} AS limits, IF(ssl_type = '', '', CONCAT('REQUIRE ', ssl_type)) AS tls,
    COALESCE((SELECT GROUP_CONCAT(privilege_type) FROM information_schema.USER_PRIVILEGES
      WHERE GRANTEE = CONCAT("'", User, "'@'", Host, "'") AND privilege_type <> 'USAGE'), '') AS globals
    FROM mysql.user WHERE ${isMeant("User", names)}`,
  otherGrants: otherGrantsWith(
    (names) =>
      `SELECT 'ROLE', TO_USER, TO_HOST, '', CONCAT(FROM_USER, '@', FROM_HOST), 'ROLE' FROM mysql.role_edges WHERE ${isMeant("TO_USER", names)}`,
  ),
};

/** What to say to a server of this engine. */
export function accountDialect(engine: DatabaseEngine): AccountDialect {
  switch (engine) {
    case "MARIADB":
      return mariaDb;
    case "MYSQL":
      return mySql;
    default:
      return assertNever(engine);
  }
}

/** An expression: the limits that are set, with their values. */
function limitsOf(fieldOf: (field: string) => string, limits: readonly (readonly [string, string])[]): string {
  const shown = limits.map(
    ([limit, field]) => `IF(${fieldOf(field)} = 0, NULL, CONCAT('${limit} ', ${fieldOf(field)}))`,
  );
  return `CONCAT_WS(', ', ${shown.join(", ")})`;
}

function lockOf(locked: boolean): string {
  return locked ? "ACCOUNT LOCK" : "ACCOUNT UNLOCK";
}

function otherGrantsWith(roles: (names: MeantNames | "ANYBODY") => string): AccountDialect["otherGrants"] {
  return (names) => {
    const theirs = `(${isMeant("User", names)} OR ${isMeant("Db", names)})`;
    return `SELECT 'TABLE' AS level, User AS name, Host AS host, Db AS databaseName, Table_name AS object,
      CONCAT_WS(',', Table_priv, Column_priv) AS privileges FROM mysql.tables_priv WHERE ${theirs}
    UNION ALL SELECT 'TABLE', User, Host, Db, Table_name, Column_priv FROM mysql.columns_priv WHERE ${theirs}
    UNION ALL SELECT Routine_type, User, Host, Db, Routine_name, Proc_priv FROM mysql.procs_priv WHERE ${theirs}
    UNION ALL ${roles(names)}
    UNION ALL SELECT 'PROXY', User, Host, '', CONCAT(Proxied_user, '@', Proxied_host), 'PROXY' FROM mysql.proxies_priv
      WHERE ${isMeant("User", names)} OR ${isMeant("Proxied_user", names)}`;
  };
}
