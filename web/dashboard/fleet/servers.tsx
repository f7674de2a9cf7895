import type { FleetQuery } from "../gql/graphql.ts";
import type { ColumnLooks } from "../parts/column-looks.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { sayMs, sayNumber } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import type { Snapshot } from "./use-metrics.ts";
import { WarmPool } from "./warm-pool.tsx";

type Server = FleetQuery["fleet"]["servers"][number];

interface ServersProps {
  readonly servers: readonly Server[] | undefined;
  readonly newest: Snapshot | undefined;
}

const heads: readonly (Pick<ColumnLooks, "align" | "from"> & { readonly name: string })[] = [
  { name: "Name" },
  { name: "Status" },
  { name: "Version", from: "wide" },
  { name: "Tenants", align: "right" },
  { name: "Connections", align: "right", from: "medium" },
  { name: "Threads", align: "right", from: "wide" },
  { name: "Statements/s", align: "right", from: "medium" },
  { name: "Ping", align: "right", from: "medium" },
  { name: "Own pool", align: "right", from: "wide" },
  { name: "Ready-made", align: "right", from: "medium" },
  { name: "Last contact", from: "wide" },
];

/** Every server with its connections and threads as they were last sampled. */
export function Servers({ servers, newest }: ServersProps) {
  return (
    <Panel title="Servers" bare>
      {servers?.length === 0 ? (
        <EmptyState of="servers" />
      ) : (
        <table className={tables.table}>
          <thead>
            <tr>
              {heads.map(({ name, align, from }) => (
                <th key={name} scope="col" data-align={align} data-from={from}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {servers?.map((server) => (
              <ServerRow key={server.id} server={server} newest={newest} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function ServerRow({ server, newest }: { readonly server: Server; readonly newest: Snapshot | undefined }) {
  const seen = newest?.servers.find((each) => each.server.id === server.id);
  const pool = seen?.pool;
  return (
    <tr>
      <td title={`${server.host}:${server.port}`}>{server.name}</td>
      <td>
        <StatusBadge status={seen?.server.status ?? server.status} />
      </td>
      <td data-from="wide" title={`${server.engine} ${server.version ?? ""}`}>
        {server.version?.split("-")[0] ?? server.engine}
      </td>
      <td data-align="right">{sayNumber(seen?.server.tenantCount ?? server.tenantCount)}</td>
      <td data-align="right" data-from="medium">
        {sayNumber(seen?.threadsConnected)} of {sayNumber(seen?.maxConnections)}
      </td>
      <td data-align="right" data-from="wide" title="that work at this moment">
        {sayNumber(seen?.threadsRunning)}
      </td>
      <td data-align="right" data-from="medium">
        {sayNumber(seen?.queriesPerSecond)}
      </td>
      <td data-align="right" data-from="medium">
        {sayMs(seen?.pingMs)}
      </td>
      <td
        data-align="right"
        data-from="wide"
        title={pool ? `${pool.idle} idle, ${pool.waiting} wait for one` : undefined}
      >
        {pool ? `${pool.inUse} of ${pool.limit}` : "–"}
      </td>
      <td data-align="right" data-from="medium">
        <WarmPool server={server} />
      </td>
      <td data-from="wide">
        <TimeAgo at={server.lastContactAt} />
      </td>
    </tr>
  );
}
