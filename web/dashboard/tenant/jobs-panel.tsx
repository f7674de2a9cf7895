import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { TenantJobsDocument, type TenantJobsQuery } from "../gql/graphql.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { sayMs } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";

interface JobsPanelProps {
  readonly tenantId: string;
  /** When it grows, something has happened to the tenant. */
  readonly happened: number;
}

type Job = NonNullable<TenantJobsQuery["tenant"]>["jobs"]["nodes"][number];

const everyMs = 5_000;
const step = 10;
const most = 100;

/** What was done to a tenant alone, the newest first. */
export function JobsPanel({ tenantId, happened }: JobsPanelProps) {
  const [first, setFirst] = useState(step);
  const { state, reload } = useFreshQuery(TenantJobsDocument, { id: tenantId, first }, { everyMs });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something has happened
  useEffect(reload, [happened]);
  const page = state.data?.tenant?.jobs;
  return (
    <Panel title="Jobs" bare>
      {page?.nodes.length === 0 && <EmptyState of="jobs" />}
      <table className={tables.table} aria-label="Jobs on this tenant">
        <tbody>
          {page?.nodes.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </tbody>
      </table>
      {page?.pageInfo.hasNextPage && first < most && (
        <Button variant="subtle" fullWidth onClick={() => setFirst(Math.min(most, first + 3 * step))}>
          Earlier ones
        </Button>
      )}
    </Panel>
  );
}

function JobRow({ job }: { readonly job: Job }) {
  const { id, kind, status, error, requestedBy, createdAt, startedAt, finishedAt, progress } = job;
  const took = startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : undefined;
  return (
    <tr>
      <td>
        <Link className="link" href={`/jobs/${id}`}>
          {kind}
        </Link>
      </td>
      <td>
        <StatusBadge status={status} title={error ? `${error.code}: ${error.message}` : undefined} />
      </td>
      <td data-align="right" data-from="medium">
        {status === "RUNNING" ? (
          <JobProgressBar compact status={status} progress={progress} />
        ) : (
          took !== undefined && sayMs(took)
        )}
      </td>
      <td>
        <TimeAgo at={createdAt} />
      </td>
      <td data-from="medium">{requestedBy}</td>
    </tr>
  );
}
