import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useEffect } from "react";
import { useAct } from "../api/use-act.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { CancelJobDocument, JobSummaryDocument, type JobSummaryQuery } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";
import { StatusBadge } from "../parts/status-badge.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { useMay } from "../session/use-session.ts";
import { EventLog } from "./event-log.tsx";
import { JobProgressBar } from "./job-progress-bar.tsx";
import { type Heard, type JobEvent, useJobProgress } from "./use-progress.ts";

interface JobDialogProps {
  /** The job; undefined: closed. */
  readonly jobId: string | undefined;
  readonly title: string;
  onClose(): void;
  /** The job has ended. */
  onEnded?(): void;
}

/** A job as it goes on: progress, its events, and how to stop it. Closing it does not stop the job. */
export function JobDialog({ jobId, title, onClose, onEnded }: JobDialogProps) {
  return (
    <Modal opened={jobId !== undefined} onClose={onClose} title={title} size="lg">
      {jobId !== undefined && <FollowedJob key={jobId} jobId={jobId} onEnded={onEnded} onClose={onClose} />}
    </Modal>
  );
}

interface FollowedJobProps {
  readonly jobId: string;
  readonly onEnded: (() => void) | undefined;
  onClose(): void;
}

function FollowedJob({ jobId, onEnded, onClose }: FollowedJobProps) {
  const heard = useJobProgress(jobId);
  const { state, reload } = useFreshQuery(JobSummaryDocument, { id: jobId });
  const job = state.data?.job ?? undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has ended
  useEffect(() => {
    if (!heard.ended) return;
    reload();
    onEnded?.();
  }, [heard.ended]);
  const status = heard.last?.status ?? job?.status ?? "QUEUED";
  const progress = heard.last?.progress ?? job?.progress;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <StatusBadge status={status} />
        <Text size="xs" c="dimmed" className="mono">
          {jobId}
        </Text>
      </Group>
      {progress && <JobProgressBar status={status} progress={progress} />}
      <WhyFailed job={job} heard={heard} />
      <EventLog heard={heard} />
      <Group justify="flex-end">
        {!heard.ended && <CancelButton jobId={jobId} cancelling={status === "CANCELLING"} />}
        <Button variant={heard.ended ? "filled" : "default"} onClick={onClose}>
          Close
        </Button>
      </Group>
    </Stack>
  );
}

interface WhyFailedProps {
  readonly job: JobSummaryQuery["job"] | undefined;
  readonly heard: Heard<JobEvent>;
}

function WhyFailed({ job, heard }: WhyFailedProps) {
  if (heard.refusal !== undefined) return <Alert color="red">{heard.refusal}</Alert>;
  if (!job?.error || !heard.ended) return null;
  return (
    <Alert color="red" title={job.error.code}>
      {job.error.message}
    </Alert>
  );
}

/** Asks a job to stop. Offered to who may. */
export function CancelButton({ jobId, cancelling }: { readonly jobId: string; readonly cancelling: boolean }) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(CancelJobDocument);
  const { refused, show } = useRefused();
  if (!may) return null;
  return (
    <>
      <Refusals refused={refused} />
      <Button
        variant="default"
        loading={acting}
        disabled={cancelling}
        onClick={async () => show(await act({ input: { id: jobId } }))}
      >
        {cancelling ? "Cancelling…" : "Cancel job"}
      </Button>
    </>
  );
}
