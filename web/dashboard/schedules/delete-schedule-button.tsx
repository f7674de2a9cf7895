import { Button, Modal, Text } from "@mantine/core";
import { useState } from "react";
import { useAct } from "../api/use-act.ts";
import { DeleteScheduleDocument, type ScheduleRowFragment } from "../gql/graphql.ts";
import { Refusals } from "../parts/refusals.tsx";
import { useRefused } from "../parts/use-refused.ts";

interface DeleteScheduleButtonProps {
  readonly schedule: ScheduleRowFragment;
  onDeleted(): void;
}

/** Deletes a schedule after asking; what it has started stays. */
export function DeleteScheduleButton({ schedule: { id, name }, onDeleted }: DeleteScheduleButtonProps) {
  const [asking, setAsking] = useState(false);
  const { act, acting } = useAct(DeleteScheduleDocument);
  const { refused, show } = useRefused();
  const remove = async () => {
    if (!show(await act({ input: { id } }))) return;
    setAsking(false);
    onDeleted();
  };
  return (
    <>
      <Button
        variant="subtle"
        color="red"
        size="compact-xs"
        onClick={() => setAsking(true)}
        aria-label={`Delete ${name}`}
      >
        Delete
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={`Delete ${name}`}>
        <Refusals refused={refused} />
        <Text size="sm" mb="md">
          It starts nothing any more. What it has started goes on, and stays in the lists.
        </Text>
        <Button color="red" fullWidth loading={acting} onClick={() => void remove()}>
          Delete the schedule
        </Button>
      </Modal>
    </>
  );
}
