import { sayMs, sayNumber, saySeconds } from "../parts/say.ts";
import type { Heard, TestRunEvent } from "../progress/use-progress.ts";
import type { TestRunShown } from "./test-run-shown.ts";
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
  const judged = kind === "PERFORMANCE" || !live ? summary : judgedSoFar(live);
  const tested = live && kind !== "PERFORMANCE" ? judged.passed + judged.failed : coverage.tenantsTested;
  const figures: (readonly [name: string, value: string])[] = [
    ["Tenants tested", `${sayNumber(tested)} of ${sayNumber(coverage.tenantsInScope)}`],
    ["Passed", sayNumber(judged.passed)],
    ["Failed", sayNumber(judged.failed)],
    ["Inconclusive", sayNumber(judged.inconclusive)],
    ...(live ? [] : [["Success", `${sayNumber(summary.successRate * 100, 1)} %`] as const]),
    ...(kind === "PERFORMANCE" ? loadFigures(live ?? summary) : []),
    ...(kind === "ISOLATION" ? [] : latencyFigures(latency)),
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

/** One tenant is one step of these runs. */
function judgedSoFar({ progress: { done, failed, skipped } }: TestRunEvent) {
  return { passed: done, failed, inconclusive: skipped };
}

function latencyFigures(latency: TestRunEvent["latency"]): (readonly [string, string])[] {
  return [
    ["p50", sayMs(latency?.p50)],
    ["p95", sayMs(latency?.p95)],
    ["p99", sayMs(latency?.p99)],
    ["Slowest", sayMs(latency?.max)],
  ];
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
