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

/** @param show is called with a finding that somebody wants to read in full */
export function findingColumns(show: (finding: FindingRow) => void): ColumnDef<FindingRow>[] {
  return [
    {
      id: "severity",
      header: "Severity",
      cell: ({ row }) => <StatusBadge status={row.original.severity} />,
      meta: { width: 108 },
    },
    {
      id: "kind",
      header: "Finding",
      cell: ({ row: { original } }) => (
        <UnstyledButton className="link" fz="sm" onClick={() => show(original)}>
          {original.kind}
        </UnstyledButton>
      ),
      meta: { width: 200 },
    },
    {
      id: "tenant",
      header: "Tenant",
      cell: ({ row }) => <Whose finding={row.original} />,
      meta: { width: 120, names: true },
    },
    {
      id: "outcome",
      header: "Outcome",
      cell: ({ row }) => <StatusBadge status={row.original.outcome} />,
      meta: { width: 178, from: "medium" },
    },
    {
      id: "message",
      header: "What was seen",
      cell: ({ row: { original } }) => <span title={original.message}>{original.message}</span>,
      meta: { width: 160, grows: true, from: "medium" },
    },
    {
      id: "server",
      header: "Server",
      cell: ({ row }) => row.original.server.name,
      meta: { width: 90, from: "wide" },
    },
    {
      id: "observed",
      header: "Seen",
      cell: ({ row }) => <TimeAgo at={row.original.observedAt} />,
      meta: { width: 96, from: "wide" },
    },
  ];
}

function Whose({ finding: { tenant } }: { readonly finding: FindingRow }) {
  if (!tenant) return "nobody's";
  return <TenantLink tenant={tenant} />;
}
