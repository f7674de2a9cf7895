import { useEffect, useRef } from "react";
import { type TenantFilter, type TenantListedFragment, type TenantOrder, TenantPagesDocument } from "../gql/graphql.ts";
import { type Pages, usePages } from "../parts/use-pages.ts";
import { useTenantChanges } from "./use-tenant-changes.ts";

/** At most so often a list is read anew because tenants came or went. */
const reloadEveryMs = 2_000;

/** The tenants that a filter means, in an order, kept true while they change. */
export function useTenantList(filter: TenantFilter, order: TenantOrder | undefined): Pages<TenantListedFragment> {
  const pages = usePages({
    document: TenantPagesDocument,
    variables: { filter, orderBy: order ?? null },
    pick: ({ tenants }) => tenants,
    idOf: ({ id }) => id,
  });
  const { store } = pages;
  const reloading = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reloadSoon = () => {
    reloading.current ??= setTimeout(() => {
      reloading.current = undefined;
      // The newest come first where no other order is asked for; then a look at the first page is enough.
      void (order ? store.reload() : store.refreshHead());
    }, reloadEveryMs);
  };
  useEffect(() => () => clearTimeout(reloading.current), []);
  useTenantChanges(
    filter,
    (tenants) => {
      const strangers = store.patch(tenants);
      const left = store.drop((tenant) => !isMeant(filter, tenant));
      if (strangers.length > 0 || left > 0) reloadSoon();
    },
    () => void store.reload(),
  );
  return pages;
}

/** Whether a tenant that changed is still one that the filter means, by what changes of itself. */
function isMeant({ statuses, schemaVersions }: TenantFilter, tenant: TenantListedFragment): boolean {
  if (statuses ? !statuses.includes(tenant.status) : tenant.status === "DELETED") return false;
  return !schemaVersions || schemaVersions.includes(tenant.schemaVersion ?? "");
}
