import { UnstyledButton } from "@mantine/core";
import type { ColumnDef } from "@tanstack/react-table";
import type { FindingRowFragment } from "../gql/graphql.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TenantLink } from "../parts/tenant-link.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";

export type FindingRow = FindingRowFragment;

/** A finding has no id: it is known by what it is about. */
export function findingKey({ kind, object, tenant, server }: FindingRow): string {
  return `${kind} ${server.id} ${tenant?.id ?? ""} ${object}`;
}

/**
 * @param show is called with a finding that somebody wants to read in full
 * @param narrow leaves out what a dialog has no room for
 */
export function findingColumns(show: (finding: FindingRow) => void, narrow = false): ColumnDef<FindingRow>[] {
  const columns = allColumns(show);
  return narrow ? columns.filter(({ id }) => !wideOnly.has(id ?? "")) : columns;
}

const wideOnly: ReadonlySet<string> = new Set(["severity", "server", "observed"]);

function allColumns(show: (finding: FindingRow) => void): ColumnDef<FindingRow>[] {
  return [
    {
      id: "severity",
      header: "Severity",
      cell: ({ row }) => <StatusBadge status={row.original.severity} />,
      meta: { width: "110px" },
    },
    {
      id: "kind",
      header: "Finding",
      cell: ({ row: { original } }) => (
        <UnstyledButton className="link" fz="sm" onClick={() => show(original)}>
          {original.kind}
        </UnstyledButton>
      ),
      meta: { width: "210px" },
    },
    { id: "tenant", header: "Tenant", cell: ({ row }) => <Whose finding={row.original} />, meta: { width: "140px" } },
    {
      id: "outcome",
      header: "Outcome",
      cell: ({ row }) => <StatusBadge status={row.original.outcome} />,
      meta: { width: "190px" },
    },
    {
      id: "message",
      header: "What was seen",
      cell: ({ row: { original } }) => <span title={original.message}>{original.message}</span>,
    },
    {
      id: "server",
      header: "Server",
      cell: ({ row }) => row.original.server.name,
      meta: { width: "100px", spare: true },
    },
    {
      id: "observed",
      header: "Seen",
      cell: ({ row }) => <TimeAgo at={row.original.observedAt} />,
      meta: { width: "110px", spare: true },
    },
  ];
}

function Whose({ finding: { tenant } }: { readonly finding: FindingRow }) {
  if (!tenant) return "nobody's";
  return <TenantLink tenant={tenant} />;
}
