import { useCallback, useState } from "react";
import type { Outcome, UserErrorShown } from "../api/use-act.ts";

const none: readonly UserErrorShown[] = [];

/** Keeps what a mutation was refused with until the next try. */
export function useRefused() {
  const [refused, setRefused] = useState<readonly UserErrorShown[]>(none);
  /** @returns what was done; undefined when it was not */
  const show = useCallback(<Data>(outcome: Outcome<Data>) => {
    setRefused("refused" in outcome ? outcome.refused : none);
    return "done" in outcome ? outcome.done : undefined;
  }, []);
  return { refused, show, clear: () => setRefused(none) };
}
