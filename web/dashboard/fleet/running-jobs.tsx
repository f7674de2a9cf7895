import { Text } from "@mantine/core";
import { useEffect } from "react";
import { Link } from "wouter";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { RunningJobsDocument } from "../gql/graphql.ts";
import { Panel } from "../parts/panel.tsx";
import tables from "../parts/plain-table.module.css";
import { StatusBadge } from "../parts/status-badge.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";

const everyMs = 2_000;

/** What is at work or waits for its turn. @param running how many run, by which it notices that one began or ended */
export function RunningJobs({ running }: { readonly running: number }) {
  const { state, reload } = useFreshQuery(RunningJobsDocument, {}, running > 0 ? { everyMs } : {});
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that the number changes
  useEffect(reload, [running]);
  const jobs = state.data?.jobs.nodes ?? [];
  return (
    <Panel title="Running jobs" bare>
      {jobs.length === 0 && (
        <Text size="sm" c="dimmed" p="md">
          Nothing is at work.
        </Text>
      )}
      <table className={tables.table} aria-label="Running jobs">
        <tbody>
          {jobs.map(({ id, kind, status, progress, tenant }) => (
            <tr key={id}>
              <td>
                <Link className="link" href={`/jobs/${id}`}>
                  {kind}
                </Link>
                {tenant && ` · ${tenant.slug}`}
              </td>
              <td>
                <StatusBadge status={status} />
              </td>
              <td style={{ width: "40%" }}>
                <JobProgressBar compact status={status} progress={progress} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
