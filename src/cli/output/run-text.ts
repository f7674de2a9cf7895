import type { RunResultFragment, RunsComparedFragment, ShowRunQuery, Verdict } from "../gql/graphql.ts";
import { cardText, headingText } from "./card.ts";
import { type Column, tableText } from "./columns.ts";
import { count, duration, percent, rate, span } from "./figures.ts";
import type { Paint } from "./paint.ts";
import { connectionColumns, isolationColumns, performanceColumns } from "./run-columns.ts";
import { visible, visibleLines } from "./visible.ts";

/** A test run as its page shows it. */
export type Run = NonNullable<ShowRunQuery["testRun"]>;

/** Results that are shown unless all are asked for: the worst ones. */
const shownResults = 50;

const weights: Readonly<Record<Verdict, number>> = { FAIL: 0, INCONCLUSIVE: 1, PASS: 2 };

/** What a run found, for people: the results as a table, the run in figures, and what to do. */
export function runText(run: Run, results: readonly RunResultFragment[], detailed: boolean, paint: Paint): string {
  const sorted = results.toSorted((a, b) => weights[a.verdict] - weights[b.verdict] || b.durationMs - a.durationMs);
  const shown = detailed ? sorted : sorted.slice(0, shownResults);
  const hidden = sorted.length - shown.length;
  return [
    shown.length > 0 ? resultsText(shown, paint) : "",
    hidden > 0 ? `… and ${count(hidden, "tenant")} more: --detailed shows all.\n` : "",
    detailed ? evidenceText(shown, paint) : "",
    headingText("Summary", paint),
    summaryText(run, paint),
    run.comparedToBaseline
      ? headingText("Against the baseline", paint) + comparisonText(run.comparedToBaseline, paint)
      : "",
    run.recommendations.length > 0 ? headingText("Recommendations", paint) : "",
    ...run.recommendations.map((sentence) => `- ${visible(sentence)}\n`),
  ].join("");
}

/** Columns that fit results, which are all of one kind. */
export function resultColumns(results: readonly RunResultFragment[]): readonly Column<RunResultFragment>[] {
  const [connections, isolations, performances] = split(results);
  if (connections.length > 0) return anyOf(connectionColumns, isConnection);
  if (performances.length > 0) return anyOf(performanceColumns, isPerformance);
  return anyOf(isolationColumns(isolations), isIsolation);
}

function resultsText(results: readonly RunResultFragment[], paint: Paint): string {
  return tableText(resultColumns(results), results, paint);
}

/** What was tried and seen of each tenant. */
function evidenceText(results: readonly RunResultFragment[], paint: Paint): string {
  const parts = results.flatMap((result) => {
    const lines = evidenceOf(result);
    return lines.length > 0 ? [`${paint.bold(visible(result.tenant.slug))}\n${lines.join("")}`] : [];
  });
  return parts.length > 0 ? headingText("Evidence", paint) + parts.join("") : "";
}

function evidenceOf(result: RunResultFragment): readonly string[] {
  if (result.__typename === "IsolationTestResult") {
    return result.checks.map(
      ({ kind, verdict, evidence }) => `  ${kind} ${verdict}: ${visibleLines(evidence, "    ")}\n`,
    );
  }
  if (result.__typename === "PerformanceTestResult") {
    return result.deepTests.map(
      ({ kind, passed, evidence }) => `  ${kind} ${passed ? "PASS" : "FAIL"}: ${visibleLines(evidence, "    ")}\n`,
    );
  }
  return [];
}

function summaryText(run: Run, paint: Paint): string {
  const { summary, coverage, budget } = run;
  const { latency } = summary;
  return cardText(
    [
      ["Run", run.id],
      ["Kind", run.kind],
      ["Status", run.status],
      ["Verdict", run.verdict],
      ["Rating", run.rating],
      ["Tenants", `${summary.passed} passed, ${summary.failed} failed, ${summary.inconclusive} inconclusive`],
      ["Coverage", `${coverage.tenantsTested} of ${coverage.tenantsInScope} in scope`],
      ["Success rate", percent(summary.successRate)],
      ["Operations", `${summary.operations} of ${budget.plannedOperations} planned, ${summary.errors} failed`],
      ["Throughput", rate(summary.operationsPerSecond)],
      [
        "Latency",
        latency &&
          `p50 ${duration(latency.p50)}, p95 ${duration(latency.p95)}, p99 ${duration(latency.p99)}, max ${duration(latency.max)}`,
      ],
      ["Took", span(run.startedAt, run.finishedAt)],
      ["Limited by", budget.limitedBy.join(", ")],
      ["Budget", budget.explanation.join(" ")],
    ],
    paint,
  );
}

/** How one run stands to another. */
export function comparisonText({ base, metrics, outcome }: RunsComparedFragment, paint: Paint): string {
  const columns: readonly Column<RunsComparedFragment["metrics"][number]>[] = [
    { name: "metric", value: ({ metric }) => metric },
    { name: "base", value: ({ base }) => base, align: "right" },
    { name: "head", value: ({ head }) => head, align: "right" },
    { name: "change", value: ({ change }) => change, align: "right" },
    { name: "relative", value: ({ relativeChange }) => relativeChange, text: relativeText, align: "right" },
    { name: "outcome", value: ({ outcome }) => outcome },
  ];
  return (
    tableText(columns, metrics, paint) +
    cardText(
      [
        ["Base", base.id],
        ["Outcome", outcome],
      ],
      paint,
    )
  );
}

function relativeText({ relativeChange }: { readonly relativeChange: number | null }): string {
  return relativeChange === null ? "-" : `${relativeChange > 0 ? "+" : ""}${percent(relativeChange)}`;
}

const isConnection = (result: RunResultFragment) => result.__typename === "ConnectionTestResult";
const isIsolation = (result: RunResultFragment) => result.__typename === "IsolationTestResult";
const isPerformance = (result: RunResultFragment) => result.__typename === "PerformanceTestResult";

function split(results: readonly RunResultFragment[]) {
  return [results.filter(isConnection), results.filter(isIsolation), results.filter(isPerformance)] as const;
}

/** Columns of one kind of result, for a list that could hold others. */
function anyOf<Result extends RunResultFragment>(
  columns: readonly Column<Result>[],
  fits: (result: RunResultFragment) => result is Result,
): readonly Column<RunResultFragment>[] {
  return columns.map(({ value, text, tone, ...rest }) => ({
    ...rest,
    value: (result) => (fits(result) ? value(result) : undefined),
    ...(text && { text: (result) => (fits(result) ? text(result) : "") }),
    ...(tone && { tone: (result) => (fits(result) ? tone(result) : "PLAIN") }),
  }));
}
