import { Alert, Button, Loader, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link, useLocation, useParams } from "wouter";
import { toast } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { JobDetailDocument, type JobKind, type JobRowFragment, RetryJobAgainDocument } from "../gql/graphql.ts";
import { PageFrame } from "../parts/page-frame.tsx";
import { Panel } from "../parts/panel.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { EventLog } from "../progress/event-log.tsx";
import { CancelButton } from "../progress/job-dialog.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";
import { useJobProgress } from "../progress/use-progress.ts";
import { useMay } from "../session/use-session.ts";
import { NoSuchPage } from "../shell/no-such-page.tsx";
import { hasEnded } from "../test-runs/run-words.ts";
import { JobFacts } from "./job-facts.tsx";
import { JobFindings } from "./job-findings.tsx";
import { JobItems } from "./job-items.tsx";

/** One job: its events as they come, and what became of each tenant. */
export function JobPage() {
  const { id = "" } = useParams<{ id: string }>();
  return <Job key={id} id={id} />;
}

function Job({ id }: { readonly id: string }) {
  const { state, reload } = useFreshQuery(JobDetailDocument, { id });
  const job = state.data?.job;
  if (job === null) return <NoSuchPage />;
  if (!job) return <Loader size="sm" m="xl" aria-label="The job is loaded" />;
  return <KnownJob job={job} reload={reload} />;
}

interface KnownJobProps {
  readonly job: JobRowFragment;
  reload(): void;
}

const testKinds: ReadonlySet<JobKind> = new Set(["CONNECTION_TEST", "ISOLATION_TEST", "PERFORMANCE_TEST"]);
const careKinds: ReadonlySet<JobKind> = new Set(["VALIDATE_TENANTS", "REPAIR_TENANTS"]);

function KnownJob({ job, reload }: KnownJobProps) {
  const heard = useJobProgress(job.id);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has ended
  useEffect(() => {
    if (heard.ended) reload();
  }, [heard.ended]);
  const status = hasEnded(job.status) ? job.status : (heard.last?.status ?? job.status);
  const progress = hasEnded(job.status) ? job.progress : (heard.last?.progress ?? job.progress);
  return (
    <PageFrame
      title={job.kind}
      aside={
        <>
          <StatusBadge status={status} />
          <Text size="xs" c="dimmed" className="mono">
            {job.id}
          </Text>
        </>
      }
      actions={<JobActions job={job} status={status} />}
    >
      <Panel title="Progress">
        <JobProgressBar status={status} progress={progress} />
        <JobFacts job={job} />
        {heard.refusal !== undefined && <Alert color="red">{heard.refusal}</Alert>}
        {job.error && (
          <Alert color="red" title={job.error.code} mt="sm">
            {job.error.message}
          </Alert>
        )}
      </Panel>
      <Panel title="Events">
        <EventLog heard={heard} />
      </Panel>
      {careKinds.has(job.kind) && <JobFindings key={`findings ${heard.ended}`} jobId={job.id} />}
      <JobItems jobId={job.id} ended={heard.ended} />
    </PageFrame>
  );
}

interface JobActionsProps {
  readonly job: JobRowFragment;
  readonly status: JobRowFragment["status"];
}

function JobActions({ job, status }: JobActionsProps) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(RetryJobAgainDocument);
  const [, navigate] = useLocation();
  const retry = async () => {
    const outcome = await act({ input: { id: job.id } });
    if ("refused" in outcome) for (const refusal of outcome.refused) toast(refusal);
    if ("done" in outcome && outcome.done.job) navigate(`/jobs/${outcome.done.job.id}`);
  };
  return (
    <>
      {testKinds.has(job.kind) && (
        <Button component={Link} variant="default" href={`/test-runs/${job.id.replace(/^job_/, "run_")}`}>
          To the test run
        </Button>
      )}
      {!hasEnded(status) && <CancelButton jobId={job.id} cancelling={status === "CANCELLING"} />}
      {may && (status === "FAILED" || status === "CANCELLED") && (
        <Button leftSection={<IconRefresh size={14} />} loading={acting} onClick={() => void retry()}>
          Retry
        </Button>
      )}
    </>
  );
}
