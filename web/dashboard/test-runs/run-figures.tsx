import { sayMs, sayNumber, saySeconds } from "../parts/say.ts";
import type { Heard, TestRunEvent } from "../progress/use-progress.ts";
import type { TestRunShown } from "./run-page.tsx";
import classes from "./test-runs.module.css";

interface RunFiguresProps {
  readonly run: TestRunShown;
  readonly heard: Heard<TestRunEvent>;
  readonly ended: boolean;
}

/** A run in figures: as it was last heard of while it goes on, and as it came out in the end. */
export function RunFigures({ run, heard, ended }: RunFiguresProps) {
  const { summary, coverage, kind } = run;
  const live = ended ? undefined : heard.last;
  const latency = live?.latency ?? summary.latency;
  const figures: (readonly [name: string, value: string])[] = [
    ["Tenants tested", `${sayNumber(coverage.tenantsTested)} of ${sayNumber(coverage.tenantsInScope)}`],
    ["Passed", sayNumber(summary.passed)],
    ["Failed", sayNumber(summary.failed)],
    ["Inconclusive", sayNumber(summary.inconclusive)],
    ["Success", `${sayNumber(summary.successRate * 100, 1)} %`],
    ...(kind === "PERFORMANCE" ? loadFigures(live ?? summary) : []),
    ["p50", sayMs(latency?.p50)],
    ["p95", sayMs(latency?.p95)],
    ["p99", sayMs(latency?.p99)],
    ["Slowest", sayMs(latency?.max)],
    ["Took", tookOf(run)],
  ];
  return (
    <dl className={classes.figures} style={{ marginTop: 10 }}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface LoadFigures {
  readonly operations: number;
  readonly errors: number;
  readonly operationsPerSecond?: number | null;
}

function loadFigures({ operations, errors, operationsPerSecond }: LoadFigures): (readonly [string, string])[] {
  return [
    ["Operations", sayNumber(operations)],
    ["Errors", sayNumber(errors)],
    ["Per second", sayNumber(operationsPerSecond, 1)],
  ];
}

function tookOf({ startedAt, finishedAt }: TestRunShown): string {
  if (!startedAt || !finishedAt) return "–";
  const ms = Date.parse(finishedAt) - Date.parse(startedAt);
  return ms < 10_000 ? sayMs(ms) : saySeconds(ms / 1_000);
}
