import type { JobRowFragment } from "../gql/graphql.ts";
import classes from "../parts/facts.module.css";
import { TenantLink } from "../parts/tenant-link.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { tookOf } from "./jobs-page.tsx";

/** Who asked for a job, when, and how long it took. */
export function JobFacts({ job }: { readonly job: JobRowFragment }) {
  const facts: (readonly [name: string, value: React.ReactNode])[] = [
    ["Asked for by", job.requestedBy],
    ["Entered", <TimeAgo key="entered" at={job.createdAt} />],
    ["Started", <TimeAgo key="started" at={job.startedAt} never="not yet" />],
    ["Ended", <TimeAgo key="ended" at={job.finishedAt} never="not yet" />],
    ["Took", tookOf(job)],
    ["Starts", job.attempts],
  ];
  if (job.tenant) facts.push(["Tenant", <TenantLink key="tenant" tenant={job.tenant} />]);
  return (
    <dl className={classes.facts} style={{ marginTop: 10 }}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
