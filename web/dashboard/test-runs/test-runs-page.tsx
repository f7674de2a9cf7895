import { Button, Group } from "@mantine/core";
import { IconPlayerPlay } from "@tabler/icons-react";
import type { ColumnDef } from "@tanstack/react-table";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { type TestRunRowFragment, TestRunsDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { ListPage } from "../parts/list-page.tsx";
import { sayMs } from "../parts/say.ts";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useUrlFilter } from "../parts/url-filter.ts";
import { usePages } from "../parts/use-pages.ts";
import { WordsFilter } from "../parts/words-filter.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";
import { useMay } from "../session/use-session.ts";
import { hasEnded, jobStatuses, kindWords, testKinds } from "./run-words.ts";
import { StartDialog } from "./start-dialog.tsx";

/** Every test run, the newest first. */
export function TestRunsPage() {
  const filter = useUrlFilter();
  const may = useMay("OPERATOR");
  const [starting, setStarting] = useState(false);
  const kinds = filter.many("kind", testKinds);
  const statuses = filter.many("status", jobStatuses);
  const pages = usePages({
    document: TestRunsDocument,
    variables: { filter: { ...(kinds.length > 0 && { kinds }), ...(statuses.length > 0 && { statuses }) } },
    pick: (data) => data.testRuns,
    idOf,
    everyMs: 3_000,
  });
  const columns = useMemo(runColumns, []);
  const start = may && (
    <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => setStarting(true)}>
      Start a test
    </Button>
  );
  return (
    <ListPage
      title="Test runs"
      noun={["run"]}
      pages={pages}
      columns={columns}
      idOf={idOf}
      empty={<EmptyState of="testRuns">{filter.isEmpty && <Group mt="xs">{start}</Group>}</EmptyState>}
      actions={start}
      filters={
        <>
          <WordsFilter filter={filter} name="kind" label="Any kind" words={testKinds} />
          <WordsFilter filter={filter} name="status" label="Any status" words={jobStatuses} />
        </>
      }
    >
      <StartDialog opened={starting} onClose={() => setStarting(false)} />
    </ListPage>
  );
}

function idOf(run: TestRunRowFragment): string {
  return run.id;
}

function runColumns(): ColumnDef<TestRunRowFragment>[] {
  return [
    { id: "run", header: "Run", cell: ({ row }) => <RunLink run={row.original} />, meta: { width: 140, names: true } },
    { id: "status", header: "Status", cell: ({ row }) => <Standing run={row.original} />, meta: { width: 142 } },
    { id: "verdict", header: "Verdict", cell: ({ row }) => <Verdict run={row.original} />, meta: { width: 134 } },
    {
      id: "rating",
      header: "Rating",
      cell: ({ row }) => <Rating run={row.original} />,
      meta: { width: 110, from: "medium" },
    },
    {
      id: "tenants",
      header: "Tenants",
      cell: ({ row: { original } }) => `${original.coverage.tenantsTested} of ${original.coverage.tenantsInScope}`,
      meta: { align: "right", width: 100, from: "medium" },
    },
    {
      id: "failed",
      header: "Failed",
      cell: ({ row }) => row.original.summary.failed,
      meta: { align: "right", width: 66, from: "wide" },
    },
    {
      id: "p95",
      header: "p95",
      cell: ({ row }) => sayMs(row.original.summary.latency?.p95),
      meta: { align: "right", width: 80, from: "medium" },
    },
    {
      id: "by",
      header: "Asked for by",
      cell: ({ row }) => row.original.job.requestedBy,
      meta: { width: 100, grows: true, from: "wide" },
    },
    {
      id: "created",
      header: "Entered",
      cell: ({ row }) => <TimeAgo at={row.original.createdAt} />,
      meta: { width: 96, from: "medium" },
    },
  ];
}

interface RunProps {
  readonly run: TestRunRowFragment;
}

function RunLink({ run: { id, kind } }: RunProps) {
  return (
    <Link className="link" href={`/test-runs/${id}`}>
      {kindWords[kind][0]}
    </Link>
  );
}

function Standing({ run: { status, progress } }: RunProps) {
  if (hasEnded(status) || status === "QUEUED") return <StatusBadge status={status} />;
  return <JobProgressBar status={status} progress={progress} compact />;
}

function Verdict({ run: { verdict } }: RunProps) {
  return verdict ? <StatusBadge status={verdict} /> : "–";
}

function Rating({ run: { rating } }: RunProps) {
  return rating ? <RatingBadge rating={rating} /> : "–";
}
