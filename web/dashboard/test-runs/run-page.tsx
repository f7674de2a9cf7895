import { Loader, Text } from "@mantine/core";
import { useEffect } from "react";
import { useParams } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { TestRunReportDocument } from "../gql/graphql.ts";
import { PageFrame } from "../parts/page-frame.tsx";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { useTestRunProgress } from "../progress/use-progress.ts";
import { NoSuchPage } from "../shell/no-such-page.tsx";
import { useLatencySeries } from "./latency-series.ts";
import { RunActions } from "./run-actions.tsx";
import { RunReport } from "./run-report.tsx";
import { hasEnded, kindWords } from "./run-words.ts";
import type { TestRunShown } from "./test-run-shown.ts";

/** One test run: live while it goes on, its report afterwards. */
export function RunPage() {
  const { id = "" } = useParams<{ id: string }>();
  return <Run key={id} id={id} />;
}

function Run({ id }: { readonly id: string }) {
  const { state, reload } = useFreshQuery(TestRunReportDocument, { id });
  const run = state.data?.testRun;
  if (run === null) return <NoSuchPage />;
  if (!run) return <Loader size="sm" m="xl" aria-label="The run is loaded" />;
  return <KnownRun run={run} reload={reload} />;
}

interface KnownRunProps {
  readonly run: TestRunShown;
  reload(): void;
}

function KnownRun({ run, reload }: KnownRunProps) {
  const [series, addLatency] = useLatencySeries();
  const heard = useTestRunProgress(run.id, { onEvent: addLatency });
  const { last, ended } = heard;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has ended
  useEffect(() => {
    if (ended) reload();
  }, [ended]);
  // The plan is made when the run begins.
  const phase = last?.progress.phase;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that another phase begins
  useEffect(() => {
    if (phase !== undefined && !ended) reload();
  }, [phase]);
  const status = hasEnded(run.status) ? run.status : (last?.status ?? run.status);
  return (
    <PageFrame
      title={kindWords[run.kind][0]}
      aside={
        <>
          <StatusBadge status={status} />
          {run.verdict && <StatusBadge status={run.verdict} title="Verdict" />}
          {run.rating && <RatingBadge rating={run.rating} title="Judgement of its latency" />}
          <Text size="xs" c="dimmed" className="mono">
            {run.id}
          </Text>
        </>
      }
      actions={<RunActions run={run} status={status} onChanged={reload} />}
    >
      <RunReport run={run} status={status} heard={heard} series={series} />
    </PageFrame>
  );
}
