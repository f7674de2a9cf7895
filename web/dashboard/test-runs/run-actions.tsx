import { Button, Menu } from "@mantine/core";
import { IconDownload, IconFlag, IconRefresh } from "@tabler/icons-react";
import { useLocation } from "wouter";
import { toast, toastDone } from "../api/toast.ts";
import { type Outcome, useAct } from "../api/use-act.ts";
import { useApi } from "../api/use-api.ts";
import { type JobStatus, RetryJobAgainDocument, SetTestBaselineDocument } from "../gql/graphql.ts";
import { CancelButton } from "../progress/job-dialog.tsx";
import { useMay } from "../session/use-session.ts";
import { CompareMenu } from "./compare-menu.tsx";
import { exportRun } from "./export-run.ts";
import { hasEnded } from "./run-words.ts";
import type { TestRunShown } from "./test-run-shown.ts";

interface RunActionsProps {
  readonly run: TestRunShown;
  readonly status: JobStatus;
  onChanged(): void;
}

/** What can be done about a run: stop it while it goes on, and afterwards compare it, accept it, do it again, take it along. */
export function RunActions({ run, status, onChanged }: RunActionsProps) {
  if (!hasEnded(status)) return <CancelButton jobId={run.job.id} cancelling={status === "CANCELLING"} />;
  return (
    <>
      <RetryButton run={run} />
      <CompareMenu run={run} />
      <BaselineButton run={run} onChanged={onChanged} />
      <ExportMenu run={run} />
    </>
  );
}

interface RunProps {
  readonly run: TestRunShown;
}

/** Enters a new run for those that did not pass. */
function RetryButton({ run }: RunProps) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(RetryJobAgainDocument);
  const [, navigate] = useLocation();
  if (!may || run.verdict === "PASS") return null;
  const retry = async () => {
    const done = doneOf(await act({ input: { id: run.job.id } }));
    if (done?.job) navigate(`/test-runs/${done.job.id.replace(/^job_/, "run_")}`);
  };
  return (
    <Button
      variant="default"
      leftSection={<IconRefresh size={14} />}
      title="A new run for the tenants that did not pass"
      loading={acting}
      onClick={() => void retry()}
    >
      Test again
    </Button>
  );
}

function BaselineButton({ run, onChanged }: RunProps & { onChanged(): void }) {
  const may = useMay("OPERATOR");
  const { act, acting } = useAct(SetTestBaselineDocument);
  if (!may || run.status !== "SUCCEEDED") return null;
  const accept = async () => {
    if (!doneOf(await act({ input: { id: run.id } }))) return;
    toastDone("Accepted: later runs of this kind are held against it.");
    onChanged();
  };
  return (
    <Button variant="default" leftSection={<IconFlag size={14} />} loading={acting} onClick={() => void accept()}>
      Accept as baseline
    </Button>
  );
}

function ExportMenu({ run }: RunProps) {
  const { client } = useApi();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" leftSection={<IconDownload size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => void exportRun(client, run, "json")}>JSON, with every result</Menu.Item>
        <Menu.Item onClick={() => void exportRun(client, run, "csv")}>CSV, a line for each tenant</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What was done; a refusal is said for a moment, because there is no form to say it in. */
function doneOf<Data>(outcome: Outcome<Data>) {
  if ("done" in outcome) return outcome.done;
  if ("refused" in outcome) for (const refusal of outcome.refused) toast(refusal);
  return undefined;
}
