import { and, eq } from "drizzle-orm";
import type { TenantId } from "../../kit/ids.ts";
import type { TenantChange } from "../../tenants/tenant-store.ts";
import type { Orm } from "../database.ts";
import { domains } from "../tables/domains.ts";
import { findings } from "../tables/findings.ts";
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
  // Nobody will look at the tenant again: what is still open of it would stay so for ever.
  const open = and(eq(findings.tenantId, tenantId), eq(findings.isOpen, true));
  await tx.update(findings).set({ isOpen: false }).where(open);
  await tx.update(tenants).set({ password: "" }).where(eq(tenants.id, tenantId));
  return { labelsBefore, hostnamesBefore: named.map(({ hostname }) => hostname) };
}
