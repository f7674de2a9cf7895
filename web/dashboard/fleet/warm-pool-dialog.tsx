import { NumberInput, Stack, Text } from "@mantine/core";
import { useForm } from "@mantine/form";
import { toastDone } from "../api/toast.ts";
import { useAct } from "../api/use-act.ts";
import { useFormRefusals } from "../api/use-form-refusals.ts";
import { type FleetQuery, SetWarmPoolTargetDocument } from "../gql/graphql.ts";
import { Dialog } from "../parts/dialog.tsx";
import { FormFooter } from "../parts/form-footer.tsx";
import { type GivenNumber, noNumber } from "../parts/given-number.ts";

interface WarmPoolDialogProps {
  readonly server: Pick<FleetQuery["fleet"]["servers"][number], "id" | "name" | "warmPool">;
  onClose(): void;
}

/** Asks how many databases are to be ready before somebody wants them. */
export function WarmPoolDialog({ server, onClose }: WarmPoolDialogProps) {
  const form = useForm<{ target: GivenNumber }>({ initialValues: { target: server.warmPool.target } });
  const { rest, refuse } = useFormRefusals(form, ["target"]);
  const { act, acting } = useAct(SetWarmPoolTargetDocument);
  const submit = form.onSubmit(async ({ target }) => {
    if (typeof target !== "number") return form.setFieldError("target", noNumber);
    const outcome = await act({ input: { serverId: server.id, target } });
    if ("refused" in outcome) return refuse(outcome.refused);
    if (!("done" in outcome)) return;
    toastDone(`${server.name} keeps ${target} databases ready. A job makes or takes away what differs now.`);
    onClose();
  });
  return (
    <Dialog onClose={onClose} title={`Ready-made databases on ${server.name}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm">
            They wait, migrated, for a tenant: who creates one has it at once. Each takes its place on the disk.
          </Text>
          <NumberInput
            data-autofocus
            label="How many are to be kept"
            min={0}
            allowDecimal={false}
            {...form.getInputProps("target")}
          />
          <FormFooter refused={rest} submit="Keep so many" acting={acting} onClose={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
