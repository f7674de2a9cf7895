import { Button, Group } from "@mantine/core";
import type { UserErrorShown } from "../api/use-act.ts";
import { Refusals } from "./refusals.tsx";

interface FormFooterProps {
  /** Refusals that belong to no field of the form. */
  readonly refused: readonly UserErrorShown[];
  /** What the button that sends the form says. */
  readonly submit: string;
  readonly acting: boolean;
  /** What the button that sends nothing says. */
  readonly leave?: string;
  onClose(): void;
}

/** The end of a dialog's form: what was refused, and the way out and on. */
export function FormFooter({ refused, submit, acting, leave = "Cancel", onClose }: FormFooterProps) {
  return (
    <>
      <Refusals refused={refused} />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {leave}
        </Button>
        <Button type="submit" loading={acting}>
          {submit}
        </Button>
      </Group>
    </>
  );
}
