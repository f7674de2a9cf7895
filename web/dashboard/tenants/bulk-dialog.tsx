import { Button, Checkbox, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import type { FilterChoicesQuery, TenantFilter } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Refusals } from "../parts/refusals.tsx";
import { JobDialog } from "../progress/job-dialog.tsx";
import { type BulkAction, scopeOf } from "./bulk-actions.ts";
import { TouchedTenants } from "./touched-tenants.tsx";
import { type RepairOptions, useBulkAct } from "./use-bulk-act.ts";

interface BulkDialogProps {
  readonly action: BulkAction;
  /** The tenants that are meant; some of them the action may not take. */
  readonly meant: TenantFilter;
  readonly choices: FilterChoicesQuery["fleet"] | undefined;
  onClose(): void;
  onDone(): void;
}

/** Shows whom an action touches before it begins, and how it goes on after. */
export function BulkDialog({ action, meant, choices, onClose, onDone }: BulkDialogProps) {
  const [jobId, setJobId] = useState<string>();
  const [count, setCount] = useState<number>();
  const [options, setOptions] = useState<RepairOptions>({ dryRun: true, confirmDataLoss: false });
  const { act, acting, refused } = useBulkAct();
  const [, navigate] = useLocation();
  const scope = scopeOf(action, meant);
  const begin = async () => {
    const begun = scope && (await act(action.name, scope, options));
    if (!begun) return;
    onDone();
    if ("runId" in begun) navigate(`/test-runs/${begun.runId}`);
    else setJobId(begun.jobId);
  };
  if (jobId !== undefined) return <JobDialog jobId={jobId} title={action.label} onClose={onClose} />;
  return (
    <Dialog onClose={onClose} title={`${action.label} tenants`} size="lg">
      <Stack gap="sm">
        <Text size="sm">{action.explanation}</Text>
        <TouchedTenants scope={scope} choices={action.name === "MIGRATE" ? choices : undefined} onCounted={setCount} />
        {action.name === "REPAIR" && <RepairChoices options={options} onChange={setOptions} />}
        <Refusals refused={refused} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button loading={acting} disabled={!count} onClick={begin}>
            {action.name === "REPAIR" && options.dryRun ? "Dry-run repair" : action.label}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

interface RepairChoicesProps {
  readonly options: RepairOptions;
  onChange(options: RepairOptions): void;
}

function RepairChoices({ options, onChange }: RepairChoicesProps) {
  return (
    <Stack gap={6}>
      <Checkbox
        label="Dry run: report what would be done, change nothing"
        checked={options.dryRun}
        onChange={(event) => onChange({ ...options, dryRun: event.currentTarget.checked })}
      />
      <Checkbox
        label="Allow repairs after which lost data stays lost, such as re-creating a missing database or table empty"
        checked={options.confirmDataLoss}
        onChange={(event) => onChange({ ...options, confirmDataLoss: event.currentTarget.checked })}
      />
    </Stack>
  );
}
