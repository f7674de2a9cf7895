import { DomainError } from "../../kit/domain-error.ts";
import { ServerTrouble } from "../../servers/server-trouble.ts";
import { CredentialUnreadable, type TenantTurn } from "./tenant-turn.ts";

/** The tenant has no account that could be locked. */
export class AccountMissing extends DomainError {
  readonly code = "MISSING_USER";
}

/** What was locked lets somebody in all the same. */
export class AccountOpen extends DomainError {
  readonly code = "STATUS_INCONSISTENT";
  override readonly retryable = true;
}

/** Locks the tenant out: no log-in any more, and no session that was in before. @returns how many account rows there are */
export async function closeAccount(turn: TenantTurn): Promise<number> {
  turn.says("locking", "Locking the account.");
  const rows = await turn.work((server) => server.lockAccount(turn.name));
  await turn.passed("locked");
  turn.says("ending sessions", "Ending its sessions.");
  await turn.work((server) => server.endSessions(turn.name));
  await turn.passed("ended");
  return rows;
}

/** Looks whether the tenant is locked out, and tries to log in. @throws AccountMissing, AccountOpen, ServerTrouble */
export async function verifyClosed(turn: TenantTurn): Promise<void> {
  turn.says("verifying", "Trying to log in.");
  const seen = await turn.work((server) => server.look(turn.name));
  const accounts = seen.accounts.get(turn.name) ?? [];
  if (accounts.length === 0) throw new AccountMissing("The tenant has no account on its server.");
  if (accounts.some(({ locked }) => !locked)) throw new AccountOpen("An account of the tenant is not locked.");
  if (await letsIn(turn)) throw new AccountOpen("The tenant could log in although its account is locked.");
  await turn.passed("verified");
}

async function letsIn(turn: TenantTurn): Promise<boolean> {
  try {
    await turn.logIn(await turn.password());
    return true;
  } catch (error) {
    // Whoever does not know the password any more is not let in either; that it is locked was seen.
    const refused = ["ACCOUNT_LOCKED", "WRONG_CREDENTIALS"];
    if (error instanceof ServerTrouble && refused.includes(error.code)) return false;
    if (error instanceof CredentialUnreadable) return false;
    throw error;
  }
}
