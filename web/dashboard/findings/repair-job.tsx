import { Alert, Group, Text } from "@mantine/core";
import { useEffect } from "react";
import { Link } from "wouter";
import { StatusBadge } from "../parts/status-badge.tsx";
import { CancelButton } from "../progress/job-dialog.tsx";
import { JobProgressBar } from "../progress/job-progress-bar.tsx";
import { useJobProgress } from "../progress/use-progress.ts";

interface RepairJobProps {
  readonly jobId: string;
  readonly title: string;
  onEnded(): void;
}

/** A dry run or a repair as it goes on. */
export function RepairJob({ jobId, title, onEnded }: RepairJobProps) {
  const { last, ended, refusal } = useJobProgress(jobId);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it has ended
  useEffect(() => {
    if (ended) onEnded();
  }, [ended]);
  const status = last?.status ?? "QUEUED";
  return (
    <div>
      <Group justify="space-between" mih={34}>
        <Group gap="md">
          <Text fw={600} size="sm">
            {title}
          </Text>
          <StatusBadge status={status} />
          <Link className="link" href={`/jobs/${jobId}`}>
            Its job
          </Link>
        </Group>
        {!ended && <CancelButton jobId={jobId} cancelling={status === "CANCELLING"} />}
      </Group>
      {last && <JobProgressBar status={status} progress={last.progress} />}
      {refusal !== undefined && <Alert color="red">{refusal}</Alert>}
    </div>
  );
}
