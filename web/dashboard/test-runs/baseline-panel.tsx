import { Group, Text } from "@mantine/core";
import { Link } from "wouter";
import type { ComparisonPartsFragment } from "../gql/graphql.ts";
import { Panel } from "../parts/panel.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { MetricsTable } from "./metrics-table.tsx";

/** How a run stands to the accepted baseline of its kind. */
export function BaselinePanel({ comparison }: { readonly comparison: ComparisonPartsFragment }) {
  const { base, head, outcome, metrics } = comparison;
  return (
    <Panel title="Against the baseline" actions={<StatusBadge status={outcome} />} bare>
      <MetricsTable metrics={metrics} />
      <Group justify="space-between" p="sm">
        <Text size="xs" c="dimmed">
          The baseline was entered <TimeAgo at={base.createdAt} />.
        </Text>
        <Link className="link" href={`/test-runs/${head.id}/compare/${base.id}`}>
          Side by side
        </Link>
      </Group>
    </Panel>
  );
}
