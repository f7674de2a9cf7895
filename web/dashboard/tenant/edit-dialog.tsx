import { Button, Group, Modal, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useLocation } from "wouter";
import { toFormErrors } from "../api/field-errors.ts";
import { type UserErrorShown, useAct } from "../api/use-act.ts";
import { type TenantShownFragment, UpdateTenantDocument } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";
import { toLabel } from "../tenants/tenant-query.ts";

interface EditDialogProps {
  readonly tenant: TenantShownFragment;
  onClose(): void;
}

/** Changes a tenant's name, slug or labels; refused when somebody else has changed it since it was shown. */
export function EditDialog({ tenant, onClose }: EditDialogProps) {
  const form = useForm({
    initialValues: {
      name: tenant.name,
      slug: tenant.slug,
      labels: tenant.labels.map(({ key, value }) => `${key}=${value}`),
    },
  });
  const [generation] = useState(tenant.generation);
  const [rest, setRest] = useState<readonly UserErrorShown[]>([]);
  const { act, acting } = useAct(UpdateTenantDocument);
  const [, navigate] = useLocation();
  const submit = form.onSubmit(async ({ name, slug, labels }) => {
    const given = labels.map((label) => toLabel(label) ?? { key: label, value: "" });
    const input = { id: tenant.id, name, slug, labels: given, expectedGeneration: generation };
    const outcome = await act({ input });
    if ("refused" in outcome) {
      const errors = toFormErrors(outcome.refused, ["name", "slug", "labels"]);
      form.setErrors(errors.fields);
      return setRest(errors.rest);
    }
    if (!("done" in outcome)) return;
    onClose();
    if (slug !== tenant.slug) navigate(`/tenants/${slug}`, { replace: true });
  });
  return (
    <Modal opened onClose={onClose} title={`Edit ${tenant.slug}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput data-autofocus label="Name" {...form.getInputProps("name")} />
          <TextInput label="Slug" {...form.getInputProps("slug")} />
          <TagsInput label="Labels" description="Each as key=value" {...form.getInputProps("labels")} />
          <Refusals refused={rest} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={acting}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
