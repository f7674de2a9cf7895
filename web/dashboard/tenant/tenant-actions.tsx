import { Button, Group, Menu } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useState } from "react";
import type { TenantShownFragment } from "../gql/graphql.ts";
import { useMay } from "../session/use-session.ts";
import { type BulkAction, bulkActions } from "../tenants/bulk-actions.ts";
import { BulkDialog } from "../tenants/bulk-dialog.tsx";
import type { BegunJob } from "./begun-job.ts";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { type LifecycleStep, lifecycleSteps } from "./lifecycle-steps.ts";

interface TenantActionsProps {
  readonly tenant: TenantShownFragment;
  onBegun(job: BegunJob): void;
}

/** What can be done to a tenant in the state that it is in. Nothing where the key may not. */
export function TenantActions({ tenant, onBegun }: TenantActionsProps) {
  const may = useMay("OPERATOR");
  const [care, setCare] = useState<BulkAction>();
  const [step, setStep] = useState<LifecycleStep>();
  const [deleting, setDeleting] = useState(false);
  if (!may) return null;
  const steps = lifecycleSteps.filter(({ from }) => from.includes(tenant.status));
  return (
    <Group gap="xs">
      <ActionMenu label="Look after">
        {bulkActions.map((each) => (
          <Menu.Item key={each.name} onClick={() => setCare(each)}>
            {each.label}…
          </Menu.Item>
        ))}
      </ActionMenu>
      <ActionMenu label="Change">
        {steps.map((each) => (
          <Menu.Item key={each.name} onClick={() => setStep(each)}>
            {each.label}…
          </Menu.Item>
        ))}
        <Menu.Item color="red.8" disabled={tenant.status === "DELETING"} onClick={() => setDeleting(true)}>
          Delete…
        </Menu.Item>
      </ActionMenu>
      {care && (
        <BulkDialog
          action={care}
          meant={{ ids: [tenant.id] }}
          choices={undefined}
          onClose={() => setCare(undefined)}
          onDone={() => undefined}
        />
      )}
      {step && <ConfirmDialog tenant={tenant} step={step} onClose={() => setStep(undefined)} onBegun={onBegun} />}
      {deleting && <DeleteDialog tenant={tenant} onClose={() => setDeleting(false)} onBegun={onBegun} />}
    </Group>
  );
}

function ActionMenu({ label, children }: { readonly label: string; readonly children: React.ReactNode }) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={14} aria-hidden="true" />}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
