import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { toFormErrors } from "../api/field-errors.ts";
import { useAct } from "../api/use-act.ts";
import { type ScheduleKind, type ScheduleRowFragment, UpsertScheduleDocument } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { TestOptions, testOptionNames } from "../test-runs/test-options.tsx";
import { firstWish, type TestWish } from "../test-runs/test-wish.ts";
import { WhichTenants } from "../test-runs/which-tenants.tsx";
import { runOf, scheduleKinds, wishedRun } from "./schedule-run.ts";

interface ScheduleDialogProps {
  /** A schedule that is changed, or a new one; undefined: closed. */
  readonly shown: "NEW" | ScheduleRowFragment | undefined;
  onClose(): void;
  onSaved(): void;
}

/** Adds a schedule, or changes when it runs. */
export function ScheduleDialog({ shown, onClose, onSaved }: ScheduleDialogProps) {
  const known = shown === "NEW" ? undefined : shown;
  return (
    <Modal
      opened={shown !== undefined}
      onClose={onClose}
      title={known ? `Edit ${known.name}` : "Add a schedule"}
      size="lg"
    >
      {shown && <ScheduleForm known={known} onSaved={onSaved} />}
    </Modal>
  );
}

interface Draft {
  readonly name: string;
  readonly kind: ScheduleKind;
  readonly cron: string;
  readonly timeZone: string;
  readonly wish: TestWish;
}

const fieldNames = ["name", "cron", "timeZone", ...scheduleRunFields()];

function scheduleRunFields(): string[] {
  const inputs = ["connectionTest", "isolationTest", "performanceTest"];
  return inputs.flatMap((input) => testOptionNames.map((option) => `run.${input}.${option}`));
}

interface ScheduleFormProps {
  readonly known: ScheduleRowFragment | undefined;
  onSaved(): void;
}

function ScheduleForm({ known, onSaved }: ScheduleFormProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(known));
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const { act, acting } = useAct(UpsertScheduleDocument);
  const { refused, show } = useRefused();
  const { fields, rest } = toFormErrors(refused, fieldNames);
  const save = async () => {
    const { name, cron, timeZone, kind, wish } = draft;
    const run = known ? runOf(known) : wishedRun(kind, wish);
    const input = { name, cron, timeZone, run, ...(known && { id: known.id, enabled: known.enabled }) };
    if (show(await act({ input }))) onSaved();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Name"
          value={draft.name}
          error={fields.name}
          onChange={(event) => change({ name: event.currentTarget.value })}
          data-autofocus
        />
        <When draft={draft} change={change} errors={fields} />
        {known ? <Fixed known={known} /> : <What draft={draft} change={change} errors={fields} />}
        <Refusals refused={rest} />
        <Button type="submit" loading={acting}>
          Save
        </Button>
      </Stack>
    </form>
  );
}

function draftOf(known: ScheduleRowFragment | undefined): Draft {
  const { name = "", kind = "CONNECTION", cron = "0 3 * * *", timeZone = "UTC" } = known ?? {};
  return { name, kind, cron, timeZone, wish: firstWish };
}

interface PartProps {
  readonly draft: Draft;
  change(part: Partial<Draft>): void;
  readonly errors: Readonly<Record<string, string>>;
}

function When({ draft, change, errors }: PartProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        label="When"
        description="Minute, hour, day of month, month, day of week"
        classNames={{ input: "mono" }}
        value={draft.cron}
        error={errors.cron}
        onChange={(event) => change({ cron: event.currentTarget.value })}
      />
      <TextInput
        label="Time zone"
        description="IANA name, e.g. Europe/Berlin"
        value={draft.timeZone}
        error={errors.timeZone}
        onChange={(event) => change({ timeZone: event.currentTarget.value })}
      />
    </Group>
  );
}

function What({ draft, change, errors }: PartProps) {
  const { kind, wish } = draft;
  const changeWish = (part: Partial<TestWish>) => change({ wish: { ...wish, ...part } });
  const shown = kind === "VALIDATION" ? undefined : { ...wish, kind };
  return (
    <>
      <Select
        label="What it runs"
        data={scheduleKinds}
        value={kind}
        allowDeselect={false}
        onChange={(chosen) => change({ kind: scheduleKinds.find((each) => each === chosen) ?? "CONNECTION" })}
      />
      <WhichTenants wish={shown ?? wish} change={changeWish} error={undefined} />
      {shown && <TestOptions wish={shown} change={changeWish} errors={lastParts(errors)} />}
    </>
  );
}

/** Errors by the name of the option alone, as the options know themselves. */
function lastParts(errors: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(errors).map(([path, message]) => [path.split(".").at(-1) ?? path, message]));
}

function Fixed({ known: { kind, options } }: { readonly known: ScheduleRowFragment }) {
  return (
    <Text size="sm" c="dimmed">
      It runs {kind} with <code>{options}</code>. For another run, add another schedule.
    </Text>
  );
}
