import { DomainError } from "../../kit/domain-error.ts";
import { SecretUnreadable } from "../../kit/secret-box.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import type { ProbedTenant, Verdict } from "../test-run.ts";
import type { LoginSight } from "./tenant-login.ts";

/** Why an attempt did not pass. Code and message are public. */
export interface ConnectionFailure {
  readonly verdict: Exclude<Verdict, "PASS">;
  readonly code: string;
  readonly message: string;
  /** Whether another attempt may go better. */
  readonly again: boolean;
  /** Set when the log-in succeeded, and led to the wrong place. */
  readonly seen?: LoginSight | undefined;
}

/** The server does not answer anybody: nothing is said of its tenants. */
export const serverGone: ConnectionFailure = {
  verdict: "INCONCLUSIVE",
  code: "UNREACHABLE",
  message: "The database server did not answer, not even its admin.",
  again: false,
};

/** Whether it is silence on the line, which the tenant or the server may be the cause of. What the server itself said has an errno. */
export function isSilence(error: unknown): boolean {
  return error instanceof ServerTrouble && error.code === "UNREACHABLE" && error.errno === undefined;
}

/** Silence towards a tenant while the server answers its admin. */
export function tenantSilence(elapsedMs: number, timeoutMs: number): ConnectionFailure {
  const timedOut = elapsedMs >= timeoutMs * 0.9;
  return {
    verdict: "FAIL",
    code: timedOut ? "TIMEOUT" : "CONNECTION_LOST",
    message: timedOut
      ? `No answer within ${timeoutMs} ms, while the server answers its admin.`
      : "The connection broke, while the server answers its admin.",
    again: true,
  };
}

/** What an error means that is not silence: the server's refusal of the tenant, or trouble of our own, which is no verdict. */
export function failureOf(error: unknown): ConnectionFailure | undefined {
  if (error instanceof SecretUnreadable) {
    const message = "The stored credential cannot be read with the configured keys.";
    return { verdict: "INCONCLUSIVE", code: "SECRET_UNREADABLE", message, again: false };
  }
  if (!(error instanceof DomainError)) return undefined;
  const says = error instanceof ServerTrouble && error.code !== "UNREACHABLE" ? "FAIL" : "INCONCLUSIVE";
  return { verdict: says, code: error.code, message: error.message, again: error.retryable };
}

/** What is wrong with where the log-in led to, if anything. */
export function mismatchOf(tenant: ProbedTenant, seen: LoginSight): ConnectionFailure | undefined {
  const refuse = (code: string, message: string): ConnectionFailure => ({
    verdict: "FAIL",
    code,
    message,
    again: false,
    seen,
  });
  if (seen.database !== tenant.databaseName) {
    return refuse("DATABASE_MISMATCH", "The log-in led to another database than the registry names.");
  }
  if (seen.account !== `${tenant.databaseName}@%`) {
    return refuse("ACCOUNT_MISMATCH", "The server took the log-in for another account than the tenant's.");
  }
  if (seen.owner === undefined) {
    return refuse("OWNERSHIP_MISMATCH", "The database carries no ownership marker.");
  }
  if (seen.owner !== tenant.id) {
    return refuse("OWNERSHIP_MISMATCH", "The database's ownership marker names another tenant.");
  }
  return undefined;
}
