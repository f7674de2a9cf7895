import { InvalidInput } from "../kit/domain-error.ts";
import { hostnamePrefix } from "./hostname.ts";
import type { Label, Tenant } from "./tenant.ts";
import type { TenantFilter } from "./tenant-store.ts";

const maxValues = 1_000;
const maxSearchLength = 253;
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

/** What a filter is held against beside the tenant itself. */
export interface TenantFacets {
  readonly labels: readonly Label[];
  readonly hostnames: readonly string[];
}

/** A filter that a store can be asked with. @param field where it stands, e.g. `["filter"]` @throws InvalidInput */
export function parseTenantFilter(filter: TenantFilter, field: readonly string[]): TenantFilter {
  for (const name of ["ids", "slugs", "statuses", "schemaVersions", "labels"] as const) {
    if ((filter[name]?.length ?? 0) > maxValues) {
      throw new InvalidInput(`At most ${maxValues} values.`, { field: [...field, name] });
    }
  }
  const search = filter.search?.trim();
  if (search !== undefined && ([...search].length > maxSearchLength || unprintable.test(search))) {
    throw new InvalidInput(`A search has at most ${maxSearchLength} printable characters.`, {
      field: [...field, "search"],
    });
  }
  // Neither narrows anything: every tenant begins with nothing, and has all of no labels.
  const labels = filter.labels?.length === 0 ? undefined : filter.labels;
  return { ...filter, labels, search: search === "" ? undefined : search };
}

/** Whether a filter asks for more than the tenant's own row shows. */
export function needsFacets(filter: TenantFilter): boolean {
  return (filter.labels?.length ?? 0) > 0 || filter.search !== undefined;
}

/** What the tenant's own row says to a filter; labels and search are left open. */
export function rowMatches(filter: TenantFilter, tenant: Tenant): boolean {
  const { ids, slugs, statuses, serverId, schemaVersions } = filter;
  if (ids && !ids.includes(tenant.id)) return false;
  if (slugs && !slugs.includes(tenant.slug)) return false;
  if (statuses ? !statuses.includes(tenant.status) : tenant.status === "DELETED") return false;
  if (serverId !== undefined && tenant.serverId !== serverId) return false;
  return !schemaVersions || (tenant.schemaVersion !== undefined && schemaVersions.includes(tenant.schemaVersion));
}

/** Whether a tenant with these labels and host names is one that the filter means: what a list with it would show. */
export function matches(filter: TenantFilter, tenant: Tenant, facets: TenantFacets): boolean {
  if (!rowMatches(filter, tenant)) return false;
  const has = (wanted: Label) => facets.labels.some(({ key, value }) => key === wanted.key && value === wanted.value);
  if (filter.labels && !filter.labels.every(has)) return false;
  const { search } = filter;
  if (search === undefined) return true;
  const hostname = hostnamePrefix(search);
  if (hostname !== undefined && facets.hostnames.some((name) => name.startsWith(hostname))) return true;
  return tenant.slug.startsWith(search.toLowerCase()) || folded(tenant.name).startsWith(folded(search));
}

/** Without case and accents, as the registry compares names. */
export function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
