import type { PageRequest } from "../kit/page.ts";
import { BadArgument } from "./bad-argument.ts";

const defaultSize = 25;
const maxSize = 100;

/** Arguments of a list, as a client sends them. */
export interface PageWish {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** The part of a list that the arguments mean. @throws BadArgument */
export function toPageRequest(args: PageWish): PageRequest {
  const backward = isGiven(args.last) || isGiven(args.before);
  if (backward && isGiven(args.first)) throw new BadArgument("first", "cannot be used together with last or before");
  if (backward && isGiven(args.after)) throw new BadArgument("after", "cannot be used together with last or before");
  if (backward) {
    return { direction: "BACKWARD", limit: sizeOf("last", args.last), cursor: args.before ?? undefined };
  }
  return { direction: "FORWARD", limit: sizeOf("first", args.first), cursor: args.after ?? undefined };
}

function sizeOf(name: "first" | "last", size: number | null | undefined): number {
  const wanted = size ?? defaultSize;
  if (wanted < 1 || wanted > maxSize) throw new BadArgument(name, `must be from 1 to ${maxSize}, not ${wanted}`);
  return wanted;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
