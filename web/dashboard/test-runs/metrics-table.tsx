import { Text } from "@mantine/core";
import type { ComparisonPartsFragment } from "../gql/graphql.ts";
import plain from "../parts/plain-table.module.css";
import { sayMs, sayNumber } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";

type Metric = ComparisonPartsFragment["metrics"][number];

/** What became better or worse from one run to another, metric by metric. */
export function MetricsTable({ metrics }: { readonly metrics: readonly Metric[] }) {
  if (metrics.length === 0) return <Text size="sm">The two runs have no metric in common.</Text>;
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          <th scope="col">Metric</th>
          <th scope="col" data-align="right">
            Base
          </th>
          <th scope="col" data-align="right">
            This run
          </th>
          <th scope="col" data-align="right">
            Change
          </th>
          <th scope="col">Outcome</th>
        </tr>
      </thead>
      <tbody>
        {metrics.map((metric) => (
          <tr key={metric.metric}>
            <th scope="row">{metric.metric}</th>
            <td data-align="right">{say(metric, metric.base)}</td>
            <td data-align="right">{say(metric, metric.head)}</td>
            <td data-align="right">{changeOf(metric)}</td>
            <td>
              <StatusBadge
                status={metric.outcome}
                title={metric.beyondNoise ? "Beyond noise" : "Two runs of the same thing could differ by as much"}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function say({ metric }: Metric, value: number): string {
  if (metric === "SUCCESS_RATE") return `${sayNumber(value * 100, 1)} %`;
  return metric === "OPERATIONS_PER_SECOND" ? `${sayNumber(value, 1)}/s` : sayMs(value);
}

function changeOf({ relativeChange, change }: Metric): string {
  if (typeof relativeChange !== "number") return sayNumber(change, 2);
  const percent = relativeChange * 100;
  return `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${sayNumber(Math.abs(percent), 1)} %`;
}
