import type { Finding } from "../finding.ts";
import type { ContentsSeen } from "./server-survey.ts";

/**
 * Code in a tenant's database that would do for the tenant what another account may. It is reported and left as it is: what it does
 * for the application, nobody but its author knows. Whose rights they are stays unsaid. Pure.
 */
export function codeFindings({ strangersCode }: ContentsSeen): readonly Finding[] {
  return strangersCode.map(({ what, name }) => ({
    kind: "EXCESS_GRANTS",
    severity: "CRITICAL",
    object: name,
    message: `The ${what.toLowerCase()} runs with the rights of another account, and the tenant can make it run.`,
    expected: `${what} with the rights of the tenant's account`,
    actual: `${what} with the rights of another account`,
  }));
}
