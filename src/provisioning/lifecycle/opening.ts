import type { Secret } from "../../kit/secret.ts";
import { OwnershipMismatch } from "../database-invariant.ts";
import type { TenantTurn } from "./tenant-turn.ts";

/** Much longer than two statements take, and much shorter than it takes that somebody else has a job and brings it to its end. */
const inTimeMs = 2_000;

/** Lets the tenant in by this password and no other. */
export async function openAccount(turn: TenantTurn, password: Secret): Promise<void> {
  await turn.work((server) => server.setAccount(turn.name, password));
}

/**
 * The same for a password that may be nobody's by the time that the server hears of it. A process can be paused between any two
 * steps; one that is paused for longer than this sets nothing any more, and one that was paused before has no lease.
 * @param held a write that only the lease's holder can do, and the password that it found @throws TooLate, LeaseLost
 */
export function openAccountInTime(turn: TenantTurn, held: () => Promise<Secret>): Promise<Secret> {
  return turn.work(async (server) => {
    const until = await server.instantAfter(inTimeMs);
    const password = await held();
    await server.setAccountUntil(until, turn.name, password);
    return password;
  });
}

/** Logs in as the tenant. @throws OwnershipMismatch, ServerTrouble */
export async function verifyOpen(turn: TenantTurn, password: Secret): Promise<void> {
  turn.says("verifying", "Logging in as the tenant.");
  const owner = await turn.logIn(password);
  if (owner === turn.tenant.id) return;
  throw new OwnershipMismatch("The database that the account reaches does not belong to the tenant.");
}
