import { useFreshQuery } from "../api/use-fresh-query.ts";
import { FleetDocument } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { PageFrame } from "../parts/page-frame.tsx";
import { Panel } from "../parts/panel.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";

const everyMs = 5_000;

/** The whole fleet at a glance. */
export function FleetPage() {
  const { state } = useFreshQuery(FleetDocument, {}, { everyMs });
  const servers = state.data?.fleet.servers ?? [];
  return (
    <PageFrame title="Fleet">
      <Panel title="Servers">
        {servers.map(({ id, name, status }) => (
          <p key={id}>
            {name} <StatusBadge status={status} />
          </p>
        ))}
        {state.data && servers.length === 0 && <EmptyState of="servers" />}
      </Panel>
    </PageFrame>
  );
}
