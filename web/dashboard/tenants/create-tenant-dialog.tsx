import { Checkbox, Select, Stack, TagsInput, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { toastDone } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { useFormRefusals } from "../api/use-form-refusals.ts";
import { CreateTenantDocument, type CreateTenantInput } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FormFooter } from "../parts/form-footer.tsx";
import { toLabel } from "./tenant-query.ts";

interface CreateTenantDialogProps {
  readonly servers: readonly { readonly id: string; readonly name: string }[];
  onClose(): void;
  /** @param jobId undefined when nothing slow is left to do */
  onBegun(jobId: string | undefined, title: string): void;
}

const empty = {
  slug: "",
  name: "",
  domains: [] as string[],
  labels: [] as string[],
  serverId: null as string | null,
  seed: false,
};
const fields = Object.keys(empty);

/** Asks for a new tenant. What is wrong with it, the service says, at the field that it means. */
export function CreateTenantDialog({ servers, onClose, onBegun }: CreateTenantDialogProps) {
  const form = useForm({ initialValues: empty });
  const { rest, refuse } = useFormRefusals(form, fields);
  const { act, acting } = useAct(CreateTenantDocument);
  const submit = form.onSubmit(async (values) => {
    const outcome = await act({ input: toInput(values) });
    if ("refused" in outcome) return refuse(outcome.refused);
    if (!("done" in outcome)) return;
    const { tenant, job } = outcome.done;
    if (!job) toastDone(`${tenant?.slug} is ${tenant?.status}.`);
    onBegun(job?.id, `Create ${values.slug}`);
  });
  return (
    <Dialog onClose={onClose} title="Create tenant">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <TextInput
            data-autofocus
            label="Slug"
            description="Lower-case letters, digits and single inner hyphens; 2..63 characters"
            {...form.getInputProps("slug")}
          />
          <TextInput label="Name" description="What people call it" {...form.getInputProps("name")} />
          <TagsInput label="Domains" description="The first is the primary one" {...form.getInputProps("domains")} />
          <TagsInput label="Labels" description="Each as key=value" {...form.getInputProps("labels")} />
          <Select
            label="Server"
            placeholder="The service chooses"
            clearable
            data={servers.map(({ id, name }) => ({ value: id, label: name }))}
            {...form.getInputProps("serverId")}
          />
          <Checkbox
            label="Run the tenant seed after the migrations"
            {...form.getInputProps("seed", { type: "checkbox" })}
          />
          <FormFooter refused={rest} submit="Create" acting={acting} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}

function toInput({ slug, name, domains, labels, serverId, seed }: typeof empty): CreateTenantInput {
  return {
    slug: slug.trim(),
    name: name.trim(),
    seed,
    ...(domains.length > 0 && { domains }),
    // A label without "=" is a key alone: whether it may be, the service says.
    ...(labels.length > 0 && { labels: labels.map((label) => toLabel(label) ?? { key: label, value: "" }) }),
    ...(serverId && { serverId }),
  };
}
