import { Loader } from "@mantine/core";
import { Link, useParams } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { CompareTestRunsDocument, type TestRunRowFragment } from "../gql/graphql.ts";
import { PageFrame } from "../parts/page-frame.tsx";
import { Panel } from "../parts/panel.tsx";
import plain from "../parts/plain-table.module.css";
import { sayNumber } from "../parts/say.ts";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { NoSuchPage } from "../shell/no-such-page.tsx";
import { MetricsTable } from "./metrics-table.tsx";
import { kindWords } from "./run-words.ts";
import classes from "./test-runs.module.css";

/** Two ended runs of one kind beside each other. */
export function ComparePage() {
  const { id = "", base = "" } = useParams<{ id: string; base: string }>();
  const { state } = useFreshQuery(CompareTestRunsDocument, { baseId: base, headId: id });
  const comparison = state.data?.compareTestRuns;
  if (comparison === null || (state.error && !state.data)) return <NoSuchPage />;
  if (!comparison) return <Loader size="sm" m="xl" aria-label="The comparison is loaded" />;
  const { head, outcome, metrics } = comparison;
  return (
    <PageFrame title={`${kindWords[head.kind][0]}s compared`} aside={<StatusBadge status={outcome} />}>
      <div className={classes.halves}>
        <Panel title="Metrics" bare>
          <MetricsTable metrics={metrics} />
        </Panel>
        <Panel title="The two runs" bare>
          <RunsTable base={comparison.base} head={head} />
        </Panel>
      </div>
    </PageFrame>
  );
}

function RunsTable({ base, head }: { readonly base: TestRunRowFragment; readonly head: TestRunRowFragment }) {
  const facts: (readonly [name: string, of: (run: TestRunRowFragment) => React.ReactNode])[] = [
    ["Entered", (run) => <RunLink run={run} />],
    ["Verdict", (run) => (run.verdict ? <StatusBadge status={run.verdict} /> : "–")],
    ["Rating", (run) => (run.rating ? <RatingBadge rating={run.rating} /> : "–")],
    ["Tenants tested", ({ coverage }) => `${coverage.tenantsTested} of ${coverage.tenantsInScope}`],
    ["Passed", ({ summary }) => sayNumber(summary.passed)],
    ["Failed", ({ summary }) => sayNumber(summary.failed)],
    ["Inconclusive", ({ summary }) => sayNumber(summary.inconclusive)],
    ["Operations", ({ summary }) => sayNumber(summary.operations)],
  ];
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          <th scope="col">
            <span className="figures">Fact</span>
          </th>
          <th scope="col">Base</th>
          <th scope="col">This run</th>
        </tr>
      </thead>
      <tbody>
        {facts.map(([name, of]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{of(base)}</td>
            <td>{of(head)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function RunLink({ run: { id, createdAt } }: { readonly run: TestRunRowFragment }) {
  return (
    <Link className="link" href={`/test-runs/${id}`}>
      {new Date(createdAt).toLocaleString([], { dateStyle: "short", timeStyle: "medium" })}
    </Link>
  );
}
