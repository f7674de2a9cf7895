import { Group, Progress, Text } from "@mantine/core";
import type { JobStatus, ProgressPartsFragment } from "../gql/graphql.ts";
import { sayNumber, saySeconds } from "../parts/say.ts";

interface JobProgressBarProps {
  readonly status: JobStatus;
  readonly progress: ProgressPartsFragment;
  /** One line in a table, without the figures below it. */
  readonly compact?: boolean;
}

/** How far a job or a test run has come: percent, tenants, rate, and the time that is left. */
export function JobProgressBar({ status, progress, compact = false }: JobProgressBarProps) {
  const { percent, phase } = progress;
  const bar = (
    <Progress.Root size={compact ? "sm" : "md"} flex={1} miw={40}>
      <Progress.Section
        value={percent}
        color={colourOf(status, progress.failed)}
        aria-label={`${phase}: ${Math.floor(percent)} %`}
      />
    </Progress.Root>
  );
  if (compact)
    return (
      <Group gap={8} wrap="nowrap">
        {bar}
        <Text size="xs" className="figures" w={34} ta="right">
          {Math.floor(percent)} %
        </Text>
      </Group>
    );
  return (
    <div>
      {bar}
      <Group justify="space-between" mt={4} gap="xs">
        <Text size="xs" className="figures">
          {Math.floor(percent)} % · {phase} · {tally(progress)}
        </Text>
        <Text size="xs" c="dimmed" className="figures">
          {pace(status, progress)}
        </Text>
      </Group>
    </div>
  );
}

function colourOf(status: JobStatus, failed: number): string {
  if (status === "FAILED" || failed > 0) return "red.7";
  if (status === "SUCCEEDED") return "green.7";
  return status === "CANCELLED" || status === "CANCELLING" ? "gray.6" : "blue.6";
}

function tally({ done, failed, skipped, total }: ProgressPartsFragment): string {
  const parts = [`${sayNumber(done)} of ${sayNumber(total)} done`];
  if (failed > 0) parts.push(`${sayNumber(failed)} failed`);
  if (skipped > 0) parts.push(`${sayNumber(skipped)} skipped`);
  return parts.join(", ");
}

function pace(status: JobStatus, { ratePerSecond, etaSeconds }: ProgressPartsFragment): string {
  if (status === "QUEUED") return "waits for its turn";
  if (status !== "RUNNING" || typeof ratePerSecond !== "number") return "\u00a0";
  const eta = typeof etaSeconds === "number" ? ` · ${saySeconds(etaSeconds)} left` : "";
  return `${sayNumber(ratePerSecond, 1)}/s${eta}`;
}
