import { assertNever } from "../../kit/assert-never.ts";
import { tenantAccountHost } from "../../servers/account-recipe.ts";
import { isGeneratedName } from "../../tenants/credentials.ts";
import type { LeakCause } from "./leak-cause.ts";
import { isEverybodys, onlyDatabase } from "./reach.ts";
import type { GrantSight } from "./server-sight.ts";

/** What mends a cause: the job that does it, or the statements. @param statements by which an admin takes the cause away */
export function remedyOf(cause: LeakCause, statements: readonly string[]): string {
  const sql = statements.map((statement) => `${statement};`).join(" ");
  switch (cause.what) {
    case "GRANT":
      return isRepaired(cause.grant)
        ? `Mend it by repairTenants (EXCESS_GRANTS), or by: ${sql}`
        : `Repair leaves it alone, because it is no tenant's. Mend it by: ${sql}`;
    case "ACCOUNT":
      return cause.account.host === tenantAccountHost
        ? "Mend it by repairTenants (CREDENTIALS_MISMATCH), which sets the stored password."
        : `Repair reports it (ORPHAN_USER) and leaves it alone. Mend it by: ${sql}`;
    case "PASSWORD":
      return "Mend it by rotateTenantCredentials, which gives each tenant a password of its own.";
    case "CODE":
      return codeRemedy(isGeneratedName(cause.code.database), statements);
    case "TABLE":
      return tableRemedy(cause.table.how, sql);
    default:
      return assertNever(cause);
  }
}

/** Whether a repair of the tenant that holds it, or that it is a right on, takes it away. */
function isRepaired(grant: GrantSight): boolean {
  if (isGeneratedName(grant.holder)) return true;
  if (!isEverybodys(grant) || grant.level === "GLOBAL") return false;
  const only = onlyDatabase(grant);
  return only === undefined ? grant.database.startsWith("tnt") : isGeneratedName(only);
}

/** A drop comes last: nobody but its author knows what the code does for the application. */
function codeRemedy(isTenants: boolean, [show = "", drop = ""]: readonly string[]): string {
  const look = `Look what it is there for by: ${show};`;
  return isTenants
    ? `${look} Make it anew with the tenant's account as its definer, or, where nobody needs it, mend it by: ${drop};`
    : `Repair leaves it alone, because it is no tenant's. ${look} Where nobody needs it, mend it by: ${drop};`;
}

function tableRemedy(how: "ENGINE" | "DIRECTORY" | "FOREIGN_KEY", sql: string): string {
  if (how === "DIRECTORY") return "Make the tables anew without a folder of their own.";
  return how === "ENGINE" ? `Look what it is there for, then mend it by: ${sql}` : `Mend it by: ${sql}`;
}
