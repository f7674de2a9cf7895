import { assertNever } from "../../kit/assert-never.ts";
import type { LeakCause } from "../../test-runs/isolation/leak-cause.ts";
import type { GrantSight, TableSight } from "../../test-runs/isolation/server-sight.ts";
import { quoteObservedName } from "../pools/identifiers.ts";
import { listed, quoteHolder, revokeSql } from "../provisioning/revoke-sql.ts";
import { unnamedPrivileges } from "./global-privileges.ts";

/**
 * The statements by which an admin takes a cause away, for people to read; none where it takes more than a statement. Code's text is
 * shown first, since a drop loses it. Names come from the server.
 */
export function removalSql(cause: LeakCause): readonly string[] {
  switch (cause.what) {
    case "GRANT":
      return revoking(cause.grant);
    case "ACCOUNT": {
      const { name, host } = cause.account;
      return [`DROP USER ${quoteObservedName(name)}@${quoteObservedName(host)}`];
    }
    case "PASSWORD":
      return [];
    case "CODE": {
      const { kind, database, name } = cause.code;
      const code = `${kind} ${quoteObservedName(database)}.${quoteObservedName(name)}`;
      return [`SHOW CREATE ${code}`, `DROP ${code}`];
    }
    case "TABLE":
      return parting(cause.table);
    default:
      return assertNever(cause);
  }
}

function revoking(grant: GrantSight): readonly string[] {
  const { holder, host, level, privileges } = grant;
  if (level !== "GLOBAL" || privileges.includes(unnamedPrivileges)) {
    const grants = privileges.some((privilege) => privilege.startsWith("GRANT"));
    return revokeSql(holder, grant).filter((sql) => grants || !sql.startsWith("REVOKE GRANT OPTION"));
  }
  // One by one, so that it can be read what goes.
  return [`REVOKE ${listed(privileges)} ON *.* FROM ${quoteHolder(holder, host)}`];
}

function parting({ how, database, name, constraint }: TableSight): readonly string[] {
  const table = `${quoteObservedName(database)}.${quoteObservedName(name)}`;
  switch (how) {
    case "FOREIGN_KEY":
      return constraint === undefined ? [] : [`ALTER TABLE ${table} DROP FOREIGN KEY ${quoteObservedName(constraint)}`];
    case "ENGINE":
      return [`DROP TABLE ${table}`];
    case "DIRECTORY":
      return [];
    default:
      return assertNever(how);
  }
}
