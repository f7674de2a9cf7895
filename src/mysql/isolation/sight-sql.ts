import { assertNever } from "../../kit/assert-never.ts";
import type { DatabaseEngine } from "../../servers/database-server.ts";

/** Rows `{ name, host, plugin, hash, ways, locked, isRole, globals, defaultRole }` of every account and role; `globals` is for `globalPrivileges`. */
export function accountsSql(engine: DatabaseEngine): string {
  switch (engine) {
    case "MARIADB":
      return `SELECT User AS name, Host AS host, JSON_VALUE(Priv, '$.plugin') AS plugin,
        JSON_VALUE(Priv, '$.authentication_string') AS hash, COALESCE(JSON_LENGTH(Priv, '$.auth_or'), 0) AS ways,
        COALESCE(JSON_VALUE(Priv, '$.account_locked'), 0) = 1 AS locked,
        COALESCE(JSON_VALUE(Priv, '$.is_role'), 0) = 1 AS isRole,
        COALESCE(JSON_VALUE(Priv, '$.access'), 0) AS globals,
        NULLIF(JSON_VALUE(Priv, '$.default_role'), '') AS defaultRole FROM mysql.global_priv`;
    case "MYSQL":
      // What all rights of an account are called is longer than the kilobyte at which texts are cut.
      return `SELECT /*+ SET_VAR(group_concat_max_len = 65536) */
        User AS name, Host AS host, plugin, authentication_string AS hash, 0 AS ways,
        account_locked = 'Y' AS locked, 0 AS isRole,
        COALESCE((SELECT GROUP_CONCAT(PRIVILEGE_TYPE) FROM information_schema.USER_PRIVILEGES
          WHERE GRANTEE = CONCAT("'", User, "'@'", Host, "'") AND PRIVILEGE_TYPE <> 'USAGE'), '') AS globals,
        (SELECT MIN(DEFAULT_ROLE_USER) FROM mysql.default_roles d WHERE d.USER = u.User AND d.HOST = u.Host) AS defaultRole
        FROM mysql.user u`;
    default:
      return assertNever(engine);
  }
}

/** The server's own. */
const systemDatabases = "('mysql', 'sys', 'information_schema', 'performance_schema')";
/** An account called like the database is the tenant's own, whose rights lead nowhere else. */
const notByOwner = (database: string) =>
  `DEFINER <> CONCAT(${database}, '@%') AND ${database} NOT IN ${systemDatabases}`;

/** Rows `{ kind, databaseName, name, definer, body }` of stored code that runs with the rights of somebody else than its database's owner. */
export const codeSql = [
  `SELECT 'VIEW' AS kind, TABLE_SCHEMA AS databaseName, TABLE_NAME AS name, DEFINER AS definer, VIEW_DEFINITION AS body
    FROM information_schema.VIEWS WHERE SECURITY_TYPE = 'DEFINER' AND ${notByOwner("TABLE_SCHEMA")}`,
  `SELECT ROUTINE_TYPE AS kind, ROUTINE_SCHEMA AS databaseName, ROUTINE_NAME AS name, DEFINER AS definer, ROUTINE_DEFINITION AS body
    FROM information_schema.ROUTINES WHERE SECURITY_TYPE = 'DEFINER' AND ${notByOwner("ROUTINE_SCHEMA")}`,
  `SELECT 'TRIGGER' AS kind, TRIGGER_SCHEMA AS databaseName, TRIGGER_NAME AS name, DEFINER AS definer, ACTION_STATEMENT AS body
    FROM information_schema.TRIGGERS WHERE ${notByOwner("TRIGGER_SCHEMA")}`,
  `SELECT 'EVENT' AS kind, EVENT_SCHEMA AS databaseName, EVENT_NAME AS name, DEFINER AS definer, EVENT_DEFINITION AS body
    FROM information_schema.EVENTS WHERE ${notByOwner("EVENT_SCHEMA")}`,
] as const;

/** Engines whose tables can lie on other tables, in files or on other servers. */
const reaching = "('MRG_MyISAM', 'MRG_MYISAM', 'FEDERATED', 'CONNECT', 'SPIDER', 'S3', 'SPHINX', 'OQGRAPH')";

/** Rows `{ databaseName, name, engine }` of tables of such engines in our databases: their definitions are read one by one, there being hardly any. */
export const engineTablesSql = `SELECT TABLE_SCHEMA AS databaseName, TABLE_NAME AS name, ENGINE AS engine
  FROM information_schema.TABLES WHERE TABLE_SCHEMA REGEXP '^tnt[a-z0-9]{6,27}$' AND ENGINE IN ${reaching}`;

/** Rows `{ databaseName, name, folder }` of tables in our databases whose data lies elsewhere. */
export const elsewhereSql = `SELECT TABLE_SCHEMA AS databaseName, TABLE_NAME AS name,
    SUBSTRING_INDEX(SUBSTRING_INDEX(CREATE_OPTIONS, 'DIRECTORY=''', -1), '''', 1) AS folder
  FROM information_schema.TABLES
  WHERE TABLE_SCHEMA REGEXP '^tnt[a-z0-9]{6,27}$' AND ENGINE IN ('MyISAM', 'Aria') AND CREATE_OPTIONS LIKE '%DIRECTORY=%'`;

/** Rows `{ databaseName, name, target, constraintName }` of foreign keys from one of our databases into another database; both as `database/table`. */
export function foreignKeysSql(engine: DatabaseEngine): string {
  const table = engine === "MARIADB" ? "INNODB_SYS_FOREIGN" : "INNODB_FOREIGN";
  const database = (of: string) => named(engine, `SUBSTRING_INDEX(${of}, '/', 1)`);
  const name = (of: string) => named(engine, `SUBSTRING_INDEX(${of}, '/', -1)`);
  return `SELECT ${database("FOR_NAME")} AS databaseName, ${name("FOR_NAME")} AS name,
      CONCAT(${database("REF_NAME")}, '.', ${name("REF_NAME")}) AS target,
      SUBSTRING(ID, LOCATE('/', ID) + 1) AS constraintName
    FROM information_schema.${table}
    WHERE SUBSTRING_INDEX(FOR_NAME, '/', 1) <> SUBSTRING_INDEX(REF_NAME, '/', 1)
      AND SUBSTRING_INDEX(FOR_NAME, '/', 1) REGEXP '^tnt[a-z0-9]{6,27}$'`;
}

/** InnoDB calls databases and tables as their files are called: `my@002dtable`. MySQL keeps that charset to itself. */
function named(engine: DatabaseEngine, file: string): string {
  if (engine === "MYSQL") return file;
  return `CONVERT(CONVERT(CAST(${file} AS BINARY) USING filename) USING utf8mb4)`;
}
