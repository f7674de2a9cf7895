import type { Secret } from "../../kit/secret.ts";
import { OwnershipMismatch } from "../database-invariant.ts";
import type { TenantTurn } from "./tenant-turn.ts";

/** Lets the tenant in by this password and no other. */
export async function openAccount(turn: TenantTurn, password: Secret): Promise<void> {
  await turn.work((server) => server.setAccount(turn.name, password));
}

/** Logs in as the tenant. @throws OwnershipMismatch, ServerTrouble */
export async function verifyOpen(turn: TenantTurn, password: Secret): Promise<void> {
  turn.says("verifying", "Logging in as the tenant.");
  const owner = await turn.logIn(password);
  if (owner === turn.tenant.id) return;
  throw new OwnershipMismatch("The database that the account reaches does not belong to the tenant.");
}
