import { Button, Group, Stack, Text } from "@mantine/core";
import { useAct } from "../api/use-act.ts";
import {
  ResumeTenantDocument,
  RetryTenantDocument,
  RotateCredentialsDocument,
  SuspendTenantDocument,
  type TenantShownFragment,
} from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import type { BegunJob } from "./begun-job.ts";
import type { LifecycleStep, StepName } from "./lifecycle-steps.ts";

interface ConfirmDialogProps {
  readonly tenant: TenantShownFragment;
  readonly step: LifecycleStep;
  onClose(): void;
  onBegun(job: BegunJob): void;
}

/** Says what a step does before it is taken. */
export function ConfirmDialog({ tenant, step, onClose, onBegun }: ConfirmDialogProps) {
  const { take, taking } = useStep(step.name);
  const { refused, show } = useRefused();
  const confirm = async () => {
    const done = show(await take(tenant.id));
    if (!done) return;
    onClose();
    if (done.job) onBegun({ id: done.job.id, title: `${step.label} ${tenant.slug}` });
  };
  return (
    <Dialog onClose={onClose} title={`${step.label} ${tenant.slug}`}>
      <Stack gap="sm">
        <Text size="sm">{step.explanation}</Text>
        <Refusals refused={refused} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button data-autofocus loading={taking} onClick={confirm}>
            {step.label}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** The four steps answer alike. */
function useStep(name: StepName) {
  const steps = {
    SUSPEND: useAct(SuspendTenantDocument),
    RESUME: useAct(ResumeTenantDocument),
    ROTATE: useAct(RotateCredentialsDocument),
    RETRY: useAct(RetryTenantDocument),
  };
  const { act, acting } = steps[name];
  return { taking: acting, take: (id: string) => act({ input: { id } }) };
}
