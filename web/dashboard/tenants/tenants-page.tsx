import { useMemo, useState } from "react";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { FilterChoicesDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { useMay } from "../session/use-session.ts";
import { BulkMenu } from "./bulk-menu.tsx";
import { NewTenantButtons } from "./new-tenant-buttons.tsx";
import { orderingOf, tenantColumns, toTenantOrder } from "./tenant-columns.tsx";
import { TenantFilters } from "./tenant-filters.tsx";
import { toTenantFilter } from "./tenant-query.ts";
import { useTenantList } from "./use-tenant-list.ts";
import { useTenantQuery } from "./use-tenant-query.ts";

/** All tenants, as far as the filters in the address mean them. */
export function TenantsPage() {
  const [query, change] = useTenantQuery();
  const may = useMay("OPERATOR");
  const { state } = useFreshQuery(FilterChoicesDocument, {});
  const latest = state.data?.fleet.latestSchemaVersion ?? undefined;
  const filter = useMemo(() => toTenantFilter(query), [query]);
  const pages = useTenantList(filter, query.order);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const columns = useMemo(
    () => tenantColumns({ latest, ...(may && { chosen, onChoose: setChosen }) }),
    [latest, may, chosen],
  );
  const narrowed = Object.keys(filter).length > 0;
  return (
    <ListPage
      title="Tenants"
      noun={["tenant"]}
      chosen={chosen.size > 0 ? ` · ${chosen.size} chosen` : ""}
      pages={pages}
      columns={columns}
      idOf={({ id }) => id}
      selected={chosen}
      ordering={orderingOf(query.order)}
      onOrder={(ordering) => change({ order: toTenantOrder(ordering) })}
      empty={<EmptyState of={narrowed ? "tenantsFound" : "tenants"} />}
      filters={<TenantFilters query={query} choices={state.data?.fleet} onChange={change} />}
      actions={
        may && (
          <>
            <BulkMenu filter={filter} chosen={chosen} choices={state.data?.fleet} onDone={() => setChosen(new Set())} />
            <NewTenantButtons servers={state.data?.fleet.servers ?? []} />
          </>
        )
      }
    />
  );
}
