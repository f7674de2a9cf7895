import type { ColumnDef } from "@tanstack/react-table";
import { useMemo } from "react";
import { Link } from "wouter";
import { type JobKind, type JobRowFragment, JobsDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { sayMs, saySeconds } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TenantLink } from "../parts/tenant-link.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";
import { WordsFilter } from "../parts/words-filter.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";
import { hasEnded, jobStatuses } from "../test-runs/run-words.ts";

const jobKinds: readonly JobKind[] = [
  "CONNECTION_TEST",
  "DELETE_TENANT",
  "FILL_WARM_POOL",
  "ISOLATION_TEST",
  "MIGRATE_TENANTS",
  "PERFORMANCE_TEST",
  "PROVISION_TENANTS",
  "REENCRYPT_SECRETS",
  "REPAIR_TENANTS",
  "RESUME_TENANT",
  "ROTATE_CREDENTIALS",
  "SEED_TENANTS",
  "SUSPEND_TENANT",
  "VALIDATE_TENANTS",
];

/** Every job, the newest first. */
export function JobsPage() {
  const filter = useUrlFilter();
  const kinds = filter.many("kind", jobKinds);
  const statuses = filter.many("status", jobStatuses);
  const tenantId = filter.one("tenant");
  const pages = usePages({
    document: JobsDocument,
    variables: {
      filter: {
        ...(kinds.length > 0 && { kinds }),
        ...(statuses.length > 0 && { statuses }),
        ...(tenantId !== undefined && { tenantId }),
      },
    },
    pick: (data) => data.jobs,
    idOf,
    everyMs: 3_000,
  });
  const columns = useMemo(jobColumns, []);
  return (
    <ListPage
      title="Jobs"
      noun={["job"]}
      pages={pages}
      columns={columns}
      idOf={idOf}
      empty={<EmptyState of="jobs" />}
      filters={
        <>
          <WordsFilter filter={filter} name="kind" label="Any kind" words={jobKinds} width={260} />
          <WordsFilter filter={filter} name="status" label="Any status" words={jobStatuses} />
        </>
      }
    />
  );
}

function idOf({ id }: JobRowFragment): string {
  return id;
}

function jobColumns(): ColumnDef<JobRowFragment>[] {
  return [
    { id: "kind", header: "Job", cell: ({ row }) => <JobLink job={row.original} />, meta: { width: 166, names: true } },
    { id: "status", header: "Status", cell: ({ row }) => <Standing job={row.original} />, meta: { width: 142 } },
    {
      id: "tenant",
      header: "Tenants",
      cell: ({ row }) => <Whom job={row.original} />,
      meta: { width: 130, from: "medium" },
    },
    {
      id: "failed",
      header: "Failed",
      cell: ({ row }) => row.original.progress.failed,
      meta: { align: "right", width: 66, from: "medium" },
    },
    {
      id: "error",
      header: "Why",
      cell: ({ row }) => <Why job={row.original} />,
      meta: { width: 120, grows: true, from: "medium" },
    },
    {
      id: "attempts",
      header: "Starts",
      cell: ({ row }) => row.original.attempts,
      meta: { align: "right", width: 66, from: "wide" },
    },
    {
      id: "by",
      header: "Asked for by",
      cell: ({ row }) => row.original.requestedBy,
      meta: { width: 130, from: "wide" },
    },
    {
      id: "took",
      header: "Took",
      cell: ({ row }) => tookOf(row.original),
      meta: { align: "right", width: 80, from: "medium" },
    },
    {
      id: "created",
      header: "Entered",
      cell: ({ row }) => <TimeAgo at={row.original.createdAt} />,
      meta: { width: 96, from: "medium" },
    },
  ];
}

interface JobProps {
  readonly job: JobRowFragment;
}

function JobLink({ job: { id, kind } }: JobProps) {
  return (
    <Link className="link" href={`/jobs/${id}`}>
      {kind}
    </Link>
  );
}

function Standing({ job: { status, progress } }: JobProps) {
  if (hasEnded(status) || status === "QUEUED") return <StatusBadge status={status} />;
  return <JobProgressBar status={status} progress={progress} compact />;
}

function Whom({ job: { kind, tenant, progress } }: JobProps) {
  // It counts operations.
  if (kind === "PERFORMANCE_TEST") return "–";
  if (!tenant) return progress.total > 0 ? `${progress.total}` : "–";
  return <TenantLink tenant={tenant} />;
}

function Why({ job: { error } }: JobProps) {
  return error ? <span title={`${error.code}: ${error.message}`}>{`${error.code}: ${error.message}`}</span> : "";
}

export function tookOf({ startedAt, finishedAt }: Pick<JobRowFragment, "startedAt" | "finishedAt">): string {
  if (!startedAt || !finishedAt) return "–";
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 10_000 ? sayMs(ms) : saySeconds(ms / 1_000);
}
