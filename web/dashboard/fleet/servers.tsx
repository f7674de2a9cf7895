import type { FleetQuery } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { sayMs, sayNumber } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import type { Snapshot } from "./use-metrics.ts";

type Server = FleetQuery["fleet"]["servers"][number];

interface ServersProps {
  readonly servers: readonly Server[] | undefined;
  readonly newest: Snapshot | undefined;
}

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
              <th scope="col">Name</th>
              <th scope="col">Status</th>
              <th scope="col">Version</th>
              <th scope="col" data-align="right">
                Tenants
              </th>
              <th scope="col" data-align="right">
                Connections
              </th>
              <th scope="col" data-align="right">
                Threads running
              </th>
              <th scope="col" data-align="right">
                Statements/s
              </th>
              <th scope="col" data-align="right">
                Ping
              </th>
              <th scope="col" data-align="right">
                Own pool
              </th>
              <th scope="col">Last contact</th>
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
      <td title={server.version ?? undefined}>
        {server.engine} {server.version?.split("-")[0] ?? ""}
      </td>
      <td data-align="right">{sayNumber(seen?.server.tenantCount ?? server.tenantCount)}</td>
      <td data-align="right">
        {sayNumber(seen?.threadsConnected)} of {sayNumber(seen?.maxConnections)}
      </td>
      <td data-align="right">{sayNumber(seen?.threadsRunning)}</td>
      <td data-align="right">{sayNumber(seen?.queriesPerSecond)}</td>
      <td data-align="right">{sayMs(seen?.pingMs)}</td>
      <td data-align="right" title={pool ? `${pool.idle} idle, ${pool.waiting} wait for one` : undefined}>
        {pool ? `${pool.inUse} of ${pool.limit}` : "–"}
      </td>
      <td>
        <TimeAgo at={server.lastContactAt} />
      </td>
    </tr>
  );
}
