import { canaryNone, canaryTable } from "../../servers/canary.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { GrantSight } from "../../test-runs/isolation/server-sight.ts";
import { quoteAccount, quoteName, quoteObservedName } from "../pools/identifiers.ts";
import { type AttemptSpec, at, type Cast } from "./attempt-specs.ts";

/** A name like ours that no account has, and would have been remembered: dropping it tells only whether one might. */
const nobody = "scratchnobodyhasthisname";

/** What a tenant could do to the server as a whole, and see of it. `victim` is who is asked about by name. */
export function serverWideSpecs(victim: string, cast: Cast): readonly AttemptSpec[] {
  return [...rights(victim, cast), ...sights(victim, cast)];
}

function rights(victim: string, { attacker, bystander, role }: Cast): readonly AttemptSpec[] {
  const grantee = quoteAccount(bystander.databaseName);
  return [
    {
      check: "GRANTS",
      route: "granting a right on its own table",
      sql: `GRANT SELECT ON ${at(attacker.databaseName, canaryTable)} TO ${grantee}`,
      undo: `REVOKE SELECT ON ${at(attacker.databaseName, canaryTable)} FROM ${grantee}`,
    },
    {
      check: "GRANTS",
      route: "granting a right on the other's table",
      sql: `GRANT SELECT ON ${at(victim, canaryTable)} TO ${grantee}`,
      victim,
      undo: `REVOKE SELECT ON ${at(victim, canaryTable)} FROM ${grantee}`,
    },
    {
      check: "GRANTS",
      route: "dropping accounts",
      sql: `DROP USER ${quoteAccount(nobody)}`,
      reachedBy: [1396],
    },
    {
      check: "GRANTS",
      route: "setting the server's variables",
      sql: "SET GLOBAL long_query_time = @@GLOBAL.long_query_time",
    },
    {
      check: "GRANTS",
      route: "dropping links to other servers",
      sql: `DROP SERVER ${quoteName(canaryNone)}`,
      reachedBy: [1477],
    },
    { check: "ROLES", route: "taking a role", sql: `SET ROLE ${quoteName(role)}`, undo: "SET ROLE NONE" },
    {
      check: "ROLES",
      route: "listing the roles it could take",
      sql: "SELECT ROLE_NAME FROM information_schema.APPLICABLE_ROLES",
      rowsReach: true,
    },
    {
      check: "ACCOUNT",
      route: "setting another account's password",
      // Its own hash is not known here; one that no password has shuts the run's own account, and nobody else's.
      sql: `SET PASSWORD FOR ${grantee} = '*0000000000000000000000000000000000000000'`,
    },
  ];
}

function sights(victim: string, { attacker }: Cast): readonly AttemptSpec[] {
  const check = "VISIBILITY";
  return [
    { check, route: "reading another's grants", sql: `SHOW GRANTS FOR ${quoteAccount(victim)}`, victim },
    {
      check,
      route: "listing databases",
      sql: `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME NOT IN ('information_schema', '${attacker.databaseName}') LIMIT 3`,
      rowsReach: true,
    },
    {
      check,
      route: "listing others' sessions",
      sql: `SELECT USER FROM information_schema.PROCESSLIST WHERE USER <> '${attacker.databaseName}' LIMIT 3`,
      rowsReach: true,
    },
    { check, route: "reading accounts", sql: "SELECT User FROM mysql.user LIMIT 1" },
    { check, route: "reading rights", sql: "SELECT User FROM mysql.db LIMIT 1" },
    { check, route: "reading statistics", sql: "SELECT database_name FROM mysql.innodb_table_stats LIMIT 1" },
    {
      check,
      route: "reading others' threads",
      sql: "SELECT PROCESSLIST_INFO FROM performance_schema.threads LIMIT 1",
    },
    {
      check,
      route: "reading others' statements",
      sql: "SELECT SQL_TEXT FROM performance_schema.events_statements_history LIMIT 1",
    },
    {
      check,
      route: "reading others' transactions",
      sql: "SELECT trx_query FROM information_schema.INNODB_TRX LIMIT 1",
    },
    { check, route: "reading the engine's status", sql: "SHOW ENGINE INNODB STATUS" },
    { check, route: "reading the binary log", sql: "SHOW BINLOG EVENTS LIMIT 1", reachedBy: [1220, 1381] },
  ];
}

/** Tries rights on others' tables and routines that its account has in the server's own books; nothing is read or run. */
export function strangeSpecs(strange: readonly GrantSight[]): readonly AttemptSpec[] {
  return strange.flatMap(({ level, database, object, privileges }): readonly AttemptSpec[] => {
    if (level !== "TABLE" || !isGeneratedName(database) || !privileges.includes("SELECT")) return [];
    const table = `${quoteName(database)}.${quoteObservedName(object)}`;
    const route = "reading a table that it was given";
    return [{ check: "CROSS_READ", route, sql: `SELECT 1 FROM ${table} LIMIT 0`, victim: database }];
  });
}
