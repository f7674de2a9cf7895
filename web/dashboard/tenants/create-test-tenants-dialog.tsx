import { Checkbox, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useAct } from "../api/use-act.ts";
import { useFormRefusals } from "../api/use-form-refusals.ts";
import { CreateTestTenantsDocument } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FormFooter } from "../parts/form-footer.tsx";
import { type GivenNumber, noNumber } from "../parts/given-number.ts";

interface CreateTestTenantsDialogProps {
  onClose(): void;
  onBegun(jobId: string | undefined, title: string): void;
}

const given: { count: GivenNumber; slugPrefix: string; seed: boolean } = { count: 10, slugPrefix: "test", seed: false };
const fields = Object.keys(given);

/** Asks for throw-away tenants. */
export function CreateTestTenantsDialog({ onClose, onBegun }: CreateTestTenantsDialogProps) {
  const form = useForm({ initialValues: given });
  const { rest, refuse } = useFormRefusals(form, fields);
  const { act, acting } = useAct(CreateTestTenantsDocument);
  const submit = form.onSubmit(async ({ count, slugPrefix, seed }) => {
    if (typeof count !== "number") return form.setFieldError("count", noNumber);
    const outcome = await act({ input: { count, slugPrefix: slugPrefix.trim() || null, seed } });
    if ("refused" in outcome) refuse(outcome.refused);
    else if ("done" in outcome) onBegun(outcome.done.job?.id, "Create test tenants");
  });
  return (
    <Dialog onClose={onClose} title="Create test tenants">
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">Throw-away tenants for trying things out. They carry the label test=true.</Text>
          <NumberInput data-autofocus label="How many" min={1} max={1000} {...form.getInputProps("count")} />
          <TextInput label="Slug prefix" {...form.getInputProps("slugPrefix")} />
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
