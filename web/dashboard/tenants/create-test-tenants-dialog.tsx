import { Button, Checkbox, Group, Modal, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { toFormErrors } from "../api/field-errors.ts";
import { type UserErrorShown, useAct } from "../api/use-act.ts";
import { CreateTestTenantsDocument } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";

interface CreateTestTenantsDialogProps {
  onClose(): void;
  onBegun(jobId: string | undefined, title: string): void;
}

const given = { count: 10, slugPrefix: "test", seed: false };

/** Asks for throw-away tenants. */
export function CreateTestTenantsDialog({ onClose, onBegun }: CreateTestTenantsDialogProps) {
  const form = useForm({ initialValues: given });
  const [rest, setRest] = useState<readonly UserErrorShown[]>([]);
  const { act, acting } = useAct(CreateTestTenantsDocument);
  const submit = form.onSubmit(async ({ count, slugPrefix, seed }) => {
    const outcome = await act({ input: { count: Number(count), slugPrefix: slugPrefix.trim() || null, seed } });
    if ("refused" in outcome) {
      const errors = toFormErrors(outcome.refused, Object.keys(given));
      form.setErrors(errors.fields);
      setRest(errors.rest);
    } else if ("done" in outcome) onBegun(outcome.done.job?.id, "Create test tenants");
  });
  return (
    <Modal opened onClose={onClose} title="Create test tenants">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">Throw-away tenants for trying things out. They carry the label test=true.</Text>
          <NumberInput data-autofocus label="How many" min={1} max={1000} {...form.getInputProps("count")} />
          <TextInput label="Slug prefix" {...form.getInputProps("slugPrefix")} />
          <Checkbox
            label="Run the tenant seed after the migrations"
            {...form.getInputProps("seed", { type: "checkbox" })}
          />
          <Refusals refused={rest} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={acting}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
