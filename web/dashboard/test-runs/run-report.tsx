import { Alert, Text } from "@mantine/core";
import type { JobStatus } from "../gql/graphql.ts";
import { Chart } from "../parts/chart.tsx";
import type { ChartLine } from "../parts/chart-props.ts";
import { Panel } from "../parts/panel.tsx";
import { sayMs } from "../parts/say.ts";
import { EventLog } from "../progress/event-log.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";
import type { Heard, TestRunEvent } from "../progress/use-progress.ts";
import { BaselinePanel } from "./baseline-panel.tsx";
import { BudgetPanel } from "./budget-panel.tsx";
import type { LatencySeries } from "./latency-series.ts";
import { ResultsPanel } from "./results-panel.tsx";
import { RunFigures } from "./run-figures.tsx";
import { hasEnded } from "./run-words.ts";
import { TenantGrid } from "./tenant-grid.tsx";
import type { TestRunShown } from "./test-run-shown.ts";
import classes from "./test-runs.module.css";
import { useVerdicts } from "./use-verdicts.ts";

interface RunReportProps {
  readonly run: TestRunShown;
  readonly status: JobStatus;
  readonly heard: Heard<TestRunEvent>;
  readonly series: LatencySeries;
}

/** Everything that a run says, in the same places while it goes on and afterwards. */
export function RunReport({ run, status, heard, series }: RunReportProps) {
  const ended = hasEnded(status);
  // A performance test judges its tenants at the end.
  const verdicts = useVerdicts(run.id, run.kind === "PERFORMANCE" ? ended : heard.count);
  const progress = ended ? run.progress : (heard.last?.progress ?? run.progress);
  return (
    <>
      <Panel title="Progress">
        <JobProgressBar status={status} progress={progress} />
        <RunFigures run={run} heard={heard} ended={ended} />
        {heard.refusal !== undefined && <Alert color="red">{heard.refusal}</Alert>}
        {ended && run.job.error && (
          <Alert color="red" title={run.job.error.code} mt="sm">
            {run.job.error.message}
          </Alert>
        )}
      </Panel>
      <Advice recommendations={ended ? run.recommendations : undefined} />
      <div className={classes.columns}>
        <div className={classes.stack}>
          {run.kind !== "ISOLATION" && (
            <Panel title="Latency">
              <LatencyChart series={series} />
            </Panel>
          )}
          <Panel title="Tenants">
            <TenantGrid verdicts={verdicts} total={tenantsOf(run, progress.total)} />
          </Panel>
        </div>
        <div className={classes.stack}>
          <Panel title="Events">
            <EventLog heard={heard} />
          </Panel>
          {run.kind === "PERFORMANCE" && <BudgetPanel run={run} heard={heard} />}
          {ended && run.comparedToBaseline && <BaselinePanel comparison={run.comparedToBaseline} />}
        </div>
      </div>
      {ended && <ResultsPanel run={run} />}
    </>
  );
}

/** @param total steps of the run, which are tenants but for a performance test: it counts operations, and takes a few of those in scope */
function tenantsOf({ kind, coverage: { tenantsInScope, tenantsTested } }: TestRunShown, total: number): number {
  if (kind === "PERFORMANCE") return tenantsTested > 0 ? tenantsTested : tenantsInScope;
  return total > 0 ? total : tenantsInScope;
}

/** Has its place from the beginning, so that nothing below it moves when the run ends and there is nothing to do. */
function Advice({ recommendations }: { readonly recommendations: readonly string[] | undefined }) {
  return (
    <Panel title="Recommendations">
      {!recommendations || recommendations.length === 0 ? (
        <Text size="sm" {...(!recommendations && { c: "dimmed" })}>
          {recommendations ? "Nothing to do about what was seen." : "They come when the run has ended."}
        </Text>
      ) : (
        <ol className={classes.advice}>
          {recommendations.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

const lines: readonly ChartLine[] = [
  { label: "p50", tone: "calm" },
  { label: "p95", tone: "warm" },
  { label: "p99", tone: "hot" },
];

function LatencyChart({ series: { times, values } }: { readonly series: LatencySeries }) {
  return <Chart label="Latency of operations so far" lines={lines} times={times} values={values} say={sayMs} />;
}
