import type { LabelInput, TenantFilter, TenantOrder, TenantOrderField, TenantStatus } from "../gql/graphql.ts";

/** What the tenants page shows, as it stands in the page's address. */
export interface TenantQuery {
  readonly search: string;
  readonly statuses: readonly TenantStatus[];
  readonly version: string | undefined;
  readonly serverId: string | undefined;
  /** Each as `key=value`. */
  readonly labels: readonly string[];
  /** Left out: newest first. */
  readonly order: TenantOrder | undefined;
}

export const tenantStatuses: readonly TenantStatus[] = [
  "ACTIVE",
  "PROVISIONING",
  "SUSPENDED",
  "FAILED",
  "DELETING",
  "DELETED",
];

const orderFields: Readonly<Record<string, TenantOrderField>> = {
  slug: "SLUG",
  name: "NAME",
  created: "CREATED_AT",
};

/** Reads an address; what it does not know it leaves out. */
export function toTenantQuery(address: URLSearchParams): TenantQuery {
  const statuses = address.getAll("status");
  return {
    search: address.get("search") ?? "",
    statuses: tenantStatuses.filter((status) => statuses.includes(status)),
    version: address.get("version") ?? undefined,
    serverId: address.get("server") ?? undefined,
    labels: address.getAll("label").filter((label) => toLabel(label) !== undefined),
    order: toOrder(address.get("order") ?? ""),
  };
}

/** The address of a query; `toTenantQuery` reads it back. */
export function toAddress({ search, statuses, version, serverId, labels, order }: TenantQuery): URLSearchParams {
  const name = Object.keys(orderFields).find((each) => orderFields[each] === order?.field);
  return new URLSearchParams([
    ...(search === "" ? [] : [["search", search]]),
    ...statuses.map((status) => ["status", status]),
    ...(version === undefined ? [] : [["version", version]]),
    ...(serverId === undefined ? [] : [["server", serverId]]),
    ...labels.map((label) => ["label", label]),
    ...(name === undefined ? [] : [["order", order?.direction === "DESC" ? `-${name}` : name]]),
  ]);
}

/** The filter that the API takes; empty where nothing narrows. */
export function toTenantFilter({ search, statuses, version, serverId, labels }: TenantQuery): TenantFilter {
  const found = labels.flatMap((label) => toLabel(label) ?? []);
  return {
    ...(search.trim() !== "" && { search: search.trim() }),
    ...(statuses.length > 0 && { statuses: [...statuses] }),
    ...(version !== undefined && { schemaVersions: [version] }),
    ...(serverId !== undefined && { serverId }),
    ...(found.length > 0 && { labels: found }),
  };
}

/** Reads `key=value`; the value may be empty, and may hold further `=`. */
export function toLabel(text: string): LabelInput | undefined {
  const at = text.indexOf("=");
  return at > 0 ? { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() } : undefined;
}

function toOrder(text: string): TenantOrder | undefined {
  const field = orderFields[text.replace(/^-/, "")];
  return field && { field, direction: text.startsWith("-") ? "DESC" : "ASC" };
}
