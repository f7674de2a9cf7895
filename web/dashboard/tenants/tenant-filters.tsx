import { Button, CloseButton, MultiSelect, Select, TagsInput, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { FilterChoicesQuery } from "../gql/graphql.ts";
import { type TenantQuery, tenantStatuses, toLabel } from "./tenant-query.ts";

interface TenantFiltersProps {
  readonly query: TenantQuery;
  readonly choices: FilterChoicesQuery["fleet"] | undefined;
  onChange(change: Partial<TenantQuery>, replace?: boolean): void;
}

const nothing = { search: "", statuses: [], version: undefined, serverId: undefined, labels: [] } as const;

/** What narrows the list. All of it is answered by the service, and stands in the address. */
export function TenantFilters({ query, choices, onChange }: TenantFiltersProps) {
  const { statuses, version, serverId, labels, search } = query;
  const narrowed =
    search !== "" || statuses.length > 0 || labels.length > 0 || version !== undefined || serverId !== undefined;
  const versions = choices?.schemaVersions.flatMap((each) => each.version ?? []) ?? [];
  return (
    <>
      <Search search={search} onSearch={(text) => onChange({ search: text }, true)} />
      <MultiSelect
        aria-label="Status"
        placeholder={statuses.length === 0 ? "Any status" : ""}
        data={[...tenantStatuses]}
        value={[...statuses]}
        onChange={(chosen) => onChange({ statuses: tenantStatuses.filter((status) => chosen.includes(status)) })}
        miw={150}
        maw={300}
      />
      <Select
        aria-label="Schema version"
        placeholder="Any version"
        clearable
        data={[...new Set(version === undefined ? versions : [...versions, version])]}
        value={version ?? null}
        onChange={(chosen) => onChange({ version: chosen ?? undefined })}
        w={170}
      />
      <Select
        aria-label="Server"
        placeholder="Any server"
        clearable
        data={choices?.servers.map(({ id, name }) => ({ value: id, label: name })) ?? []}
        value={serverId ?? null}
        onChange={(chosen) => onChange({ serverId: chosen ?? undefined })}
        w={130}
      />
      <TagsInput
        aria-label="Labels, each as key=value"
        placeholder={labels.length === 0 ? "Label: key=value" : ""}
        value={[...labels]}
        isDuplicate={(tag, tags) => tags.includes(tag) || toLabel(tag) === undefined}
        onChange={(chosen) => onChange({ labels: chosen })}
        miw={150}
        maw={300}
      />
      <Button variant="subtle" disabled={!narrowed} onClick={() => onChange(nothing)}>
        Clear
      </Button>
    </>
  );
}

const afterMs = 200;

/** Asks when nobody has typed for a moment. */
function Search({ search, onSearch }: { readonly search: string; onSearch(text: string): void }) {
  const [typed, setTyped] = useState(search);
  const asked = useRef(search);
  const ask = useDebouncedCallback((text: string) => {
    asked.current = text;
    onSearch(text);
  }, afterMs);
  // What comes back is what was asked for, and somebody may have typed on; anything else is another address.
  useEffect(() => {
    if (search !== asked.current) setTyped(search);
    asked.current = search;
  }, [search]);
  const change = (text: string) => {
    setTyped(text);
    ask(text);
  };
  return (
    <TextInput
      type="search"
      aria-label="Search by the beginning of slug, name or host name"
      placeholder="Slug, name or host name…"
      leftSection={<IconSearch size={14} aria-hidden="true" />}
      rightSection={
        typed === "" ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={() => change("")} />
      }
      value={typed}
      onChange={(event) => change(event.currentTarget.value)}
      w={230}
    />
  );
}
