import { Button, Switch, Text } from "@mantine/core";
import { IconCalendarPlus } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { toast } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { useFreshQuery } from "../api/use-fresh-query.ts";
import { type ScheduleRowFragment, SchedulesDocument, UpsertScheduleDocument } from "../gql/graphql.ts";
import type { ColumnLooks } from "../parts/column-looks.ts";
import { EmptyState } from "../parts/empty-state.tsx";
import { PageFrame } from "../parts/page-frame.tsx";
import { Panel } from "../parts/panel.tsx";
import plain from "../parts/plain-table.module.css";
import { sayCount } from "../parts/say.ts";
import { StatusBadge } from "../parts/status-badge.tsx";
import { TimeAgo } from "../parts/time-ago.tsx";
import { useMay } from "../session/use-session.ts";
import { DeleteScheduleButton } from "./delete-schedule-button.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";
import { runOf } from "./schedule-run.ts";

type Shown = "NEW" | ScheduleRowFragment | undefined;

/** What starts tests and validations again and again. */
export function SchedulesPage() {
  const { state, reload } = useFreshQuery(SchedulesDocument, {}, { everyMs: 10_000 });
  const may = useMay("OPERATOR");
  const [shown, setShown] = useState<Shown>();
  const schedules = state.data?.schedules;
  const add = may && (
    <Button leftSection={<IconCalendarPlus size={14} />} onClick={() => setShown("NEW")}>
      Add a schedule
    </Button>
  );
  return (
    <PageFrame
      title="Schedules"
      aside={
        <Text size="sm" c="dimmed" role="status">
          {schedules ? sayCount(schedules.length, "schedule") : "\u00a0"}
        </Text>
      }
      actions={add}
    >
      <Panel title="Schedules" bare>
        {schedules?.length === 0 && <EmptyState of="schedules" />}
        {schedules && schedules.length > 0 && (
          <ScheduleTable schedules={schedules} onEdit={setShown} onChanged={reload} />
        )}
      </Panel>
      <ScheduleDialog
        shown={shown}
        onClose={() => setShown(undefined)}
        onSaved={() => {
          setShown(undefined);
          reload();
        }}
      />
    </PageFrame>
  );
}

const heads: readonly (readonly [head: string, from?: ColumnLooks["from"]])[] = [
  ["Name"],
  ["Runs", "medium"],
  ["When"],
  ["Enabled"],
  ["Next", "medium"],
  ["Last", "wide"],
  ["Missed", "medium"],
  ["Change"],
];

interface ScheduleTableProps {
  readonly schedules: readonly ScheduleRowFragment[];
  onEdit(schedule: ScheduleRowFragment): void;
  onChanged(): void;
}

function ScheduleTable({ schedules, onEdit, onChanged }: ScheduleTableProps) {
  const may = useMay("OPERATOR");
  return (
    <table className={plain.table}>
      <thead>
        <tr>
          {heads.map(([head, from]) => (
            <th key={head} scope="col" data-from={from}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {schedules.map((schedule) => (
          <tr key={schedule.id}>
            <th scope="row">{schedule.name}</th>
            <td data-from="medium">{schedule.kind}</td>
            <td>
              <span className="mono">{schedule.cron}</span> {schedule.timeZone}
            </td>
            <td>
              <EnabledSwitch schedule={schedule} onChanged={onChanged} />
            </td>
            <td data-from="medium">{schedule.nextRunAt ? new Date(schedule.nextRunAt).toLocaleString() : "–"}</td>
            <td data-from="wide">
              <LastJob schedule={schedule} />
            </td>
            <td data-from="medium" title={schedule.lastMissedReason ?? undefined}>
              {schedule.missedTotal}
            </td>
            <td>
              {may && (
                <Button
                  variant="subtle"
                  size="compact-xs"
                  onClick={() => onEdit(schedule)}
                  aria-label={`Edit ${schedule.name}`}
                >
                  Edit
                </Button>
              )}
              {may && <DeleteScheduleButton schedule={schedule} onDeleted={onChanged} />}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ScheduleProps {
  readonly schedule: ScheduleRowFragment;
}

function LastJob({ schedule: { lastJob, lastRunAt } }: ScheduleProps) {
  if (!lastJob) return <TimeAgo at={lastRunAt} />;
  return (
    <Link className="link" href={`/jobs/${lastJob.id}`}>
      <StatusBadge status={lastJob.status} /> <TimeAgo at={lastRunAt} />
    </Link>
  );
}

function EnabledSwitch({ schedule, onChanged }: ScheduleProps & { onChanged(): void }) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(UpsertScheduleDocument);
  const change = async (enabled: boolean) => {
    const { id, name, cron, timeZone } = schedule;
    const outcome = await act({ input: { id, name, cron, timeZone, enabled, run: runOf(schedule) } });
    if ("refused" in outcome) for (const refusal of outcome.refused) toast(refusal);
    onChanged();
  };
  return (
    <Switch
      aria-label={`${schedule.name} is enabled`}
      checked={schedule.enabled}
      disabled={!may || acting}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
