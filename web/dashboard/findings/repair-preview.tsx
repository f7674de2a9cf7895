import { Alert, Button, Checkbox, Group, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { RepairCountsDocument } from "../gql/graphql.ts";
import { JobFindings } from "../jobs/job-findings.tsx";
import { sayCount } from "../parts/say.ts";

interface RepairPreviewProps {
  /** The dry run. */
  readonly jobId: string;
  readonly acting: boolean;
  readonly close: ReactNode;
  onRepair(confirmDataLoss: boolean): void;
}

/** What a repair would do, finding by finding; where data are lost, they are named and it is asked for a second time. */
export function RepairPreview({ jobId, acting, close, onRepair }: RepairPreviewProps) {
  const [confirmed, setConfirmed] = useState(false);
  const { state } = useFreshQuery(RepairCountsDocument, { id: jobId });
  const job = state.data?.job;
  if (!job) return null;
  const planned = job.planned.totalCount;
  const lost = job.lost.totalCount;
  const count = planned + (confirmed ? lost : 0);
  return (
    <>
      <JobFindings jobId={jobId} />
      <Text size="sm" role="status">
        {sayCount(planned, "finding")} would be mended. What is only reported stays as it is.
      </Text>
      {lost > 0 && (
        <Alert color="red" title={`Of ${sayCount(lost, "finding")} the data are lost`}>
          <Text size="sm" mb={6}>
            NEEDS_CONFIRMATION: what was there is gone and would be made anew, empty. If there is a backup, restore it
            first.
          </Text>
          <Checkbox
            label="Make it anew, empty; what is lost stays lost"
            checked={confirmed}
            onChange={(event) => setConfirmed(event.currentTarget.checked)}
          />
        </Alert>
      )}
      <Group justify="flex-end">
        {close}
        <Button
          {...(confirmed && { color: "red" })}
          disabled={count === 0}
          loading={acting}
          onClick={() => onRepair(confirmed)}
        >
          {count === 0 ? "Nothing to repair" : `Repair ${sayCount(count, "finding")}`}
        </Button>
      </Group>
    </>
  );
}
