import { Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import { useLocation } from "wouter";
import { useAct } from "../api/use-act.ts";
import { useFormRefusals } from "../api/use-form-refusals.ts";
import { type TenantShownFragment, UpdateTenantDocument } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FormFooter } from "../parts/form-footer.tsx";
import { toLabel } from "../tenants/tenant-query.ts";

interface EditDialogProps {
  readonly tenant: TenantShownFragment;
  onClose(): void;
}

const fields = ["name", "slug", "labels"];

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
  const { rest, refuse } = useFormRefusals(form, fields);
  const { act, acting } = useAct(UpdateTenantDocument);
  const [, navigate] = useLocation();
  const submit = form.onSubmit(async ({ name, slug, labels }) => {
    const given = labels.map((label) => toLabel(label) ?? { key: label, value: "" });
    const input = { id: tenant.id, name, slug, labels: given, expectedGeneration: generation };
    const outcome = await act({ input });
    if ("refused" in outcome) return refuse(outcome.refused);
    if (!("done" in outcome)) return;
    onClose();
    if (slug !== tenant.slug) navigate(`/tenants/${slug}`, { replace: true });
  });
  return (
    <Dialog onClose={onClose} title={`Edit ${tenant.slug}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput data-autofocus label="Name" {...form.getInputProps("name")} />
          <TextInput label="Slug" {...form.getInputProps("slug")} />
          <TagsInput label="Labels" description="Each as key=value" {...form.getInputProps("labels")} />
          <FormFooter refused={rest} submit="Save" acting={acting} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
