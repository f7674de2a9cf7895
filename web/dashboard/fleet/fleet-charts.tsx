import { Chart } from "../parts/chart.tsx";
import { Panel } from "../parts/panel.tsx";
import { sayMs, sayNumber } from "../parts/say.ts";
import classes from "./fleet.module.css";
import type { Snapshot } from "./use-metrics.ts";

const leastSeconds = 60;

/** How much the API is asked, and how quickly it answers, since the page was opened. */
export function FleetCharts({ snapshots }: { readonly snapshots: readonly Snapshot[] }) {
  const times = snapshots.map(({ at }) => Date.parse(at) / 1_000);
  const line = (value: (snapshot: Snapshot) => number | null | undefined) =>
    snapshots.map((snapshot) => value(snapshot) ?? null);
  return (
    <div className={classes.pair}>
      <Panel title="Requests">
        <Chart
          label="Operations of the API"
          times={times}
          leastSeconds={leastSeconds}
          lines={[
            { label: "requests/s", tone: "calm" },
            { label: "errors/s", tone: "warm" },
          ]}
          values={[line(({ api }) => api.requestsPerSecond), line(({ api }) => api.errorsPerSecond)]}
          say={(value) => sayNumber(value, value !== null && value < 10 ? 1 : 0)}
        />
      </Panel>
      <Panel title="Latency">
        <Chart
          label="Latency of queries and mutations of the last minute"
          times={times}
          leastSeconds={leastSeconds}
          lines={[
            { label: "p50", tone: "calm" },
            { label: "p95", tone: "warm" },
            { label: "p99", tone: "hot" },
          ]}
          values={[
            line(({ api }) => api.latency?.p50),
            line(({ api }) => api.latency?.p95),
            line(({ api }) => api.latency?.p99),
          ]}
          say={sayMs}
        />
      </Panel>
    </div>
  );
}
