import { canaryNone, canaryTable } from "../../servers/canary.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { GrantSight } from "../../test-runs/isolation/server-sight.ts";
import { quoteAccount, quoteName, quoteObservedName } from "../pools/identifiers.ts";
import { type AttemptSpec, at, type Cast, specsOf } from "./attempt-spec.ts";

/** A name like ours that no account has, and would have been remembered: dropping it tells only whether one might. */
const nobody = "scratchnobodyhasthisname";
/** What no password has for its hash: it shuts the run's own account, and nobody else's. */
const noHash = "'*0000000000000000000000000000000000000000'";

/** What a tenant could do to the server as a whole, and see of it. `victim` is who is asked about by name. */
export function serverWideSpecs(victim: string, cast: Cast): readonly AttemptSpec[] {
  return [...rights(victim, cast), ...roles(cast), ...sights(victim, cast)];
}

/** What is granted goes to the run's own account, and with it. */
function rights(victim: string, { attacker, bystander }: Cast): readonly AttemptSpec[] {
  const grantee = quoteAccount(bystander.databaseName);
  const own = at(attacker.databaseName, canaryTable);
  const others = at(victim, canaryTable);
  const revoking = (table: string) => ({ undo: `REVOKE SELECT ON ${table} FROM ${grantee}` });
  return [
    ...specsOf("GRANTS", victim, [
      ["granting a right on the other's table", `GRANT SELECT ON ${others} TO ${grantee}`, revoking(others)],
    ]),
    ...specsOf("GRANTS", undefined, [
      ["granting a right on its own table", `GRANT SELECT ON ${own} TO ${grantee}`, revoking(own)],
      ["dropping accounts", `DROP USER ${quoteAccount(nobody)}`, { reachedBy: [1396] }],
      ["setting the server's variables", "SET GLOBAL long_query_time = @@GLOBAL.long_query_time"],
      ["dropping links to other servers", `DROP SERVER ${quoteName(canaryNone)}`, { reachedBy: [1477] }],
    ]),
    ...specsOf("ACCOUNT", undefined, [
      ["setting another account's password", `SET PASSWORD FOR ${grantee} = ${noHash}`],
    ]),
  ];
}

function roles({ role }: Cast): readonly AttemptSpec[] {
  return specsOf("ROLES", undefined, [
    ["taking a role", `SET ROLE ${quoteName(role)}`, { undo: "SET ROLE NONE" }],
    [
      "listing the roles it could take",
      "SELECT ROLE_NAME FROM information_schema.APPLICABLE_ROLES",
      { rowsReach: true },
    ],
  ]);
}

function sights(victim: string, { attacker }: Cast): readonly AttemptSpec[] {
  const own = attacker.databaseName;
  const rowsReach = { rowsReach: true };
  const databases = `SELECT SCHEMA_NAME FROM information_schema.SCHEMATA
    WHERE SCHEMA_NAME NOT IN ('information_schema', '${own}') LIMIT 3`;
  const sessions = `SELECT USER FROM information_schema.PROCESSLIST WHERE USER <> '${own}' LIMIT 3`;
  const statements = "SELECT SQL_TEXT FROM performance_schema.events_statements_history LIMIT 1";
  return [
    ...specsOf("VISIBILITY", victim, [["reading another's grants", `SHOW GRANTS FOR ${quoteAccount(victim)}`]]),
    ...specsOf("VISIBILITY", undefined, [
      ["listing databases", databases.replace(/\s+/g, " "), rowsReach],
      ["listing others' sessions", sessions, rowsReach],
      ["reading accounts", "SELECT User FROM mysql.user LIMIT 1"],
      ["reading rights", "SELECT User FROM mysql.db LIMIT 1"],
      ["reading statistics", "SELECT database_name FROM mysql.innodb_table_stats LIMIT 1"],
      ["reading others' threads", "SELECT PROCESSLIST_INFO FROM performance_schema.threads LIMIT 1"],
      ["reading others' statements", statements],
      ["reading others' transactions", "SELECT trx_query FROM information_schema.INNODB_TRX LIMIT 1"],
      ["reading the engine's status", "SHOW ENGINE INNODB STATUS"],
      ["reading the binary log", "SHOW BINLOG EVENTS LIMIT 1", { reachedBy: [1220, 1381] }],
    ]),
  ];
}

/** Tries rights on others' tables that its account has in the server's own books; no row is read. */
export function strangeSpecs(strange: readonly GrantSight[]): readonly AttemptSpec[] {
  return strange.flatMap(({ level, database, object, privileges }): readonly AttemptSpec[] => {
    if (level !== "TABLE" || !isGeneratedName(database) || !privileges.includes("SELECT")) return [];
    const sql = `SELECT 1 FROM ${quoteName(database)}.${quoteObservedName(object)} LIMIT 0`;
    return specsOf("CROSS_READ", database, [["reading a table that it was given", sql]]);
  });
}
