import { hostnamePrefix } from "../../../src/tenants/hostname.ts";
import type { Tenant } from "../../../src/tenants/tenant.ts";
import type { TenantFilter } from "../../../src/tenants/tenant-store.ts";
import type { FakeRegistry } from "./fake-registry.ts";

/** Tenants that the filter means, in no order. */
export function matching(registry: FakeRegistry, filter: TenantFilter): Tenant[] {
  const { ids, slugs, statuses, serverId, schemaVersions, labels = [], search } = filter;
  const one = <T>(list: readonly T[] | undefined, value: T) => list?.includes(value) ?? true;
  return [...registry.tenants.values()]
    .filter(({ tenant }) => (statuses ? statuses.includes(tenant.status) : tenant.status !== "DELETED"))
    .filter(({ tenant }) => one(ids, tenant.id) && one(slugs, tenant.slug))
    .filter(({ tenant }) => serverId === undefined || tenant.serverId === serverId)
    .filter(({ tenant: { schemaVersion } }) => !schemaVersions || schemaVersions.some((tag) => tag === schemaVersion))
    .filter((entry) =>
      labels.every(({ key, value }) => entry.labels.some((own) => own.key === key && own.value === value)),
    )
    .filter(({ tenant }) => !search || begins(registry, tenant, search))
    .map(({ tenant }) => tenant);
}

/** Without case and accents, as names are compared. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function begins(registry: FakeRegistry, { id, slug, name }: Tenant, search: string): boolean {
  const own = [...registry.domains.values()].filter(({ tenantId }) => tenantId === id);
  const hostname = hostnamePrefix(search);
  if (hostname !== undefined && own.some((domain) => domain.hostname.startsWith(hostname))) return true;
  return slug.startsWith(search.toLowerCase()) || folded(name).startsWith(folded(search));
}
