import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { AuditLogDocument, type AuditLogQuery } from "../gql/graphql.ts";
import { Badge } from "../parts/badge.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { type UrlFilter, useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";

type Entry = AuditLogQuery["auditLog"]["nodes"][number];

const names = ["actor", "action", "subject"] as const;

/** Who did what, the newest first, refused attempts included. */
export function AuditPage() {
  const filter = useUrlFilter();
  const asked = names.flatMap((name) => {
    const value = filter.one(name);
    return value === undefined ? [] : [[name, value]];
  });
  const pages = usePages({
    document: AuditLogDocument,
    variables: { filter: Object.fromEntries(asked) },
    pick: (data) => data.auditLog,
    idOf: ({ id }) => id,
    everyMs: 5_000,
  });
  const columns = useMemo(auditColumns, []);
  return (
    <ListPage
      title="Audit"
      noun={["entry", "entries"]}
      pages={pages}
      columns={columns}
      idOf={({ id }) => id}
      empty={<EmptyState of="auditLog" />}
      filters={
        <>
          <TextFilter filter={filter} name="actor" label="Who" placeholder="Name of a key" />
          <TextFilter filter={filter} name="action" label="What" placeholder="e.g. createTenant" />
          <TextFilter filter={filter} name="subject" label="About" placeholder="Id of a thing" />
        </>
      }
    />
  );
}

interface TextFilterProps {
  readonly filter: UrlFilter;
  readonly name: string;
  readonly label: string;
  readonly placeholder: string;
}

function TextFilter({ filter, name, label, placeholder }: TextFilterProps) {
  const [typed, setTyped] = useState(filter.one(name) ?? "");
  const settle = useDebouncedCallback((value: string) => filter.set(name, value.trim()), 300);
  return (
    <TextInput
      aria-label={label}
      placeholder={placeholder}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        settle(event.currentTarget.value);
      }}
      w={170}
    />
  );
}

function auditColumns(): ColumnDef<Entry>[] {
  return [
    { id: "at", header: "When", cell: ({ row }) => <TimeAgo at={row.original.at} />, meta: { width: 96 } },
    {
      id: "actor",
      header: "Who",
      cell: ({ row: { original } }) => <Who actor={original.actor} />,
      meta: { width: 120, names: true },
    },
    { id: "action", header: "What", cell: ({ row }) => row.original.action, meta: { width: 190 } },
    {
      id: "result",
      header: "Result",
      cell: ({ row }) => <Result entry={row.original} />,
      meta: { width: 124, from: "medium" },
    },
    {
      id: "subject",
      header: "About",
      cell: ({ row: { original } }) => (
        <span className="mono" title={original.subject ?? ""}>
          {original.subject ?? "–"}
        </span>
      ),
      meta: { width: 150, grows: true, from: "medium" },
    },
    {
      id: "note",
      header: "Note",
      cell: ({ row: { original } }) => <span title={original.note ?? ""}>{original.note ?? ""}</span>,
      meta: { width: 100, grows: true, from: "medium" },
    },
    {
      id: "request",
      header: "Request",
      cell: ({ row: { original } }) => (
        <span className="mono" title={original.requestId}>
          {original.requestId.slice(0, 8)}
        </span>
      ),
      meta: { width: 96, from: "wide" },
    },
  ];
}

/** The name of the key, with its id in the title. */
function Who({ actor }: { readonly actor: string }) {
  return <span title={actor}>{actor.replace(/ \(key_[^)]*\)$/, "")}</span>;
}

function Result({ entry: { result } }: { readonly entry: Entry }) {
  return <Badge tone={result === "OK" ? "good" : "fair"} word={result} />;
}
