import { Group, Text } from "@mantine/core";
import { useEffect, useMemo } from "react";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { ConnectionHistoryDocument, type ConnectionHistoryQuery, type TenantShownFragment } from "../gql/graphql.ts";
import { Chart } from "../parts/chart.tsx";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import { sayMs } from "../parts/say.ts";
import { RatingBadge, StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";

interface HealthPanelProps {
  readonly tenant: TenantShownFragment;
  /** When it grows, something has happened to the tenant. */
  readonly happened: number;
}

type Run = ConnectionHistoryQuery["testRuns"]["nodes"][number];

/** The last connection check of a tenant, and what the newest connection tests saw. */
export function HealthPanel({ tenant, happened }: HealthPanelProps) {
  const { state, reload } = useFreshQuery(ConnectionHistoryDocument, { id: tenant.id });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something has happened
  useEffect(reload, [happened]);
  const nodes = state.data?.testRuns.nodes;
  const checks = useMemo(() => (nodes ?? []).filter(({ resultOf }) => resultOf).reverse(), [nodes]);
  return (
    <Panel title="Health" actions={<LastCheck health={tenant.health} />}>
      {checks.length === 0 ? <EmptyState of="checks" /> : <History checks={checks} />}
    </Panel>
  );
}

function LastCheck({ health }: Pick<TenantShownFragment, "health">) {
  if (!health) return null;
  return (
    <Group gap="sm">
      {health.reachable && health.rating ? <RatingBadge rating={health.rating} /> : <StatusBadge status="FAIL" />}
      <Text size="xs" c="dimmed" className="figures">
        {health.reachable ? sayMs(health.latencyMs) : health.errorCode} · <TimeAgo at={health.checkedAt} />
      </Text>
    </Group>
  );
}

function History({ checks }: { readonly checks: readonly Run[] }) {
  const { times, values } = useMemo(() => toLines(checks), [checks]);
  const failed = checks.filter(({ resultOf }) => resultOf?.verdict !== "PASS");
  return (
    <>
      <Chart
        label="What the newest connection tests saw of this tenant"
        points
        lines={[
          { label: "connect", tone: "calm" },
          { label: "first query", tone: "warm" },
        ]}
        times={times}
        values={values}
        say={sayMs}
      />
      {failed.length > 0 && (
        <Text size="xs" c="dimmed">
          {failed.length} of {checks.length} tests could not log in, the last with {failed.at(-1)?.resultOf?.errorCode}.
        </Text>
      )}
    </>
  );
}

function toLines(checks: readonly Run[]) {
  const results = checks.map(({ resultOf }) =>
    resultOf?.__typename === "ConnectionTestResult" ? resultOf : undefined,
  );
  return {
    times: checks.map(({ createdAt }) => Date.parse(createdAt) / 1_000),
    values: [results.map((each) => each?.connectMs ?? null), results.map((each) => each?.queryMs ?? null)],
  };
}
