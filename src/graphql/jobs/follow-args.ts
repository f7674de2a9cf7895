import { BadArgument } from "../bad-argument.ts";

/** Arguments of a progress subscription. */
export interface FollowArgs {
  readonly id: string;
  readonly after?: number | null;
}

/** Sequence of the last event seen: absent or 0 means from the first. @throws BadArgument */
export function toSequence(after: number | null | undefined): number {
  if (after === null || after === undefined) return 0;
  if (after < 0) throw new BadArgument("after", `must not be negative, as ${after} is`);
  return after;
}
