import { eq } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantChange } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { domains } from "../tables/domains.ts";
import { pendingPasswords } from "../tables/pending-passwords.ts";
import { tenantHealth } from "../tables/tenant-health.ts";
import { tenantLabels } from "../tables/tenant-labels.ts";
import { tenants } from "../tables/tenants.ts";
import { replaceLabels } from "./tenant-admission.ts";

/** Takes everything from a locked tenant that its tombstone does not need: secrets, domains, labels, health. */
export async function eraseTenant(
  tx: Orm,
  tenantId: TenantId,
): Promise<Pick<TenantChange, "labelsBefore" | "hostnamesBefore">> {
  const named = await tx.select({ hostname: domains.hostname }).from(domains).where(eq(domains.tenantId, tenantId));
  const labelsBefore = await replaceLabels(tx, tenantId, []);
  for (const table of [domains, tenantLabels, tenantHealth, pendingPasswords]) {
    await tx.delete(table).where(eq(table.tenantId, tenantId));
  }
  await tx.update(tenants).set({ password: "" }).where(eq(tenants.id, tenantId));
  return { labelsBefore, hostnamesBefore: named.map(({ hostname }) => hostname) };
}
