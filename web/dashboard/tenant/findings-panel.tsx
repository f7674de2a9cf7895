import { Text } from "@mantine/core";
import type { TenantShownFragment } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";

/** What the last validation or repair found of a tenant and did not mend. */
export function FindingsPanel({ tenant }: { readonly tenant: TenantShownFragment }) {
  return (
    <Panel title="Findings" bare>
      {tenant.findings.length === 0 && <EmptyState of="findings" />}
      <table className={tables.table} aria-label="Findings">
        <tbody>
          {tenant.findings.map(({ kind, severity, object, message, observedAt }) => (
            <tr key={`${kind} ${object}`}>
              <td>
                <StatusBadge status={severity} />
              </td>
              <td style={{ whiteSpace: "normal" }}>
                <Text size="sm" fw={600}>
                  {kind}
                </Text>
                <Text size="sm">{message}</Text>
              </td>
              <td>
                <TimeAgo at={observedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
