import { InvalidState } from "../kit/domain-error.ts";
import type { TenantId } from "../kit/ids.ts";
import { TenantBusy, type TenantStore } from "./tenant-store.ts";

/**
 * Refuses while the tenant's password is being changed: which of two counts, only the rotation knows how to find out.
 * @throws TenantBusy, InvalidState when the rotation waits for being taken up again
 */
export async function refuseUnfinishedRotation(store: Pick<TenantStore, "rotationOf">, id: TenantId): Promise<void> {
  const rotation = await store.rotationOf(id);
  if (!rotation) return;
  if (rotation.jobId !== undefined) throw new TenantBusy(rotation.jobId);
  throw new InvalidState("A change of the tenant's password is not finished yet; it goes on by itself.", {
    field: ["input", "id"],
  });
}
