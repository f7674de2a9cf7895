import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAct } from "../api/use-act.ts";
import { DeleteTenantDocument, type TenantShownFragment } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import type { BegunJob } from "./begun-job.ts";

interface DeleteDialogProps {
  readonly tenant: TenantShownFragment;
  onClose(): void;
  onBegun(job: BegunJob): void;
}

/** Deletes a tenant with all its data, for who writes its slug. */
export function DeleteDialog({ tenant, onClose, onBegun }: DeleteDialogProps) {
  const [typed, setTyped] = useState("");
  const { act, acting } = useAct(DeleteTenantDocument);
  const { refused, show } = useRefused();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = show(await act({ input: { id: tenant.id, confirmSlug: typed } }));
    if (!done) return;
    onClose();
    if (done.job) onBegun({ id: done.job.id, title: `Delete ${tenant.slug}` });
  };
  return (
    <Dialog onClose={onClose} title={`Delete ${tenant.slug}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            Drops the tenant's database <span className="mono">{tenant.databaseName}</span> and its account, with all
            data. Nothing brings it back. A tombstone stays, and the slug is free again.
          </Text>
          <TextInput
            data-autofocus
            label={`Write ${tenant.slug} to confirm`}
            autoComplete="off"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Refusals refused={refused} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" color="red.8" loading={acting} disabled={typed !== tenant.slug}>
              Delete for good
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
