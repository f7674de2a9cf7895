import type { ColumnDef } from "@tanstack/react-table";
import { useEffect, useMemo } from "react";
import { type JobItemStatus, JobItemsDocument, type JobItemsQuery } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListBox } from "../parts/list-box.tsx";
import { PageTable } from "../parts/page-table.tsx";
import { Panel } from "../parts/panel.tsx";
import { sayMs } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TenantLink } from "../parts/tenant-link.tsx";
import { useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";
import { WordsFilter } from "../parts/words-filter.tsx";

type Item = NonNullable<JobItemsQuery["job"]>["items"]["nodes"][number];

const itemStatuses: readonly JobItemStatus[] = ["FAILED", "SKIPPED", "SUCCEEDED"];
const nothing = { nodes: [], pageInfo: { hasNextPage: false } };

interface JobItemsProps {
  readonly jobId: string;
  readonly ended: boolean;
}

/** What became of each tenant of a job. */
export function JobItems({ jobId, ended }: JobItemsProps) {
  const filter = useUrlFilter();
  const statuses = filter.many("item", itemStatuses);
  const pages = usePages({
    document: JobItemsDocument,
    variables: { id: jobId, ...(statuses.length > 0 && { statuses }) },
    pick: (data) => data.job?.items ?? nothing,
    idOf,
    ...(!ended && { everyMs: 1_500 }),
  });
  const { store } = pages;
  useEffect(() => {
    if (ended) void store.reload();
  }, [ended, store]);
  const columns = useMemo(itemColumns, []);
  return (
    <Panel
      title="Tenants"
      bare
      actions={<WordsFilter filter={filter} name="item" label="Any status" words={itemStatuses} />}
    >
      <ListBox pages={pages}>
        <PageTable
          label="Tenants of the job"
          pages={pages}
          columns={columns}
          idOf={idOf}
          empty={<EmptyState of="items" />}
        />
      </ListBox>
    </Panel>
  );
}

function idOf({ tenant }: Item): string {
  return tenant.id;
}

function itemColumns(): ColumnDef<Item>[] {
  return [
    {
      id: "tenant",
      header: "Tenant",
      cell: ({ row }) => <TenantLink tenant={row.original.tenant} />,
      meta: { width: 160, names: true },
    },
    {
      id: "status",
      header: "Status",
      cell: ({ row }) => <StatusBadge status={row.original.status} />,
      meta: { width: 124 },
    },
    {
      id: "versions",
      header: "Version",
      cell: ({ row }) => versionsOf(row.original),
      meta: { width: 270, from: "medium" },
    },
    {
      id: "why",
      header: "Why",
      cell: ({ row }) => whyOf(row.original),
      meta: { width: 140, grows: true, from: "medium" },
    },
    {
      id: "took",
      header: "Took",
      cell: ({ row }) => sayMs(row.original.durationMs),
      meta: { align: "right", width: 84 },
    },
  ];
}

function versionsOf({ fromVersion, toVersion }: Item): string {
  if (!fromVersion && !toVersion) return "–";
  return fromVersion === toVersion ? `${toVersion}` : `${fromVersion ?? "nothing"} → ${toVersion ?? "?"}`;
}

function whyOf({ error }: Item) {
  return error ? <span title={`${error.code}: ${error.message}`}>{`${error.code}: ${error.message}`}</span> : "";
}
