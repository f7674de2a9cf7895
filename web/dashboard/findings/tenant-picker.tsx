import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState } from "react";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { TenantPicksDocument } from "../gql/graphql.ts";

interface TenantPickerProps {
  /** The id of a tenant; undefined: any. */
  readonly tenantId: string | undefined;
  onPick(tenantId: string | undefined): void;
}

/** Takes one tenant out of all, found by what its slug, name or host begins with. */
export function TenantPicker({ tenantId, onPick }: TenantPickerProps) {
  const [typed, setTyped] = useState("");
  const [search] = useDebouncedValue(typed, 200);
  const picked = useFreshQuery(TenantPicksDocument, { ids: [tenantId ?? ""] }, { pause: tenantId === undefined });
  const chosen = tenantId === undefined ? undefined : picked.state.data?.tenants.nodes[0];
  const offered = useFreshQuery(TenantPicksDocument, search === "" ? {} : { search });
  const nodes = [...(chosen ? [chosen] : []), ...(offered.state.data?.tenants.nodes ?? [])];
  const data = new Map(nodes.map(({ id, slug }) => [id, { value: id, label: slug }]));
  return (
    <Select
      aria-label="Tenant"
      placeholder="Any tenant"
      data={[...data.values()]}
      value={tenantId ?? null}
      onChange={(id) => onPick(id ?? undefined)}
      searchable
      clearable
      onSearchChange={setTyped}
      filter={({ options }) => options}
      nothingFoundMessage="No tenants match."
      w={190}
    />
  );
}
