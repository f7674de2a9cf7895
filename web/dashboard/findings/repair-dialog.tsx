import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/use-act.ts";
import { RepairFindingsDocument } from "../gql/graphql.ts";
import { JobFindings } from "../jobs/job-findings.tsx";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { RepairJob } from "./repair-job.tsx";
import { RepairPreview } from "./repair-preview.tsx";

interface RepairDialogProps {
  readonly opened: boolean;
  /** The tenant to be repaired; undefined: all of them. */
  readonly tenantId: string | undefined;
  onClose(): void;
}

/** Repairs in two steps: a dry run that lists exactly what would be done, and then the real one. */
export function RepairDialog({ opened, tenantId, onClose }: RepairDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Repair" size="xl" closeOnClickOutside={false}>
      {opened && <Repair tenantId={tenantId} onClose={onClose} />}
    </Modal>
  );
}

interface Step {
  readonly jobId: string;
  readonly real: boolean;
  readonly ended: boolean;
}

function Repair({ tenantId, onClose }: Omit<RepairDialogProps, "opened">) {
  const { act, acting } = useAct(RepairFindingsDocument);
  const { refused, show } = useRefused();
  const [step, setStep] = useState<Step>();
  const begin = async (real: boolean, confirmDataLoss = false) => {
    const filter = tenantId === undefined ? {} : { filter: { ids: [tenantId] } };
    const done = show(await act({ input: { ...filter, dryRun: !real, confirmDataLoss } }));
    if (done?.job) setStep({ jobId: done.job.id, real, ended: false });
  };
  const close = (
    <Button variant="default" onClick={onClose}>
      Close
    </Button>
  );
  return (
    <Stack gap="sm">
      <Refusals refused={refused} />
      {!step && (
        <Beginning all={tenantId === undefined} acting={acting} close={close} onBegin={() => void begin(false)} />
      )}
      {step && (
        <RepairJob
          key={step.jobId}
          jobId={step.jobId}
          title={step.real ? "The repair" : "The dry run"}
          onEnded={() => setStep((before) => before && { ...before, ended: true })}
        />
      )}
      {step?.ended && !step.real && (
        <RepairPreview
          jobId={step.jobId}
          acting={acting}
          close={close}
          onRepair={(confirmed) => void begin(true, confirmed)}
        />
      )}
      {step?.ended && step.real && (
        <>
          <JobFindings jobId={step.jobId} />
          <Group justify="flex-end">{close}</Group>
        </>
      )}
    </Stack>
  );
}

interface BeginningProps {
  readonly all: boolean;
  readonly acting: boolean;
  readonly close: React.ReactNode;
  onBegin(): void;
}

function Beginning({ all, acting, close, onBegin }: BeginningProps) {
  return (
    <>
      <Text size="sm">
        A dry run looks at {all ? "every tenant" : "the chosen tenant"} and lists exactly what a repair would do. It
        changes nothing.
      </Text>
      <Group justify="flex-end">
        {close}
        <Button loading={acting} onClick={onBegin} data-autofocus>
          Show what would be done
        </Button>
      </Group>
    </>
  );
}
