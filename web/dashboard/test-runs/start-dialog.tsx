import { Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { toFormErrors } from "../api/field-errors.ts";
import { type Outcome, useAct } from "../api/use-act.ts";
import {
  RunConnectionTestDocument,
  RunIsolationTestDocument,
  RunPerformanceTestDocument,
  type StartedRunFragment,
  type TestKind,
} from "../gql/graphql.ts";
import { FormFooter } from "../parts/form-footer.tsx";
import { useRefused } from "../parts/use-refused.ts";
import { kindWords, testKinds } from "./run-words.ts";
import { ScopePreview } from "./scope-preview.tsx";
import { TestOptions, testOptionNames } from "./test-options.tsx";
import { connectionInput, firstWish, isolationInput, performanceInput, type TestWish } from "./test-wish.ts";
import { WhichTenants } from "./which-tenants.tsx";

interface StartDialogProps {
  readonly opened: boolean;
  onClose(): void;
}

/** Starts a test of any kind, with a look at what it will touch; then shows the run. */
export function StartDialog({ opened, onClose }: StartDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title="Start a test" size="lg">
      {opened && <StartForm onClose={onClose} />}
    </Modal>
  );
}

function StartForm({ onClose }: { onClose(): void }) {
  const [wish, setWish] = useState(firstWish);
  const { refused, show } = useRefused();
  const { acting, start } = useStart();
  const [, navigate] = useLocation();
  const change = (part: Partial<TestWish>) => setWish((before) => ({ ...before, ...part }));
  const { fields, rest } = toFormErrors(refused, [...testOptionNames, "filter"]);
  const submit = async () => {
    const done = show(await start(wish));
    if (done?.testRun) navigate(`/test-runs/${done.testRun.id}`);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Stack gap="sm">
        <SegmentedControl
          aria-label="Kind of test"
          data={testKinds.map((kind) => ({ value: kind, label: kindWords[kind][0] }))}
          value={wish.kind}
          onChange={(kind) => change({ kind: kind as TestKind })}
        />
        <Text size="sm" c="dimmed">
          {kindWords[wish.kind][1]}
        </Text>
        <WhichTenants wish={wish} change={change} error={fields.filter} />
        <TestOptions wish={wish} change={change} errors={fields} />
        <ScopePreview wish={wish} />
        <FormFooter
          refused={rest}
          submit={`Start ${kindWords[wish.kind][0].toLowerCase()}`}
          acting={acting}
          leave="Close"
          onClose={onClose}
        />
      </Stack>
    </form>
  );
}

interface Started extends Outcomes {
  readonly acting: boolean;
}

interface Outcomes {
  start(wish: TestWish): Promise<Outcome<{ started: StartedRunFragment }>>;
}

function useStart(): Started {
  const connection = useAct(RunConnectionTestDocument);
  const isolation = useAct(RunIsolationTestDocument);
  const performance = useAct(RunPerformanceTestDocument);
  const start = (wish: TestWish) => {
    if (wish.kind === "CONNECTION") return connection.act({ input: connectionInput(wish) });
    if (wish.kind === "ISOLATION") return isolation.act({ input: isolationInput(wish) });
    return performance.act({ input: performanceInput(wish) });
  };
  return { acting: connection.acting || isolation.acting || performance.acting, start };
}
